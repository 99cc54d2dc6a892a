/** What must hold for any values, and how often claims are right when the truth is known. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unpairedRatio } from '../../../../../main/engine/results/statistics/contrast';
import { holm } from '../../../../../main/engine/results/statistics/holm';
import { medianInterval } from '../../../../../main/engine/results/statistics/intervals';
import { outliers } from '../../../../../main/engine/results/statistics/outliers';
import { seededRandom, shuffle, type Random } from '../../../../../main/engine/results/statistics/random';
import { ascending, mean, median, quantile } from '../../../../../main/engine/results/statistics/summary';
import { normalDraw } from '../../../../support/statistics/normalDraw';
import { judgeAlone } from '../../../../support/statistics/judgeAlone';

const value = fc.double({ min: 0.01, max: 1e9, noNaN: true });
const group = fc.array(value, { minLength: 2, maxLength: 25 });
const near = (actual: number, expected: number) =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(
    1e-7 * Math.max(Math.abs(actual), Math.abs(expected), 1e-9),
  );

describe('laws', () => {
  test('the order of the values does not matter', () => {
    fc.assert(
      fc.property(group, fc.nat(), (values, seed) => {
        const other = shuffle(values, seed);
        expect(median(other)).toBe(median(values));
        expect(medianInterval(other)).toEqual(medianInterval(values));
      }),
    );
  });

  test('other units give the same result in other units, as far as numbers go', () => {
    fc.assert(
      fc.property(group, fc.constantFrom(0.5, 2, 1024), (values, factor) => {
        const scaled = values.map((x) => x * factor);
        near(median(scaled), median(values) * factor);
        const [before, after] = [medianInterval(values)!, medianInterval(scaled)!];
        fc.pre(before.high < Number.MAX_SAFE_INTEGER);
        near(after.low, before.low * factor);
        near(after.high, Math.min(before.high * factor, Number.MAX_SAFE_INTEGER));
      }),
    );
  });

  test('an interval contains its estimate', () => {
    fc.assert(
      fc.property(group, (values) => {
        const interval = medianInterval(values)!;
        expect(interval.low).toBeLessThanOrEqual(median(values));
        expect(interval.high).toBeGreaterThanOrEqual(median(values));
      }),
    );
  });

  test('quantiles rise and stay between the extremes', () => {
    fc.assert(
      fc.property(group, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const sorted = ascending(values);
        const at = quantile(sorted, share);
        expect(at).toBeGreaterThanOrEqual(sorted[0]!);
        expect(at).toBeLessThanOrEqual(sorted.at(-1)!);
        expect(quantile(sorted, share / 2)).toBeLessThanOrEqual(at);
      }),
    );
  });

  test('a correction never makes a p-value smaller, and keeps their order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }),
        (given) => {
          const corrected = holm(given);
          given.forEach((p, i) => {
            expect(corrected[i]).toBeGreaterThanOrEqual(p);
            given.forEach((q, j) => p < q && expect(corrected[i]).toBeLessThanOrEqual(corrected[j]!));
          });
        },
      ),
    );
  });
});

describe('edges', () => {
  test('one value has a median and no interval', () => {
    expect(median([7])).toBe(7);
    expect(medianInterval([7])).toBeUndefined();
  });

  test('no values and a share outside 0 to 1 are refused', () => {
    expect(() => median([])).toThrow(RangeError);
    expect(() => quantile([1], 1.1)).toThrow(RangeError);
  });

  test('few values get a wider interval than they span', () => {
    const { low, high } = medianInterval([100, 103, 98])!;
    expect(low).toBeLessThan(98);
    expect(high).toBeGreaterThan(103);
  });

  test('values below zero are told without logarithms', () => {
    const { low, high } = medianInterval([-3, 0, 2, 4])!;
    expect(low).toBeLessThan(-1);
    expect(high).toBeGreaterThan(3);
  });

  test('an outlier is flagged on either side, and equal values have none', () => {
    expect(outliers([10, 11, 9, 10, 10.5, 60]).map(({ value }) => value)).toEqual([60]);
    expect(outliers([50, 51, 49, 50, 50.5, 2]).map(({ index }) => index)).toEqual([5]);
    expect(outliers([5, 5, 5, 5])).toEqual([]);
    expect(outliers([5, 5, 5, 5, 5, 9]).map(({ index }) => index)).toEqual([5]);
    expect(outliers([1, 2, 400])).toEqual([]);
  });

  test('the same seed gives the same order on every machine', () => {
    expect(shuffle([1, 2, 3, 4, 5, 6, 7, 8], 1)).toEqual(shuffle([1, 2, 3, 4, 5, 6, 7, 8], 1));
    expect(shuffle([1, 2, 3, 4, 5, 6, 7, 8], 1)).not.toEqual(shuffle([1, 2, 3, 4, 5, 6, 7, 8], 2));
    const random = seededRandom(42);
    const drawn = Array.from({ length: 20_000 }, random);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn)).toBeLessThan(1);
    expect(mean(drawn)).toBeCloseTo(0.5, 2);
    expect(new Set(drawn).size).toBe(drawn.length);
  });
});

const drawGroup = (n: number, centre: number, noise: number, random: Random): number[] =>
  Array.from({ length: n }, () => centre * Math.exp(noise * normalDraw(random)));

describe('intervals, when the truth is known', () => {
  /** Two ways of being: most trials find the caches filled, some do not. */
  const bimodal = (n: number, random: Random) =>
    drawGroup(n, 300, 0.06, random).map((value) => (random() < 0.3 ? value * 1.3 : value));
  /** the median of that, where 0.7 Φ(z) + 0.3 Φ(z − ln 1.3 ∕ 0.06) = ½ */
  const bimodalMedian = 300 * Math.exp(0.06 * 0.5659);

  test.each([3, 5, 6, 8, 20, 21, 40])('of %i values hold the true median in 93 to 98 of 100 cases', (n) => {
    const random = seededRandom(n);
    let [held, heldOfTwo] = [0, 0];
    for (let i = 0; i < 2000; i += 1) {
      const interval = medianInterval(drawGroup(n, 300, 0.2, random))!;
      if (interval.low <= 300 && 300 <= interval.high) held += 1;
      const ofTwo = medianInterval(bimodal(n, random))!;
      if (ofTwo.low <= bimodalMedian && bimodalMedian <= ofTwo.high) heldOfTwo += 1;
    }
    for (const share of [held / 2000, heldOfTwo / 2000]) {
      expect(share).toBeGreaterThanOrEqual(0.93);
      expect(share).toBeLessThanOrEqual(0.98);
    }
  });

  test('of many values are those of fewer, only narrower', () => {
    const random = seededRandom(1);
    const width = (n: number) => {
      const { low, high } = medianInterval(drawGroup(n, 300, 0.2, random))!;
      return high / low - 1;
    };
    const mean = (n: number) => Array.from({ length: 200 }, () => width(n)).reduce((a, b) => a + b) / 200;
    expect(mean(520) / mean(480)).toBeGreaterThan(0.85);
    expect(mean(520) / mean(480)).toBeLessThan(1.1);
  });
});

test('100,000 values a side are compared too: a shift of 1 % is found', () => {
  const random = seededRandom(3);
  const ratio = unpairedRatio(drawGroup(100_000, 300, 0.2, random), drawGroup(100_000, 303, 0.2, random));
  expect(ratio.p).toBeLessThan(0.001);
  expect(ratio.value).toBeCloseTo(1.01, 2);
  expect(judgeAlone(ratio).judgement).toBe('same');
});
