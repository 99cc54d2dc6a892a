import { describe, expect, it } from 'vitest';
import type { TareEvent } from '../../../../../main/contract/events';
import { Plan } from '../../../../../main/contract/plan';
import { trialsOf } from '../../../../../main/contract/planning';
import type { Sample } from '../../../../../main/contract/run/run';
import { presets } from '../../../../../main/engine/measure/workloads/presets';
import {
  isGrowing,
  resumedRun,
  laneStateOf,
  growingStretch,
  reachedStretches,
  takeRecord,
  type LiveRun,
  type LiveTrial,
} from '../../../../../renderer/state/live/run';
import { takeEvents } from '../../../../../renderer/state/live/events';
import { fakeRecord, okTrial } from '../../../../support/fakes/fakeAnswers';

const run = '20261123-160000-cccc';
const clock = { nowMs: 0, dateMs: 0 };
const { plan } = fakeRecord();
const begun: TareEvent = { kind: 'run-started', run, plan, trials: 8 };
const started = (target: string, index = 0): TareEvent => ({
  kind: 'trial-started',
  run,
  trial: `web/${target}/${index}`,
  workload: 'web',
  target,
  index,
  warmup: index < 0,
  startMs: 0,
});
const phase = (target: string, name: string, atMs: number, index = 0): TareEvent => ({
  kind: 'phase',
  run,
  trial: `web/${target}/${index}`,
  phase: { name, atMs },
});
const samples = (...list: Sample[]): TareEvent => ({ kind: 'samples', run, samples: list });
const after = (events: TareEvent[], nowMs = 0, before?: LiveRun) => takeEvents(before, events, nowMs)!;
const lane = (live: LiveRun, target: string) => live.lanes.find((one) => one.target === target)!;

describe('a run, built from its events', () => {
  it('has a lane for every workload on every target as soon as the plan is known', () => {
    const live = after([begun]);
    expect(live.lanes.map(({ key }) => key)).toEqual(['web/container', 'web/vm:direct']);
    expect(live.of).toBe(8);
    expect(laneStateOf(lane(live, 'container').trial)).toBe('waiting');
  });

  it('has none for a workload on a target that it is not for, and counts its trials alike when taken up later', () => {
    const claims = Plan.parse(presets.find(({ name }) => name === 'claims'));
    const live = after([{ kind: 'run-started', run, plan: claims, trials: trialsOf(claims) }]);
    expect(live.lanes).toHaveLength(7);
    const { lanes, of } = resumedRun({ ...fakeRecord(), plan: claims, trials: [], warmups: [] }, [], clock);
    expect([lanes.length, of]).toEqual([7, trialsOf(claims)]);
  });

  it('follows a trial from its start until it has ended', () => {
    const standings: string[] = [];
    let live = after([begun]);
    const trial = { ...okTrial('web', 'container', 0, 312), phases: [] };
    for (const event of [
      started('container'),
      phase('container', 'start', 0),
      phase('container', 'ready', 312),
      phase('container', 'stopping', 1400),
      { kind: 'trial-ended', run, trial, warmup: false, done: 1, of: 8 } satisfies TareEvent,
    ]) {
      live = after([event], 0, live);
      standings.push(laneStateOf(lane(live, 'container').trial));
    }
    expect(standings).toEqual(['starting', 'starting', 'ready', 'stopping', 'ended']);
    expect(lane(live, 'container').readyMs).toEqual([312]);
    expect(live.done).toBe(1);
  });

  it('counts no warm-up, and keeps a failure', () => {
    const failure = { code: 'not-ready', waitedMs: 1, lastPhase: 'start', lastAnswer: '' } as const;
    const live = after([
      begun,
      { kind: 'trial-ended', run, trial: okTrial('web', 'container', -1, 300), warmup: true, done: 1, of: 8 },
      {
        kind: 'trial-ended',
        run,
        trial: { ...okTrial('web', 'vm:direct', 0, 1), outcome: 'timeout', failure },
        warmup: false,
        done: 2,
        of: 8,
      },
    ]);
    expect(lane(live, 'container').readyMs).toEqual([]);
    expect(lane(live, 'vm:direct').failures).toEqual([failure]);
  });

  it('shows one report of a step that moves', () => {
    const step = (state: 'started' | 'moving' | 'done', share?: number): TareEvent => ({
      kind: 'progress',
      run,
      progress: {
        step: 'pull-image',
        subject: 'nginx',
        state,
        elapsedMs: 1,
        ...(share !== undefined && { share }),
      },
    });
    const live = after([step('started'), step('moving', 0.4), step('done')]);
    expect(live.steps).toMatchObject([{ state: 'done' }]);
  });

  it('shows the newest reading until the trial’s own figure is there', () => {
    const reading: Sample = { kind: 'instance', trial: 'web/container/0', atMs: 1, residentBytes: 100 };
    const live = after([begun, started('container'), samples(reading)]);
    expect(lane(live, 'container').bytes).toBe(100);
    const trial = {
      ...okTrial('web', 'container', 0, 312),
      memory: { parts: [], missing: [], hostBytes: 90 },
    };
    const ended: TareEvent = { kind: 'trial-ended', run, trial, warmup: false, done: 1, of: 8 };
    expect(lane(after([ended], 0, live), 'container')).toMatchObject({ bytes: 90, ownBytes: [90] });
  });

  it('ignores other runs while one is under way, and takes up the next when it is over', () => {
    const other = { ...begun, run: 'other' } as TareEvent;
    let live = after([begun, other]);
    expect(live.id).toBe(run);
    live = after([{ kind: 'run-ended', run, state: 'done' }], 0, live);
    expect(live.state).toBe('done');
    expect(after([other], 0, live).id).toBe('other');
  });

  it('leaves what was shown before as it was: a lane that something was told of is a new object, and no other', () => {
    const before = after([begun]);
    const next = after([started('container')], 0, before);
    expect(next.lanes[0]).not.toBe(before.lanes[0]);
    expect(next.lanes[1]).toBe(before.lanes[1]);
    expect(before.lanes[0]!.trial).toBeUndefined();
  });

  it('takes up a run that began before the page was opened', () => {
    const live = resumedRun(
      { ...fakeRecord(), state: 'running', trials: [okTrial('web', 'container', 0, 10)] },
      [],
      clock,
    );
    expect(live).toMatchObject({ state: 'running', done: 1, of: 8 });
    expect(lane(live, 'container').readyMs).toEqual([10]);
    const next = takeEvents(
      live,
      [{ ...(phase('container', 'ready', 50, 1) as object), run: live.id } as TareEvent],
      1000,
    )!;
    expect(laneStateOf(lane(next, 'container').trial)).toBe('ready');
  });
});

describe('the waterfall', () => {
  const trial = { id: 'x', index: 0, warmup: false, seenAtMs: 1000 };
  const growing = (of: LiveTrial, nowMs: number) =>
    growingStretch({ ...after([begun]).lanes[0]!, trial: of }, nowMs);

  it('grows from the last phase until ready', () => {
    const phases = [
      { name: 'start', atMs: 0 },
      { name: 'kernel', atMs: 400 },
    ];
    expect(reachedStretches({ ...trial, phases })).toEqual([
      { phase: 'kernel', fromMs: 0, toMs: 400, growing: false },
    ]);
    expect(growing({ ...trial, phases }, 1900)).toEqual({
      ...{ phase: 'ready', fromMs: 400, toMs: 900, growing: true },
    });
  });

  it('ends at ready: what follows is no start-up', () => {
    const phases = ['start', 'ready', 'measured', 'stopping', 'stopped'].map((name, index) => ({
      name,
      atMs: index * 100,
    }));
    expect(reachedStretches({ ...trial, phases })).toEqual([
      { phase: 'ready', fromMs: 0, toMs: 100, growing: false },
    ]);
    expect(growing({ ...trial, phases }, 99_999)).toBeUndefined();
  });

  it('does not grow after a failure', () => {
    const phases = [{ name: 'start', atMs: 0 }];
    expect(growing({ ...trial, phases, outcome: 'timeout' }, 99_999)).toBeUndefined();
  });

  it('grows with the clock only while a start is under way whose phases are told', () => {
    const live = after([begun, started('vm:direct')]);
    expect(live.lanes.map(isGrowing)).toEqual([false, true]);
    const trial = lane(live, 'vm:direct').trial!;
    expect(isGrowing({ ...lane(live, 'vm:direct'), trial: { ...trial, unseen: true } })).toBe(false);
  });
});

describe('a run that another Tare makes', () => {
  const by = { pid: 8158, door: 'terminal', startedAt: fakeRecord().startedAt } as const;
  const reading = (trial: string, atMs: number): Sample => ({
    kind: 'instance',
    trial,
    atMs,
    residentBytes: 7,
  });
  const host = (atMs: number): Sample => ({ kind: 'host', atMs, lateMs: 0, costMs: 0, availableBytes: 1000 });
  const record = { ...fakeRecord(undefined, run), state: 'running' as const };
  const first = okTrial('web', 'container', 0, 10);
  const before = (): LiveRun => ({ ...resumedRun({ ...record, trials: [], warmups: [] }, [], clock), by });

  it('shows what its record holds, and the trial that is being measured by its samples', () => {
    const samples = [host(10), reading('web/vm:direct/0', 10), host(20)];
    const live = takeRecord(before(), { run: { ...record, trials: [first], warmups: [] }, samples }, 5000);
    expect(live).toMatchObject({ by, done: 1, of: 8 });
    expect(lane(live, 'container').readyMs).toEqual([10]);
    expect(laneStateOf(lane(live, 'container').trial)).toBe('ended');
    expect(lane(live, 'vm:direct').trial).toMatchObject({ id: 'web/vm:direct/0', unseen: true });
    expect(growingStretch(lane(live, 'vm:direct'), 99_999)).toBeUndefined();
    expect(live.memory.readings.map(({ bytes }) => bytes.vm)).toEqual([7]);
    expect(live.originMs).toBe(5000 - 20);
  });

  it('keeps what it knows while the record is as it was', () => {
    const live = takeRecord(before(), { run: { ...record, trials: [first], warmups: [] }, samples: [] }, 0);
    const next = takeRecord(live, { samples: [host(1), reading('web/container/1', 1)] }, 2000);
    expect(next.done).toBe(1);
    expect(lane(next, 'container').trial).toMatchObject({ index: 1, unseen: true });
    expect(lane(live, 'container').trial).toMatchObject({ index: 0, outcome: 'ok' });
  });
});
