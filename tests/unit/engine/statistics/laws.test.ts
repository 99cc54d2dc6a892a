/** What must hold for any values, and how often claims are right when the truth is known. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge } from '../../../../main/engine/statistics/judgement';
import { medianInterval, medianRatio } from '../../../../main/engine/statistics/intervals';
import { outliers } from '../../../../main/engine/statistics/outliers';
import { normalDraw, seededRandom, shuffle, type Random } from '../../../../main/engine/statistics/random';
import { hodgesLehmann } from '../../../../main/engine/statistics/shift';
import { ascending, mean, median, quantile } from '../../../../main/engine/statistics/summary';
import { holm, mannWhitney } from '../../../../main/engine/statistics/tests';

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

  test('other units give the same result in other units', () => {
    fc.assert(
      fc.property(group, fc.constantFrom(0.5, 2, 1024), (values, factor) => {
        const scaled = values.map((x) => x * factor);
        near(median(scaled), median(values) * factor);
        const [before, after] = [medianInterval(values)!, medianInterval(scaled)!];
        near(after.low, before.low * factor);
        near(after.high, before.high * factor);
      }),
    );
  });

  test('an interval contains its estimate', () => {
    fc.assert(
      fc.property(group, group, (a, b) => {
        const interval = medianInterval(a)!;
        expect(interval.low).toBeLessThanOrEqual(median(a));
        expect(interval.high).toBeGreaterThanOrEqual(median(a));
        const ratio = medianRatio(a, b);
        expect(ratio.interval!.low).toBeLessThanOrEqual(ratio.value);
        expect(ratio.interval!.high).toBeGreaterThanOrEqual(ratio.value);
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

  test('exchanged groups give the mirrored comparison', () => {
    fc.assert(
      fc.property(group, group, (a, b) => {
        const [there, back] = [mannWhitney(a, b), mannWhitney(b, a)];
        near(there.u + back.u, a.length * b.length);
        near(there.p, back.p);
        near(hodgesLehmann(a, b), -hodgesLehmann(b, a));
        expect(judge(medianRatio(a, a))).toBe('cannot tell');
      }),
      // the second value is the first one's next neighbour: nothing but rounding is between them
      {
        numRuns: 40,
        examples: [
          [
            [0.010000000000000002, 0.01],
            [0.01, 0.01],
          ],
        ],
      },
    );
  });

  test('the shift is the middle of all differences', () => {
    const few = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(few, few, (a, b) => {
        expect(hodgesLehmann(a, b)).toBe(median(a.flatMap((x) => b.map((y) => y - x))));
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
    expect(medianRatio([7], [9, 10])).toEqual({ value: 9.5 / 7 });
    expect(judge({ value: 100 })).toBe('cannot tell');
  });

  test('no values, a share outside 0 to 1 and a ratio of nothing are refused', () => {
    expect(() => median([])).toThrow(RangeError);
    expect(() => quantile([1], 1.1)).toThrow(RangeError);
    expect(() => medianRatio([0, 1], [1, 2])).toThrow(RangeError);
    expect(() => hodgesLehmann([], [1])).toThrow(RangeError);
  });

  test('few values get a wider interval than a bootstrap of them could give', () => {
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

const experiments = 200;
const drawGroup = (n: number, centre: number, noise: number, random: Random): number[] =>
  Array.from({ length: n }, () => centre * Math.exp(noise * normalDraw(random)));

describe('claims, when the truth is known', () => {
  test.each([
    { n: 20, noise: 0.03 },
    { n: 20, noise: 0.3 },
    { n: 3, noise: 0.3 },
    { n: 7, noise: 0.3 },
  ])(
    'two groups of $n from the same source (noise $noise) are told apart in at most 5 % of experiments',
    (it) => {
      const random = seededRandom(2026);
      let claims = 0;
      for (let i = 0; i < experiments; i += 1) {
        const ratio = medianRatio(
          drawGroup(it.n, 300, it.noise, random),
          drawGroup(it.n, 300, it.noise, random),
          i,
        );
        if (judge(ratio) !== 'cannot tell') claims += 1;
      }
      expect(claims / experiments).toBeLessThanOrEqual(0.05);
    },
  );

  test('a true difference of 10 % under 3 % noise is found in at least 90 % of experiments', () => {
    const random = seededRandom(7);
    let found = 0;
    for (let i = 0; i < experiments; i += 1) {
      const [base, slower] = [drawGroup(20, 300, 0.03, random), drawGroup(20, 330, 0.03, random)];
      if (judge(medianRatio(base, slower, i)) === 'slower') found += 1;
    }
    expect(found / experiments).toBeGreaterThanOrEqual(0.9);
  });

  test.each([3, 5, 7, 8, 20, 21])(
    '95 percent intervals of %i values hold the true median in at least 93 of 100 experiments',
    (n) => {
      const random = seededRandom(n);
      let held = 0;
      for (let i = 0; i < 400; i += 1) {
        const interval = medianInterval(drawGroup(n, 300, 0.2, random), i)!;
        if (interval.low <= 300 && 300 <= interval.high) held += 1;
      }
      expect(held / 400).toBeGreaterThanOrEqual(0.93);
    },
  );

  test('a certain trifle is not a claim', () => {
    const random = seededRandom(5);
    const ratio = medianRatio(drawGroup(200, 300, 0.005, random), drawGroup(200, 306, 0.005, random));
    expect(ratio.interval!.low).toBeGreaterThan(1);
    expect(judge(ratio)).toBe('cannot tell');
  });
});

test('100,000 values a side are compared too: a shift of 1 % is found', () => {
  const random = seededRandom(3);
  const [a, b] = [drawGroup(100_000, 300, 0.2, random), drawGroup(100_000, 303, 0.2, random)];
  expect(mannWhitney(a, b).p).toBeLessThan(0.001);
  expect(hodgesLehmann(a, b)).toBeCloseTo(3, 0);
});
