import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thinned, type Point } from '../../../main/drawing/points';

describe('thinning a line', () => {
  it('keeps ends, extremes, gaps and order, with at most a few points per bucket', () => {
    const value = fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 0, max: 999 }) },
      { weight: 1, arbitrary: fc.constant(NaN) },
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 500, maxLength: 2000 }), (values) => {
        const points = values.map((y, xMs) => ({ xMs, y }));
        const kept = thinned(points, 50);
        const finite = (list: readonly Point[]) => list.map(({ y }) => y).filter((y) => !Number.isNaN(y));
        expect(kept[0]).toBe(points[0]);
        expect(kept.at(-1)).toBe(points.at(-1));
        expect(Math.max(...finite(kept))).toBe(Math.max(...finite(points)));
        expect(Math.min(...finite(kept))).toBe(Math.min(...finite(points)));
        for (let n = 1; n < kept.length; n += 1) expect(kept[n]!.xMs).toBeGreaterThan(kept[n - 1]!.xMs);
        const gaps = values.filter(Number.isNaN).length;
        expect(kept.length).toBeLessThanOrEqual(2 + 2 * 50 + 3 * gaps);
      }),
      { numRuns: 50 },
    );
  });

  it('leaves a short line alone', () => {
    const points = [{ xMs: 0, y: 1 }];
    expect(thinned(points, 100)).toBe(points);
  });
});
