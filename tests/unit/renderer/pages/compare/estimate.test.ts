import { describe, expect, it } from 'vitest';
import type { LocalImage } from '../../../../../main/contract/images';
import { Plan } from '../../../../../main/contract/plan';
import { presets } from '../../../../../main/engine/workloads/presets';
import {
  diskShort,
  estimateDisk,
  estimateMs,
  experienceFrom,
  leastMs,
  memoryShort,
  noExperience,
} from '../../../../../renderer/pages/compare/estimate';
import { fakeRun } from '../../../../support/fakes/fakeRun';

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
    const { ms } = estimateMs(run.plan, experienceFrom([run]));
    const took = run.trials.reduce((sum, { phases }) => sum + phases.at(-1)!.atMs + run.plan.coolDownMs, 0);
    const oneWarmUpEach = took / run.plan.trials;
    expect(ms! / (took + oneWarmUpEach)).toBeGreaterThan(0.8);
    expect(ms! / (took + oneWarmUpEach)).toBeLessThan(1.1);
  });

  it('is not known while one of its targets was never run here', () => {
    const more = plan('quick', { targets: ['container', 'vm:full'] });
    expect(estimateMs(more, experienceFrom([run]))).toEqual({ leastMs: leastMs(more), unknown: ['vm:full'] });
    expect(estimateMs(more, noExperience).unknown).toEqual(['container', 'vm:full']);
  });

  it('knows a target that runs a second time, and counts no failed trial', () => {
    const failing = fakeRun({ change: (trial) => (trial.outcome = 'failed') });
    expect(experienceFrom([failing]).instanceMs.size).toBe(0);
    expect(estimateMs(plan('noise'), experienceFrom([run])).unknown).toEqual([]);
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
    expect(estimateDisk(own, here)).toEqual({ bytes: 200 * MiB, unknown: [] });
    expect(estimateDisk(own, [image('nginx:latest', 1, [{ path: '/disk', bytes: 1 }])]).bytes).toBe(0);
    expect(estimateDisk(own, [])).toEqual({ bytes: 0, unknown: ['web'] });
    expect(estimateDisk({ ...own, targets: ['container'] }, [])).toEqual({ bytes: 0, unknown: [] });
    expect(estimateDisk({ ...own, targets: ['vm:snapshot'] }, here).bytes).toBe((200 + 512 + 16) * MiB);
    expect(diskShort(own, here, { bytes: 199 * MiB, folder: '/cache' })).toEqual({
      code: 'disk-short',
      path: '/cache',
      neededBytes: 200 * MiB,
      availableBytes: 199 * MiB,
    });
    expect(diskShort(own, here, { bytes: 200 * MiB, folder: '/cache' })).toBeUndefined();
  });
});
