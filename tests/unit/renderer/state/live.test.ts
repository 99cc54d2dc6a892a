import { describe, expect, it } from 'vitest';
import type { TareEvent } from '../../../../main/contract/events';
import { Plan } from '../../../../main/contract/plan';
import { trialsOf } from '../../../../main/contract/planning';
import type { Sample } from '../../../../main/contract/run/run';
import { presets } from '../../../../main/engine/workloads/presets';
import {
  clockEndMs,
  pleasantEndMs,
  resumedRun,
  laneStateOf,
  stretches,
  takeEvents,
  type LiveRun,
} from '../../../../renderer/state/live';
import { memoryChart } from '../../../../renderer/pages/live/memoryChart';
import { fakeRecord, okTrial } from '../../../support/fakes/fakeAnswers';

const run = '20261123-160000-cccc';
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
    const { lanes, of } = resumedRun({ ...fakeRecord(), plan: claims, trials: [], warmups: [] }, []);
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

  it('draws what was read, and interrupts the line between two instances', () => {
    const at = (atMs: number, residentBytes?: number): Sample => ({
      kind: 'instance',
      trial: 'web/container/0',
      atMs,
      ...(residentBytes !== undefined && { residentBytes }),
    });
    const live = after([
      begun,
      started('container'),
      samples(at(1, 100), at(2), at(3, 120)),
      started('container', 1),
      samples(at(9, 90)),
    ]);
    const { points } = lane(live, 'container').memory;
    expect(points.map(({ y }) => y)).toEqual([100, 120, NaN, 90]);
    expect(lane(live, 'container').bytes).toBe(90);
  });

  it('keeps the host’s books against the first reading', () => {
    const host = (atMs: number, availableBytes?: number): Sample => ({
      kind: 'host',
      atMs,
      lateMs: 0,
      costMs: 0,
      ...(availableBytes !== undefined && { availableBytes }),
    });
    const live = after([begun, samples(host(0, 1000), host(1), host(2, 700))]);
    expect(live.host.change.points).toEqual([
      { xMs: 0, y: 0 },
      { xMs: 2, y: 300 },
    ]);
  });

  it('ignores other runs while one is under way, and takes up the next when it is over', () => {
    const other = { ...begun, run: 'other' } as TareEvent;
    let live = after([begun, other]);
    expect(live.id).toBe(run);
    live = after([{ kind: 'run-ended', run, state: 'done' }], 0, live);
    expect(live.state).toBe('done');
    expect(after([other], 0, live).id).toBe('other');
  });

  it('leaves what was shown before as it was: lanes are new objects', () => {
    const before = after([begun]);
    const next = after([started('container')], 0, before);
    expect(next.lanes[0]).not.toBe(before.lanes[0]);
    expect(before.lanes[0]!.trial).toBeUndefined();
  });

  it('takes up a run that began before the page was opened', () => {
    const live = resumedRun(
      { ...fakeRecord(), state: 'running', trials: [okTrial('web', 'container', 0, 10)] },
      [],
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

  it('grows from the last phase until ready', () => {
    const phases = [
      { name: 'start', atMs: 0 },
      { name: 'kernel', atMs: 400 },
    ];
    expect(stretches({ ...trial, phases }, 1900)).toEqual([
      { phase: 'kernel', fromMs: 0, toMs: 400, growing: false },
      { phase: 'ready', fromMs: 400, toMs: 900, growing: true },
    ]);
  });

  it('ends at ready: what follows is no start-up', () => {
    const phases = ['start', 'ready', 'measured', 'stopping', 'stopped'].map((name, index) => ({
      name,
      atMs: index * 100,
    }));
    expect(stretches({ ...trial, phases }, 99_999)).toEqual([
      { phase: 'ready', fromMs: 0, toMs: 100, growing: false },
    ]);
  });

  it('does not grow after a failure', () => {
    const phases = [{ name: 'start', atMs: 0 }];
    expect(stretches({ ...trial, phases, outcome: 'timeout' }, 99_999)).toEqual([]);
  });

  it('has one clock for all lanes, long enough for each', () => {
    const live = after([begun, started('vm:direct'), phase('vm:direct', 'start', 0)]);
    expect(clockEndMs(live, 100)).toBeGreaterThanOrEqual(250);
    expect(clockEndMs(live, 2700)).toBe(3000);
    for (const ms of [1, 7, 99, 100, 960, 4999, 7700, 123_456]) {
      expect(pleasantEndMs(ms)).toBeGreaterThanOrEqual(ms);
      expect(pleasantEndMs(ms)).toBeLessThanOrEqual(ms * 2.1);
    }
  });
});

it('draws each limit as a flat line when reservations are asked for', () => {
  const instance: Sample = { kind: 'instance', trial: 'web/container/0', atMs: 500, residentBytes: 7 };
  const live = after([begun, started('container'), samples(instance)]);
  const lines = (withReserved: boolean) => {
    const chart = memoryChart(live, withReserved, (target) => target);
    return chart.kind === 'lines' ? chart.lines : [];
  };
  expect(lines(false).map(({ label }) => label)).toEqual(['web · container']);
  const [, reserved] = lines(true);
  expect(reserved!.points).toEqual([
    { xMs: 0, y: 512 * 1024 ** 2 },
    { xMs: 500, y: 512 * 1024 ** 2 },
  ]);
});
