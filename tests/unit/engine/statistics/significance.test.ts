import { expect, test } from 'vitest';
import { normalDraw, seededRandom } from '../../../../main/engine/statistics/random';
import { significance } from '../../../../main/engine/statistics/significance';

test('two values a side are Student’s t with two degrees of freedom, on logarithms', () => {
  const distance = 3;
  const a = [Math.exp(0), Math.exp(2)];
  const b = [Math.exp(distance), Math.exp(distance + 2)];
  const t = distance / Math.SQRT2;
  expect(significance(a, b)).toBeCloseTo(1 - t / Math.sqrt(2 + t * t), 10); // the closed form of that distribution
});

test('does not depend on which group comes first, nor on the unit', () => {
  const [a, b] = [
    [210, 230, 225],
    [260, 241, 252],
  ];
  expect(significance(a, b)).toBeCloseTo(significance(b, a)!, 12);
  expect(significance(a, b)).toBeCloseTo(
    significance(
      a.map((x) => x * 1e6),
      b.map((x) => x * 1e6),
    )!,
    9,
  );
});

test('a single value says nothing; equal values are no difference; exact values that differ are', () => {
  expect(significance([1], [2, 3])).toBeUndefined();
  expect(significance([5, 5], [5, 5])).toBe(1);
  expect(significance([5, 5], [6, 6])).toBe(0);
});

test('from eight values a side one far outlier sways nothing', () => {
  const a = [1, 2, 3, 4, 5, 6, 7, 8];
  expect(significance(a, [...a.slice(1), 9000])).toBeGreaterThan(0.2);
});

test.each([3, 12])('groups of %i from the same source are told apart in about 5 % of cases', (n) => {
  const random = seededRandom(7);
  const draw = () => Array.from({ length: n }, () => Math.exp(0.1 * normalDraw(random)));
  const claims = Array.from({ length: 1000 }, () => significance(draw(), draw())!).filter(
    (p) => p < 0.05,
  ).length;
  expect(claims).toBeGreaterThan(10);
  expect(claims).toBeLessThan(70);
});

test('refuses what has no logarithm', () => {
  expect(() => significance([0, 1], [1, 2])).toThrow(RangeError);
});
