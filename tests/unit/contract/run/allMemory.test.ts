import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sample } from '../../../../main/contract/run/run';
import { axesOf, hostUse, silhouettes } from '../../../../renderer/pages/live/silhouettes';
import { AllMemory } from '../../../../main/contract/run/allMemory';

const host = (atMs: number, availableBytes?: number): Sample => ({
  ...{ kind: 'host', atMs, lateMs: 0, costMs: 0 },
  ...(availableBytes !== undefined && { availableBytes }),
});
const instance = (trial: string, residentBytes?: number): Sample => ({
  ...{ kind: 'instance', trial, atMs: 0 },
  ...(residentBytes !== undefined && { residentBytes }),
});

function memoryOf(samples: Sample[], most?: number): AllMemory {
  const memory = new AllMemory(most);
  for (const sample of samples) memory.take(sample);
  return memory;
}

describe('memory over the time of a run', () => {
  it('sums what is up at each reading, containers and processes apart from VMs', () => {
    const { readings, mostBytes } = memoryOf([
      host(1, 900),
      ...[instance('a/container/0', 10), instance('b/container:crun/0', 20), instance('a/vm:direct/0', 100)],
      host(2, 950),
      host(3),
    ]);
    expect(readings).toEqual([
      { atMs: 1, availableBytes: 900, bytes: { 'shared-kernel': 30, vm: 100 } },
      { atMs: 2, availableBytes: 950, bytes: { 'shared-kernel': 0, vm: 0 } },
    ]);
    expect(mostBytes).toBe(130);
  });

  it('has no sum where an instance could not be read: one without it would be too small', () => {
    const { readings } = memoryOf([
      host(1),
      instance('a/vm:direct/0', 7),
      instance('b/vm:direct/0'),
      host(2),
    ]);
    expect(readings[0]!.bytes).toEqual({ 'shared-kernel': 0, vm: undefined });
  });

  it('stays small, and loses neither its peak nor its order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1, maxLength: 2000 }), (values) => {
        const samples = values.flatMap((bytes, at) => [
          host(at, 5000 - bytes),
          instance('a/vm:direct/0', bytes),
        ]);
        const { readings, mostBytes } = memoryOf([...samples, host(values.length)], 64);
        expect(readings.length).toBeLessThanOrEqual(64);
        expect(Math.max(...readings.map(({ bytes }) => bytes.vm!))).toBe(Math.max(...values));
        expect(mostBytes).toBe(Math.max(...values));
        expect(Math.min(...readings.map(({ availableBytes }) => availableBytes!))).toBe(
          5000 - Math.max(...values),
        );
        const times = readings.map(({ atMs }) => atMs);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }),
    );
  });

  it('of the whole computer is never below 0, whatever others give back meanwhile', () => {
    const { readings } = memoryOf([host(1, 700), host(2), host(3, 1000), host(4, 400), host(5)]);
    expect(hostUse(readings)).toEqual([300, undefined, 0, 600]);
  });

  it('is drawn within its axes, and not where nothing is up', () => {
    const memory = memoryOf([
      ...[host(0), instance('a/container/0', 50)],
      ...[host(1000), instance('a/container/0', 60)],
      ...[host(2000), host(3000)],
    ]);
    const axes = axesOf({ width: 400, height: 200, timeMs: 10_000, bytes: 100, locale: 'en' });
    const areas = silhouettes(memory.readings, axes).filter(
      ({ attributes }) => attributes.fill !== 'none' && attributes.d !== undefined,
    );
    expect(areas).toHaveLength(1);
    const corners = String(areas[0]!.attributes.d)
      .match(/[\d.]+ [\d.]+/g)!
      .map((pair) => pair.split(' ').map(Number));
    for (const [x, y] of corners as [number, number][]) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThan(400 * 0.4);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(200);
    }
  });
});
