import { describe, expect, it, test } from 'vitest';
import type { LocalImage } from '../../../main/contract/work/images';
import { Plan } from '../../../main/contract/plan';
import { presets } from '../../../main/engine/workloads/presets';
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

  it('is near to what the same plan took', () => {
    const { ms } = expectedTime(run.plan, experienceFrom([run]));
    const took = run.trials.reduce((sum, { phases }) => sum + phases.at(-1)!.atMs + run.plan.coolDownMs, 0);
    const oneWarmUpEach = took / run.plan.trials;
    expect(ms! / (took + oneWarmUpEach)).toBeGreaterThan(0.8);
    expect(ms! / (took + oneWarmUpEach)).toBeLessThan(1.1);
  });

  it('is not known while one of its targets was never run here', () => {
    const more = plan('quick', { targets: ['container', 'vm:full'] });
    expect(expectedTime(more, experienceFrom([run]))).toEqual({
      leastMs: leastMs(more),
      unknown: ['vm:full'],
    });
    expect(expectedTime(more, noExperience).unknown).toEqual(['container', 'vm:full']);
  });

  it('knows a target that runs a second time, and counts no failed trial', () => {
    const failing = fakeRun({ change: (trial) => (trial.outcome = 'failed') });
    expect(experienceFrom([failing]).instanceMs.size).toBe(0);
    expect(expectedTime(plan('noise'), experienceFrom([run])).unknown).toEqual([]);
  });

  it('is for a plan of that name what its newest run took', () => {
    const older = { ...run, endedAt: '2025-11-23T23:59:00.000Z' };
    expect(experienceFrom([run, older]).lastMs.get('quick')).toBe(72_000);
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
    expect(leastMs(plan('quick', { load: { ratePerSecond: 10, seconds: 5 } }))).toBe(3 * 2 * 6300 + 2 * 300);
  });
});

test('the counts of a ladder double, and the asked for is the last', () => {
  expect(ladderCounts(8)).toEqual([1, 2, 4, 8]);
  expect(ladderCounts(6)).toEqual([1, 2, 4, 6]);
});
