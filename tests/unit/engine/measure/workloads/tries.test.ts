import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leastMissed, resolutionOf } from '../../../../../main/engine/measure/workloads/tries';

describe('which silent try makes room', () => {
  test('spares the oldest, and keeps one for every time that an application may need', () => {
    const most = 12;
    const cadenceMs = 4;
    const begun: number[] = [];
    for (let nowMs = 0; nowMs < 10_000; nowMs += cadenceMs) {
      if (begun.length === most) begun.splice(leastMissed(begun.map((atMs) => nowMs - atMs)), 1);
      begun.push(nowMs);
      expect(begun[0]).toBe(0);
      const ages = begun.map((atMs) => nowMs + cadenceMs - atMs);
      for (let place = 1; place < ages.length; place += 1)
        expect(ages[place - 1]! / ages[place]!).toBeLessThan(5);
    }
  });

  test('is always one between the oldest and those to come', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 2 }), (ages) => {
        const place = leastMissed([...ages].sort((a, b) => b - a));
        expect(place).toBeGreaterThanOrEqual(1);
        expect(place).toBeLessThan(ages.length);
      }),
    );
  });
});

describe('how finely readiness was measured', () => {
  const good = { startedAtMs: 100, tookMs: 30 };
  const failed = (startedAtMs: number) => ({ startedAtMs, givenMs: Infinity });

  test('is from the latest earlier try that was not good', () => {
    expect(resolutionOf(good, [failed(80), failed(90), failed(85)])).toBe(10);
  });

  test('does not look at later tries, whatever became of them', () => {
    expect(resolutionOf(good, [failed(80), failed(104)])).toBe(20);
    expect(resolutionOf(good, [failed(104)])).toBeUndefined();
  });

  test('is not helped by a try that was dropped sooner than the good one was answered', () => {
    expect(resolutionOf(good, [failed(60), { startedAtMs: 96, givenMs: 29 }])).toBe(40);
    expect(resolutionOf(good, [failed(60), { startedAtMs: 96, givenMs: 30 }])).toBe(4);
  });

  test('is unknown where the first try was good', () => {
    expect(resolutionOf(good, [])).toBeUndefined();
  });

  test('is never negative', () => {
    const attempt = fc.record({
      startedAtMs: fc.double({ min: 0, max: 1000, noNaN: true }),
      givenMs: fc.double({ min: 0, max: 1000, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(attempt), (others) => {
        expect(resolutionOf(good, others) ?? 1).toBeGreaterThan(0);
      }),
    );
  });
});
