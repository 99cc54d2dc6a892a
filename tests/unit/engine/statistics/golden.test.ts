/** Every formula against scipy and numpy: the values in tests/fixtures/statistics.json were computed there. */
import { describe, expect, test } from 'vitest';
import golden from '../../../fixtures/statistics.json';
import type { Interval } from '../../../../main/contract/report/report';
import { bcaInterval, leaveOneOutMedians, medianDraws } from '../../../../main/engine/statistics/bootstrap';
import * as distributions from '../../../../main/engine/statistics/distributions';
import {
  medianDifference,
  medianInterval,
  medianRatio,
  studentInterval,
  welchInterval,
} from '../../../../main/engine/statistics/intervals';
import { outliers } from '../../../../main/engine/statistics/outliers';
import { hodgesLehmann } from '../../../../main/engine/statistics/shift';
import {
  ascending,
  deviationFromMedian,
  mean,
  median,
  quantile,
  variance,
} from '../../../../main/engine/statistics/summary';
import { holm, mannWhitney } from '../../../../main/engine/statistics/tests';

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
    const { low, high } = studentInterval(values.map(Math.log));
    agree(Math.exp(low), expected.logInterval[0]);
    agree(Math.exp(high), expected.logInterval[1]);
    if (values.length < 8) {
      expect(medianInterval(values)).toEqual({
        low: expect.closeTo(expected.logInterval[0]!, 6) as number,
        high: expect.closeTo(expected.logInterval[1]!, 6) as number,
      });
    }
  });

  test('has the same outliers', () => {
    if (expected.outliers && values.length >= 4) {
      expect(outliers(values).map(({ index }) => index)).toEqual(expected.outliers);
    }
  });
});

const bootstrapped = Object.entries(golden.summaries).flatMap(([name, it]) =>
  'bca' in it ? [{ name, bca: it.bca }] : [],
);

/** 4,999 draws here, 99,999 there, and medians that jump from value to value. */
const sameButForLuck = (actual: Interval, [low, high]: number[]) => {
  const grain = 0.1 * (high! - low!);
  expect(Math.abs(actual.low - low!)).toBeLessThanOrEqual(grain);
  expect(Math.abs(actual.high - high!)).toBeLessThanOrEqual(grain);
};
const efronsEdge = distributions.normalQuantile(0.975);

test.each(bootstrapped)(
  "the BCa interval of $name is scipy's, but for the luck of the draw",
  ({ name, bca }) => {
    const sorted = ascending(groups[name]!);
    const [drawn] = medianDraws([sorted], 1);
    const without = [leaveOneOutMedians(sorted)];
    sameButForLuck(bcaInterval(quantile(sorted, 0.5), drawn!, without, efronsEdge), bca);
  },
);

describe.each(golden.comparisons)('$a against $b', (expected) => {
  const [a, b] = [groups[expected.a]!, groups[expected.b]!];

  test('agrees on ranks and shift', () => {
    const actual = mannWhitney(a, b);
    agree(actual.u, expected.u);
    agree(actual.p, expected.p);
    agree(hodgesLehmann(a, b), expected.shift);
  });

  test("agrees on Welch's interval", () => {
    const interval = welchInterval(ascending(a), ascending(b))!;
    agree(interval.low, expected.welch[0]);
    agree(interval.high, expected.welch[1]);
    const logs = welchInterval(ascending(a).map(Math.log), ascending(b).map(Math.log))!;
    agree(Math.exp(logs.low), expected.logWelchRatio[0]);
    agree(Math.exp(logs.high), expected.logWelchRatio[1]);
  });

  test('agrees on ratio and difference of medians', () => {
    const ratio = medianRatio(a, b);
    agree(ratio.value, expected.ratio);
    agree(medianDifference(a, b).value, expected.difference);
    if (expected.bcaRatio) {
      const sorted = [ascending(a), ascending(b)];
      const [ofA, ofB] = [quantile(sorted[0]!, 0.5), quantile(sorted[1]!, 0.5)];
      const [drawnA, drawnB] = medianDraws(sorted, 1);
      const without = [
        leaveOneOutMedians(sorted[0]!).map((left) => ofB / left),
        leaveOneOutMedians(sorted[1]!).map((left) => left / ofA),
      ];
      const interval = bcaInterval(
        ratio.value,
        drawnB!.map((median, draw) => median / drawnA![draw]!),
        without,
        efronsEdge,
      );
      sameButForLuck(interval, expected.bcaRatio);
    }
  });
});

test('the exact and the approximate rank test both occur in the golden values', () => {
  const kinds = new Set(golden.comparisons.map(({ exact }) => exact));
  expect(kinds).toEqual(new Set([true, false]));
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
