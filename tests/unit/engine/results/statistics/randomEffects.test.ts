/** What hosts say together: against published examples, by laws that hold for any hosts, and how often it is right. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pairedRatio } from '../../../../../main/engine/results/statistics/contrast';
import {
  effectOf,
  randomEffects,
  type Effect,
} from '../../../../../main/engine/results/statistics/randomEffects';
import { seededRandom, shuffle, type Random } from '../../../../../main/engine/results/statistics/random';
import { normalDraw } from '../../../../support/statistics/normalDraw';

const effects = (values: readonly number[], variances: readonly number[]): Effect[] =>
  values.map((value, at) => ({ value, standardError: Math.sqrt(variances[at]!) }));

describe('published examples', () => {
  // Viechtbauer, J. Educational and Behavioral Statistics 30 (2005), pages 271 and 272: the column EB, which is Paule & Mandel's estimate.
  test.each([
    {
      values: [-0.581, 0.53, 0.771, 1.031, 0.553, 0.295, 0.078, 0.573, -0.176, -0.232],
      variances: [0.023, 0.052, 0.06, 0.115, 0.095, 0.203, 0.2, 0.211, 0.051, 0.04],
      variance: 0.192,
      share: 0.7405,
    },
    {
      values: [
        ...[0.1, -0.162, -0.09, -0.049, -0.046, -0.01, -0.431, -0.261, 0.134],
        ...[0.019, 0.175, 0.056, 0.045, 0.103, 0.121, -0.482, 0.29, 0.342],
      ],
      variances: [
        ...[0.016, 0.015, 0.05, 0.05, 0.032, 0.052, 0.036, 0.024, 0.034],
        ...[0.033, 0.031, 0.034, 0.039, 0.167, 0.134, 0.096, 0.016, 0.035],
      ],
      variance: 0.01,
      share: 0.2372,
    },
  ])('$values.length studies: τ² $variance, I² $share', ({ values, variances, variance, share }) => {
    const found = randomEffects(effects(values, variances))!;
    expect(found.tau ** 2).toBeCloseTo(variance, 3);
    expect(found.share).toBeCloseTo(share, 4);
  });

  // The six trials of CLASP: DerSimonian & Kacker, Contemporary Clinical Trials 28 (2007), tables 3 and 4, the row PM.
  test('six trials with their events: mean, τ and standard error', () => {
    const treated = [156, 303, 565, 1570, 103, 4659];
    const untreated = [74, 303, 477, 1565, 105, 4650];
    const events = [5, 5, 12, 69, 9, 313];
    const others = [8, 17, 9, 94, 11, 352];
    const of = (at: number) =>
      [events[at]!, treated[at]! - events[at]!, others[at]!, untreated[at]! - others[at]!] as const;
    const trials = treated.map((_, at): Effect => {
      const [a, b, c, d] = of(at);
      return { value: Math.log((a * d) / (b * c)), standardError: Math.sqrt(1 / a + 1 / b + 1 / c + 1 / d) };
    });
    const found = randomEffects(trials)!;
    expect(found.tau).toBeCloseTo(0.3681, 4);
    expect(Math.log(found.contrast.value)).toBeCloseTo(-0.3811, 4);
    const weight = trials.reduce(
      (sum, { standardError }) => sum + 1 / (standardError ** 2 + found.tau ** 2),
      0,
    );
    expect(1 / Math.sqrt(weight)).toBeCloseTo(0.206, 4);
  });

  // The thirteen trials of BCG vaccine that metafor has as dat.bcg (Colditz and others, JAMA 271, 1994): risk ratios. The same by numpy
  // and scipy: Paule & Mandel, Hartung & Knapp, t of k − 1 for both intervals.
  test('thirteen trials of a vaccine: mean, τ², I² and both intervals', () => {
    const vaccinated = [123, 306, 231, 13598, 5069, 1541, 2545, 88391, 7499, 1716, 50634, 2498, 16913];
    const others = [139, 303, 220, 12867, 5808, 1451, 629, 88391, 7277, 1665, 27338, 2341, 17854];
    const ill = [4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27];
    const othersIll = [11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29];
    const trials = ill.map((a, at): Effect => {
      const [n, c, m] = [vaccinated[at]!, othersIll[at]!, others[at]!];
      return { value: Math.log(a / n / (c / m)), standardError: Math.sqrt(1 / a - 1 / n + 1 / c - 1 / m) };
    });
    const found = randomEffects(trials)!;
    expect(found.tau ** 2).toBeCloseTo(0.318068, 6);
    expect(Math.log(found.contrast.value)).toBeCloseTo(-0.714968, 6);
    expect(found.share).toBeCloseTo(0.923303, 6);
    // above by the weighted mean; below the plain one reaches further
    expect(Math.log(found.contrast.interval!.high)).toBeCloseTo(-0.320838, 6);
    expect(Math.log(found.contrast.interval!.low)).toBeCloseTo(-1.159913, 6);
    expect(Math.log(found.predictionAt(0.05).low)).toBeCloseTo(-2.005426, 6);
    expect(Math.log(found.predictionAt(0.05).high)).toBeCloseTo(0.57549, 6);
  });

  // metafor's rma.uni(method="PM", test="knha") and predict()
  test('four studies: mean, τ² and prediction interval', () => {
    const found = randomEffects(effects([0.4, -0.2, 0.55, 0.1], [0.05, 0.06, 0.04, 0.05]))!;
    expect(Math.log(found.contrast.value)).toBeCloseTo(0.22957, 5);
    expect(found.tau ** 2).toBeCloseTo(0.0593, 5);
    expect(Math.log(found.predictionAt(0.05).low)).toBeCloseTo(-0.7065, 4);
    expect(Math.log(found.predictionAt(0.05).high)).toBeCloseTo(1.16564, 4);
  });
});

const host = fc.record({
  value: fc.double({ min: -5, max: 5, noNaN: true }),
  standardError: fc.double({ min: 1e-6, max: 2, noNaN: true }),
});
const hosts = fc.array(host, { minLength: 3, maxLength: 40 });
const near = (actual: number, expected: number) =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(expected)));

describe('laws', () => {
  test('the order of hosts does not matter, and weights follow their hosts', () => {
    fc.assert(
      fc.property(hosts, fc.nat(), (some, seed) => {
        const [one, other] = [randomEffects(some)!, randomEffects(shuffle(some, seed))!];
        near(Math.log(other.contrast.value), Math.log(one.contrast.value));
        near(other.tau, one.tau);
        near(other.share, one.share);
        expect(one.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
        const byPlace = shuffle(one.weights, seed);
        other.weights.forEach((weight, at) => near(weight, byPlace[at]!));
      }),
    );
  });

  test('I² is a share, also where one host is surer than all others together', () => {
    const unsure = fc.record({
      value: host.map(({ value }) => value),
      standardError: fc.constantFrom(1e-6, 1e3),
    });
    fc.assert(
      fc.property(fc.array(unsure, { minLength: 3, maxLength: 9 }), (some) => {
        const { share } = randomEffects(some)!;
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('two hosts say nothing of how hosts differ', () => {
    fc.assert(
      fc.property(fc.array(host, { maxLength: 2 }), (few) => {
        expect(randomEffects(few)).toBeUndefined();
      }),
    );
  });

  test('equal hosts differ by nothing, and one that is like no other widens everything', () => {
    fc.assert(
      fc.property(host, fc.integer({ min: 3, max: 30 }), (one, count) => {
        const equal = randomEffects(Array<Effect>(count).fill(one))!;
        expect(equal.tau).toBe(0);
        expect(equal.share).toBe(0);
        near(Math.log(equal.contrast.value), one.value);
        const odd = { ...one, value: one.value + 100 * one.standardError };
        const mixed = randomEffects([...Array<Effect>(count).fill(one), odd])!;
        expect(mixed.tau).toBeGreaterThan(0);
        const width = ({ low, high }: { low: number; high: number }) => Math.log(high / low);
        expect(width(mixed.contrast.interval!)).toBeGreaterThan(width(equal.contrast.interval!));
        expect(width(mixed.predictionAt(0.05))).toBeGreaterThan(width(mixed.contrast.interval!));
      }),
    );
  });

  test('both sides swapped give the reciprocal, and p says what the interval says', () => {
    fc.assert(
      fc.property(hosts, fc.double({ min: 0.001, max: 0.3, noNaN: true }), (some, error) => {
        const one = randomEffects(some)!;
        const swapped = randomEffects(some.map((each) => ({ ...each, value: -each.value })))!;
        near(Math.log(swapped.contrast.value), -Math.log(one.contrast.value));
        near(Math.log(swapped.predictionAt(0.05).low), -Math.log(one.predictionAt(0.05).high));
        const { low, high } = one.contrast.intervalAt(error)!;
        fc.pre(Math.abs(one.contrast.p - error) > 1e-9);
        expect(low > 1 || high < 1).toBe(one.contrast.p < error);
      }),
    );
  });
});

test('the standard error is the one that made the interval', () => {
  const ratio = pairedRatio([
    [1, 2.1],
    [1.1, 2],
    [0.9, 1.9],
  ]);
  const differences = [2.1, 2 / 1.1, 1.9 / 0.9].map(Math.log);
  const mean = differences.reduce((sum, one) => sum + one, 0) / 3;
  const variance = differences.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 2;
  expect(effectOf(ratio)!.standardError).toBeCloseTo(Math.sqrt(variance / 3), 9);
  expect(effectOf(pairedRatio([[1, 2]]))).toBeUndefined();
});

/** How often the interval holds the true mean ratio, of hosts with so many rounds each. */
function held(random: Random, rounds: number, count: number, tau: number, noise: number): number {
  const tries = 400;
  let hits = 0;
  for (let at = 0; at < tries; at += 1) {
    const all = Array.from({ length: count }, () => {
      const own = tau * normalDraw(random);
      const deviation = 0.05 * Math.exp(noise * normalDraw(random));
      const pairs = Array.from({ length: rounds }, () => {
        const drift = 0.3 * normalDraw(random);
        return [Math.exp(drift), 20 * Math.exp(drift + own + deviation * normalDraw(random))] as const;
      });
      return effectOf(pairedRatio(pairs))!;
    });
    const { low, high } = randomEffects(all)!.contrast.interval!;
    if (low <= 20 && high >= 20) hits += 1;
  }
  return hits / tries;
}

test.each([
  { rounds: 3, count: 3, tau: 0, noise: 0 },
  { rounds: 3, count: 10, tau: 0, noise: 0 },
  { rounds: 3, count: 10, tau: 0.05, noise: 1 },
  { rounds: 10, count: 3, tau: 0.05, noise: 1 },
  { rounds: 10, count: 5, tau: 0.2, noise: 0 },
])('of $count hosts with $rounds rounds the interval holds the truth (τ $tau)', (of) => {
  // 95 % and no less than chance allows in 400 tries: three standard deviations are 3.3 %
  expect(held(seededRandom(5), of.rounds, of.count, of.tau, of.noise)).toBeGreaterThan(0.917);
});
