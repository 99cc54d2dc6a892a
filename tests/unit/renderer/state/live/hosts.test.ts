import { describe, expect, it } from 'vitest';
import type { TareEvent } from '../../../../../main/contract/events';
import type { HostStage } from '../../../../../main/contract/fleet/host';
import type { WorkRecord } from '../../../../../main/contract/work/work';
import { takeEvents } from '../../../../../renderer/state/live/events';
import {
  allLeftMs,
  hasEnded,
  hostLeftMs,
  resumedHosts,
  shareDone,
  takeFleet,
} from '../../../../../renderer/state/live/hosts';
import { emptyRun, type LiveRun } from '../../../../../renderer/state/live/run';
import { fakeRecord } from '../../../../support/fakes/fakeAnswers';

const run = '20261123-160000-cccc';
const { plan, trials } = fakeRecord();
const hosts = [
  { name: 'local', way: 'local' as const },
  { name: 'bench1', way: 'ssh' as const },
];
const begun: TareEvent = { kind: 'hosts-started', run, plan, hosts };
const stage = (host: string, stage: HostStage): TareEvent => ({ kind: 'host', run, host, stage });
const started = (host: string): TareEvent => ({ kind: 'run-started', run, host, plan, trials: 6 });
const ended = (host: string, done: number): TareEvent => ({
  kind: 'trial-ended',
  run,
  host,
  trial: trials[0]!,
  warmup: false,
  done,
  of: 6,
});
const after = (events: TareEvent[], nowMs = 0, before?: LiveRun) => takeEvents(before, events, nowMs)!;
const host = (live: LiveRun, name: string) => live.hosts!.find((one) => one.name === name)!;

describe('a run on several hosts, built from its events', () => {
  it('has the lanes of each as soon as it begins, whatever the hosts are at', () => {
    const live = after([begun]);
    expect(live).toMatchObject({ id: run, state: 'running', lanes: [] });
    expect(live.hosts!.map(({ name, way, stage }) => [name, way, stage])).toEqual([
      ['local', 'local', undefined],
      ['bench1', 'ssh', undefined],
    ]);
    for (const one of live.hosts!) expect(one.run.lanes).toHaveLength(plan.targets.length);
  });

  it('takes what is told of a host for that host alone, and leaves the others as they are', () => {
    const live = after([begun]);
    const next = after([started('bench1'), ended('bench1', 1)], 0, live);
    expect(host(next, 'bench1')).toMatchObject({
      trials: { done: 1, of: 6 },
      run: { done: 1, of: 6, plan: { name: plan.name } },
    });
    expect(host(next, 'bench1').run.lanes[0]!.readyMs).toHaveLength(1);
    expect(host(next, 'local')).toBe(host(live, 'local'));
    expect(live.hosts![1]!.run.done).toBe(0);
  });

  it('goes on when a host has failed, which keeps its reason, and when the run on a host is over', () => {
    const failure = { code: 'memory-short', neededBytes: 2, availableBytes: 1, floorBytes: 0 } as const;
    const live = after([
      begun,
      { kind: 'host', run, host: 'bench1', stage: 'failed', failure },
      started('local'),
      { kind: 'run-ended', run, host: 'local', state: 'done' },
    ]);
    expect(live.state).toBe('running');
    expect(live).not.toHaveProperty('failure');
    expect(host(live, 'bench1')).toMatchObject({ stage: 'failed', failure, run: { state: 'failed' } });
    expect(live.hosts!.map(hasEnded)).toEqual([false, true]);
    expect(after([stage('local', 'ok')], 0, live).hosts!.map(hasEnded)).toEqual([true, true]);
    expect(after([{ kind: 'run-ended', run, state: 'done' }], 0, live).state).toBe('done');
  });

  it('passes over a host that it does not know', () => {
    const live = after([begun]);
    expect(after([stage('stranger', 'ok')], 0, live).hosts).toEqual(live.hosts);
  });

  it('is as far as its hosts are, of whom one that has ended is through', () => {
    const live = after([begun]);
    expect(shareDone(live.hosts!)).toBe(0);
    const half = after([started('local'), ended('local', 3)], 0, live);
    expect(shareDone(half.hosts!)).toBe(0.25);
    expect(shareDone(after([stage('bench1', 'failed')], 0, half).hosts!)).toBe(0.75);
  });

  it('lasts as long as the host that takes longest, and for as long as that is not known of one, nobody knows', () => {
    const trial = (name: string, index: number, startMs: number): TareEvent => ({
      kind: 'trial-started',
      run,
      host: name,
      trial: `web/${plan.targets[0]}/${index}`,
      workload: 'web',
      target: plan.targets[0]!,
      index,
      warmup: false,
      startMs,
    });
    const one = { ...begun, plan: { ...plan, targets: [plan.targets[0]!], warmups: 0, trials: 3 } };
    const live = after(
      [one, started('local'), trial('local', 0, 0)].map((event) => withPlan(event, one.plan)),
    );
    expect(hostLeftMs(host(live, 'local'), 0)).toBeUndefined();
    const next = after([trial('local', 1, 4000)], 4000, live);
    expect(hostLeftMs(host(next, 'local'), 4000)).toBe(8000);
    expect(hostLeftMs(host(next, 'bench1'), 4000)).toBeUndefined();
    expect(allLeftMs(next.hosts!, 4000)).toBeUndefined();
    const alone = after([stage('bench1', 'failed')], 4000, next);
    expect(allLeftMs(alone.hosts!, 4000)).toBe(8000);
    expect(allLeftMs(after([stage('local', 'stopped')], 4000, alone).hosts!, 4000)).toBe(0);
  });
});

const withPlan = (event: TareEvent, plan: LiveRun['plan'] & object): TareEvent =>
  event.kind === 'run-started' ? { ...event, plan } : event;

describe('a run on several hosts that began before the page was there', () => {
  const record: WorkRecord<'run'> = {
    id: 1_000_000,
    kind: 'run',
    run,
    input: { plan },
    steps: [],
    hosts: [
      { ...hosts[0]!, stage: 'measuring', version: '0.2.0', trials: { done: 2, of: 6 } },
      { ...hosts[1]!, stage: 'failed', failure: { code: 'stopped' } },
    ],
  };
  const clock = { nowMs: 5000, dateMs: 1_060_000 };

  it('stands as the engine knows it, and goes on from there', () => {
    const live = resumedHosts(record, clock);
    expect(live).toMatchObject({ id: run, state: 'running', beganAtMs: -55_000 });
    expect(host(live, 'local')).toMatchObject({
      version: '0.2.0',
      run: { done: 2, of: 6, state: 'running' },
    });
    expect(host(live, 'bench1').run.state).toBe('failed');
    const next = after([ended('local', 3)], 6000, live);
    expect(host(next, 'local').run.done).toBe(3);
  });

  it.each([
    [{ ok: true, value: 'done' }, 'done'],
    [{ ok: false, failure: { code: 'stopped' } }, 'stopped'],
    [{ ok: false, failure: { code: 'run-unknown', id: run } }, 'failed'],
  ] as const)('has ended as its answer says: %j', (answer, state) => {
    expect(resumedHosts({ ...record, answer }, clock).state).toBe(state);
  });
});

describe('a run on several hosts that another Tare makes', () => {
  const fleet = {
    ...{ schemaVersion: 2 as const, id: run, startedAt: '2026-11-23T16:00:00Z', plan },
    hosts: [
      { name: 'local', way: 'local' as const, outcome: 'ok' as const },
      {
        name: 'bench1',
        way: 'ssh' as const,
        outcome: 'failed' as const,
        failure: { code: 'stopped' as const },
      },
    ],
  };
  const endedAt = '2026-11-23T16:20:00Z';

  it.each([
    ['under way', fleet, true, 'running'],
    ['broken off', fleet, false, 'interrupted'],
    ['over', { ...fleet, endedAt }, false, 'done'],
    ['stopped', { ...fleet, endedAt, failure: { code: 'stopped' as const } }, false, 'stopped'],
    ['over without a run of any', { ...fleet, endedAt, hosts: fleet.hosts.slice(1) }, false, 'failed'],
  ])('is %s as its record says', (_, record, isUnderWay, state) => {
    const live = takeFleet(emptyRun(run, 0), record, isUnderWay, 1000);
    expect(live).toMatchObject({ state, ...('failure' in record && { failure: record.failure }) });
    expect(host(live, 'bench1')).toMatchObject({ stage: 'failed', run: { state: 'failed' } });
  });
});
