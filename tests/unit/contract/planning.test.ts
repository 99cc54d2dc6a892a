import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { LocalImage } from '../../../main/contract/work/images';
import { Plan } from '../../../main/contract/plan';
import type { Run } from '../../../main/contract/run/run';
import { presets } from '../../../main/engine/measure/workloads/presets';
import {
  diskShort,
  expectedTime,
  experienceFrom,
  ladderCounts,
  leastMs,
  memoryShort,
  neededBytes,
  neededDisk,
  noExperience,
  timeKey,
  timesOf,
  toPrepare,
} from '../../../main/contract/planning';
import { fakeRun } from '../../support/fakes/fakeRun';

const MiB = 1024 ** 2;
const plan = (name: string, change: Partial<Plan> = {}): Plan => ({
  ...Plan.parse(presets.find((preset) => preset.name === name)),
  ...change,
});
const image = (reference: string, bytes: number, disks: LocalImage['disks'] = []): LocalImage => ({
  digest: `sha256:${reference}`,
  references: [reference],
  bytes,
  layers: [],
  history: [],
  disks,
  containers: 0,
});

describe('how long a plan will take', () => {
  const run = fakeRun({ preset: 'quick' });

  const times = (of: Run) => timesOf(of)!;
  const learnt = (...runs: Run[]) => experienceFrom(runs.map(times));

  it('is what the newest run of a plan that does the same took, whatever either is called', () => {
    const older = { ...run, endedAt: '2025-11-23T23:59:00.000Z' };
    const experience = learnt(run, older);
    const called = { ...run.plan, name: 'my own', seed: 7, readyTimeoutMs: 1000 };
    expect(expectedTime(called, experience)).toMatchObject({ ms: 72_000, from: 'same-plan' });
  });

  it('is not changed by a run of the same name that did something else', () => {
    const other = fakeRun({ preset: 'quick', plan: { targets: ['container'] } });
    other.endedAt = new Date(Date.parse(other.startedAt) + 8000).toISOString();
    expect(other.plan.name).toBe(run.plan.name);
    expect(expectedTime(run.plan, learnt(other, run))).toEqual(expectedTime(run.plan, learnt(run)));
    expect(expectedTime(run.plan, learnt(other)).ms).toBeUndefined();
  });

  it('is added up from starts where no run did the same', () => {
    const experience = learnt(run);
    const more = { ...run.plan, trials: run.plan.trials + 1 };
    const starts = expectedTime(more, experience);
    expect(starts.from).toBe('starts');
    const took = run.trials.reduce((sum, { phases }) => sum + phases.at(-1)!.atMs + run.plan.coolDownMs, 0);
    const roundMs = took / run.plan.trials;
    const besidesMs = experience.besidesMs!;
    expect((starts.ms! - besidesMs) / (roundMs * (more.trials + 1))).toBeGreaterThan(0.8);
    expect((starts.ms! - besidesMs) / (roundMs * (more.trials + 1))).toBeLessThan(1.1);
  });

  it('grows with the rounds, and is never below what the plan prescribes', () => {
    const experience = learnt(run);
    const counts = fc.record({
      trials: fc.integer({ min: 1, max: 200 }),
      soakMs: fc.integer({ min: 0, max: 100_000 }),
      coolDownMs: fc.integer({ min: 0, max: 10_000 }),
      warmups: fc.integer({ min: 0, max: 10 }),
    });
    fc.assert(
      fc.property(counts, (change) => {
        const one = { ...run.plan, ...change };
        const { ms, leastMs: least } = expectedTime(one, { ...experience, lastMs: {} });
        expect(ms).toBeGreaterThan(least);
        const next = expectedTime({ ...one, trials: one.trials + 1 }, { ...experience, lastMs: {} });
        expect(next.ms).toBeGreaterThan(ms!);
      }),
    );
  });

  it('is not known while one of its targets was never run here', () => {
    const more = plan('quick', { targets: ['container', 'vm:full'] });
    expect(expectedTime(more, learnt(run))).toEqual({ leastMs: leastMs(more), unknown: ['vm:full'] });
    expect(expectedTime(more, noExperience).unknown).toEqual(['container', 'vm:full']);
  });

  it('knows a target that runs a second time, and counts no failed trial and no run that did not end well', () => {
    const failing = fakeRun({ change: (trial) => (trial.outcome = 'failed') });
    expect(learnt(failing).instanceMs).toEqual({});
    expect(timesOf({ ...run, state: 'stopped' })).toBeUndefined();
    expect(expectedTime(plan('noise'), learnt(run)).unknown).toEqual([]);
  });

  it('adds what a run takes besides its trials, where nothing has to be made', () => {
    const first = { ...run, endedAt: new Date(Date.parse(run.endedAt!) + 90_000).toISOString() };
    expect(times(first).besidesMs).toBe(times(run).besidesMs + 90_000);
    expect(learnt(first, run).besidesMs).toBe(times(run).besidesMs);
  });

  it('keeps what a plan says apart from the order in which it says it', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(Object.keys(run.plan), { minLength: Object.keys(run.plan).length }),
        (names) => {
          const shuffled = Object.fromEntries(names.map((name) => [name, run.plan[name as keyof Plan]]));
          expect(timeKey(shuffled as Plan)).toBe(timeKey(run.plan));
        },
      ),
    );
    for (const change of [{ trials: 4 }, { soakMs: 1 }, { lifecycle: true }, { targets: ['container'] }])
      expect(timeKey({ ...run.plan, ...change })).not.toBe(timeKey(run.plan));
  });
});

describe('what is made the first time', () => {
  const kitMissing = [{ name: 'kit', failure: { code: 'kit-missing' } }] as never;

  it('is the kit, the images and the disks that are not here', () => {
    expect(toPrepare(plan('quick'), [], kitMissing)).toEqual({ kit: true, images: ['web'], disks: ['web'] });
    const here = [image('tare/web:1', 1)];
    expect(toPrepare(plan('quick'), here)).toEqual({ kit: false, images: [], disks: ['web'] });
    const made = [image('tare/web:1', 1, [{ path: '/disk', bytes: 1 }])];
    expect(toPrepare(plan('quick'), made)).toEqual({ kit: false, images: [], disks: [] });
  });

  it('is the kit alone for a disk of one’s own, of which nothing is made and no image is looked for', () => {
    const limits = { memoryBytes: 512 * MiB, cpus: 1 };
    const workloads = [{ name: 'shop', disk: { file: '/srv/shop.qcow2' }, port: 80, limits }];
    const own = Plan.parse({ name: 'own', workloads, targets: ['vm:image'], trials: 1 });
    expect(toPrepare(own, [], kitMissing)).toEqual({ kit: true, images: [], disks: [] });
    expect(neededDisk(own, [])).toEqual({ bytes: 0, unknown: [] });
  });

  it('is no kit and no disk for containers alone', () => {
    const containers = plan('quick', { targets: ['container'] });
    expect(toPrepare(containers, [], kitMissing)).toEqual({ kit: false, images: ['web'], disks: [] });
  });
});

describe('a plan that will not fit', () => {
  it('is told with the engine’s own numbers', () => {
    expect(memoryShort(plan('three-apps'), 7 * 1024 * MiB)).toEqual({
      code: 'memory-short',
      neededBytes: 7 * 1024 * MiB,
      availableBytes: 7 * 1024 * MiB,
      floorBytes: 256 * MiB,
    });
    expect(memoryShort(plan('three-apps'), 7.25 * 1024 * MiB)).toBeUndefined();
    expect(memoryShort(plan('three-apps'), undefined)).toBeUndefined();
  });

  it('counts disks that must be made, saved machines, and nothing that is there', () => {
    const own = plan('quick', {
      workloads: [{ ...plan('quick').workloads[0]!, image: { kind: 'reference', reference: 'nginx' } }],
    });
    const here = [image('nginx:latest', 100 * MiB)];
    expect(neededDisk(own, here)).toEqual({ bytes: 200 * MiB, unknown: [] });
    expect(neededDisk(own, [image('nginx:latest', 1, [{ path: '/disk', bytes: 1 }])]).bytes).toBe(0);
    expect(neededDisk(own, [])).toEqual({ bytes: 0, unknown: ['web'] });
    expect(neededDisk({ ...own, targets: ['container'] }, [])).toEqual({ bytes: 0, unknown: [] });
    expect(neededDisk({ ...own, targets: ['vm:snapshot'] }, here).bytes).toBe((200 + 512 + 16) * MiB);
    expect(diskShort(own, here, { bytes: 199 * MiB, folder: '/cache' })).toEqual({
      code: 'disk-short',
      path: '/cache',
      neededBytes: 200 * MiB,
      availableBytes: 199 * MiB,
    });
    expect(diskShort(own, here, { bytes: 200 * MiB, folder: '/cache' })).toBeUndefined();
  });
});

describe('what a plan asks for', () => {
  it('adds the limits of workloads that are up together', () => {
    expect(neededBytes(plan('three-apps'))).toBe(7 * 1024 * MiB);
    expect(neededBytes(plan('three-apps', { arrangement: 'alone' }))).toBe(4 * 1024 * MiB);
  });

  it('counts a workload only where it runs, and a changed machine as it is', () => {
    expect(neededBytes(plan('claims'))).toBe(7 * 1024 * MiB); // the full system's 2 GiB are promised after that
    expect(neededBytes(plan('quick', { targets: ['container', 'vm:micro+memory=2G'] }))).toBe(2048 * MiB);
  });

  it('is at least the waiting that it prescribes', () => {
    // 3 rounds × 2 targets × (1000 + 300) ms, and one warm-up of each with its rest
    expect(leastMs(plan('quick'))).toBe(3 * 2 * 1300 + 2 * 300);
    // each of three ladders is read at 1, 2, 4 and 8, and rests at its end as after the one warm-up
    expect(leastMs(plan('density'))).toBe(2 * (1000 + 3 * (4 * 2000 + 1000)));
    expect(leastMs(plan('quick', { load: { ratePerSecond: 10, seconds: 5 } }))).toBe(3 * 2 * 8300 + 2 * 300);
  });
});

test('the counts of a ladder double, and the asked for is the last', () => {
  expect(ladderCounts(8)).toEqual([1, 2, 4, 8]);
  expect(ladderCounts(6)).toEqual([1, 2, 4, 6]);
});
