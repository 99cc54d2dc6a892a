import { describe, expect, test } from 'vitest';
import { Pace } from '../../../../../main/engine/measure/workloads/pace';

const cadenceMs = 4;

/**
 * When tries begin until `untilMs`.
 * @param used  the application's CPU time at an instant
 * @param isHeard  whether a try that begins then has an answer, though not a good one
 */
async function begins(
  untilMs: number,
  used: (atMs: number) => number | undefined,
  isHeard: (atMs: number) => boolean = () => false,
): Promise<number[]> {
  let nowMs = 0;
  const pace = new Pace(() => Promise.resolve(used(nowMs)));
  const times: number[] = [];
  for (; nowMs < untilMs; nowMs += cadenceMs) {
    if (pace.isDue(nowMs)) times.push(nowMs);
    await new Promise(setImmediate); // what was looked at counts from the next beat on
    if (isHeard(nowMs)) pace.heard();
  }
  return times;
}
const gaps = (times: number[], fromMs = 0) =>
  times.flatMap((atMs, place) => (place > 0 && atMs >= fromMs ? [atMs - times[place - 1]!] : []));

describe('how often an application is asked', () => {
  test('does not change while it answers otherwise than it should, however hard it works', async () => {
    const times = await begins(
      2000,
      (atMs) => atMs,
      () => true,
    );
    expect(new Set(gaps(times))).toEqual(new Set([cadenceMs]));
  });

  test.each([
    ['idles', () => 0],
    ['works now and then', (atMs: number) => Math.floor(atMs / 100) * 10],
    ['cannot be looked at', () => undefined],
  ])('does not change after a short silence of one that %s', async (_, used) => {
    const times = await begins(4000, used);
    expect(new Set(gaps(times, 200))).toEqual(new Set([cadenceMs]));
  });

  test('is less with each doubling of the silence of one that works', async () => {
    const times = await begins(10_000, (atMs) => atMs);
    expect(times.length).toBeLessThan(16);
    expect(Math.max(...gaps(times))).toBeGreaterThan(1000);
  });

  test('is little while a silence is short, whatever the counters say', async () => {
    expect((await begins(140, () => 0)).length).toBeLessThan(5);
  });

  test('is less while its counters are awaited, and one look at a time is made for them', async () => {
    const awaited: ((cpuMs: number) => void)[] = [];
    const pace = new Pace(() => new Promise((resolve) => awaited.push(resolve)));
    const times: number[] = [];
    for (let nowMs = 0; nowMs < 4000; nowMs += cadenceMs) {
      if (pace.isDue(nowMs)) times.push(nowMs);
      if (nowMs % 1000 === 996) awaited.at(-1)!(0); // an engine elsewhere that answers after a second
      await new Promise(setImmediate);
    }
    expect(awaited).toHaveLength(4);
    expect(times.filter((atMs) => atMs < 2000).length).toBeLessThan(10);
    expect(new Set(gaps(times, 2100))).toEqual(new Set([cadenceMs])); // two answers tell that it idles
  });

  test('is as before soon after its work is over', async () => {
    const times = await begins(3000, (atMs) => Math.min(atMs, 1000));
    expect(new Set(gaps(times, 1300).slice(1))).toEqual(new Set([cadenceMs]));
  });

  test('does not change where looking at it fails', async () => {
    const pace = new Pace(() => Promise.reject(new Error('gone')));
    const isDue: boolean[] = [];
    for (let nowMs = 0; nowMs < 1000; nowMs += cadenceMs) {
      isDue.push(pace.isDue(nowMs));
      await new Promise(setImmediate);
    }
    expect(new Set(isDue.slice(50))).toEqual(new Set([true]));
  });
});
