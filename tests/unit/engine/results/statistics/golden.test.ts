/** Every formula against scipy and numpy: the values in tests/fixtures/statistics.json were computed there. */
import { describe, expect, test } from 'vitest';
import golden from '../../../../fixtures/statistics.json';
import { unpairedDifference, unpairedRatio } from '../../../../../main/engine/results/statistics/contrast';
import * as distributions from '../../../../../main/engine/results/statistics/distributions';
import { medianInterval, meanInterval } from '../../../../../main/engine/results/statistics/intervals';
import { outliers } from '../../../../../main/engine/results/statistics/outliers';
import {
  ascending,
  deviationFromMedian,
  mean,
  median,
  quantile,
  variance,
} from '../../../../../main/engine/results/statistics/summary';
import { holm } from '../../../../../main/engine/results/statistics/holm';

const groups: Record<string, number[]> = golden.groups;

/** Agreement to 1e-9, relative to the larger side. */
const agree = (actual: number | undefined, expected: number | undefined): void => {
  expect(actual).toBeTypeOf('number');
  expect(expected).toBeTypeOf('number');
  expect(Math.abs(actual! - expected!)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected!)));
};

describe.each(Object.entries(golden.summaries))('%s', (name, expected) => {
  const values = groups[name]!;

  test('is summed up as numpy and scipy do', () => {
    agree(mean(values), expected.mean);
    agree(median(values), expected.median);
    agree(deviationFromMedian(values), expected.deviationFromMedian);
    if (values.length > 1) agree(Math.sqrt(variance(values)), expected.standardDeviation);
    for (const [share, value] of expected.quantiles) agree(quantile(ascending(values), share!), value);
  });

  test("has scipy's t interval on logarithms", () => {
    const { low, high } = meanInterval(values.map(Math.log));
    agree(Math.exp(low), expected.logInterval[0]);
    agree(Math.exp(high), expected.logInterval[1]);
    if (values.length < 6 && values.length > 1) {
      const told = medianInterval(values)!;
      agree(told.low, Math.min(Math.exp(low), ...values));
      agree(told.high, Math.max(Math.exp(high), ...values));
    }
  });

  test('has the same outliers', () => {
    if (expected.outliers && values.length >= 4) {
      expect(outliers(values).map(({ index }) => index)).toEqual(expected.outliers);
    }
  });
});

describe.each(golden.comparisons)('$a against $b', (expected) => {
  const [a, b] = [groups[expected.a]!, groups[expected.b]!];

  test('agrees on the shift', () => {
    const byRanks = Math.min(a.length, b.length) >= 6;
    agree(unpairedDifference(a, b).value, byRanks ? expected.shift : mean(b) - mean(a));
  });

  test("agrees on Welch's interval, which few values have", () => {
    if (Math.min(a.length, b.length) >= 6) return;
    const { low, high } = unpairedDifference(a, b).interval!;
    agree(low, expected.welch[0]);
    agree(high, expected.welch[1]);
    const ratio = unpairedRatio(a, b).interval!;
    agree(ratio.low, expected.logWelchRatio[0]);
    agree(ratio.high, expected.logWelchRatio[1]);
  });
});

test('few and many values both occur in the golden values', () => {
  const sizes = golden.comparisons.map(({ a, b }) => Math.min(groups[a]!.length, groups[b]!.length));
  expect(new Set(sizes.map((size) => size < 6))).toEqual(new Set([true, false]));
});

test('distributions agree with scipy', () => {
  for (const [z, p] of golden.normalCdf) {
    agree(distributions.normalCdf(z!), p);
    expect(distributions.normalCdf(z!) / p! - 1).toBeCloseTo(0, 9); // relative: tails count
  }
  for (const [p, z] of golden.normalQuantile) agree(distributions.normalQuantile(p!), z);
  for (const [t, degrees, p] of golden.studentCdf) agree(distributions.studentCdf(t!, degrees!), p);
  for (const [p, degrees, t] of golden.studentQuantile) agree(distributions.studentQuantile(p!, degrees!), t);
  for (const [x, a, b, value] of golden.incompleteBeta)
    agree(distributions.incompleteBeta(x!, a!, b!), value);
  for (const [x, value] of golden.logGamma) agree(distributions.logGamma(x!), value);
});

test("Holm's correction agrees", () => {
  holm(golden.holm.given).forEach((p, i) => agree(p, golden.holm.corrected[i]));
});
