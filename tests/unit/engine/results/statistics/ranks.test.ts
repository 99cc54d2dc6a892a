/** Rank procedures against scipy and against plain counting, and what must hold of them for any values. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import golden from '../../../../fixtures/statistics.json';
import {
  pairedDifference,
  pairedRatio,
  unpairedDifference,
  unpairedRatio,
  type Contrast,
} from '../../../../../main/engine/results/statistics/contrast';
import { leastP, middleOf, rankInterval, rankP } from '../../../../../main/engine/results/statistics/ranks';
import { differencesBetween, rankSumTail } from '../../../../../main/engine/results/statistics/rankSum';
import { signedRankTail, walshAverages } from '../../../../../main/engine/results/statistics/signedRank';
import { ascending, median } from '../../../../../main/engine/results/statistics/summary';

const groups: Record<string, number[]> = golden.groups;
const inRounds = ({ base, other }: { base: number[]; other: number[] }) =>
  base.map((value, round) => [value, other[round]!] as const);

/** Agreement to nine digits, of small chances too. */
const agree = (actual: number, expected: number) =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-9 * Math.abs(expected));

/** Where ranks cannot reach below their smallest p, t may. */
function agreeOn(
  { p, value, interval }: Contrast,
  expected: { p: number; value?: number; interval: number[] },
  least = 0,
) {
  if (expected.p > least * (1 + 1e-9)) agree(p, expected.p);
  else expect(p).toBeLessThanOrEqual(expected.p * (1 + 1e-9));
  if (expected.value !== undefined) agree(value, expected.value);
  agree(interval!.low, expected.interval[0]!);
  agree(interval!.high, expected.interval[1]!);
}

describe('against scipy', () => {
  test('the chances of small rank sums', () => {
    for (const [n, few, p] of golden.signedRankTail) agree(signedRankTail(n!, few!), p!);
    for (const [m, n, few, p] of golden.rankSumTail) agree(rankSumTail(m!, n!, few!), p!);
  });

  test.each(golden.signedRank)('signed ranks of $base.length rounds', (expected) => {
    const ratio = pairedRatio(inRounds(expected));
    const logs = walshAverages(expected.base.map((base, at) => Math.log(expected.other[at]! / base)));
    agree(rankP(logs), expected.p);
    agreeOn(ratio, expected, leastP(logs));
    if (expected.wide) {
      agree(ratio.intervalAt(0.01)!.low, expected.wide[0]!);
      agree(ratio.intervalAt(0.01)!.high, expected.wide[1]!);
    }
  });

  test.each(golden.pairedT)("Student's t of $base.length rounds", (expected) => {
    agreeOn(pairedRatio(inRounds(expected)), expected);
  });

  test.each(golden.rankSum)('rank sums of $a against $b', (expected) => {
    const [a, b] = [groups[expected.a]!, groups[expected.b]!];
    agree(rankP(differencesBetween(a, b)), expected.p);
    agreeOn(unpairedRatio(a, b), expected, leastP(differencesBetween(a, b)));
  });

  test('what is approximated for many values is close to what is counted', () => {
    // a further value is in the sum or not: P(n, k) = (P(n − 1, k) + P(n − 1, k − n)) ∕ 2
    for (const few of [1800, 2000, 2200, 2500]) {
      const counted = (signedRankTail(100, few) + signedRankTail(100, few - 101)) / 2;
      expect(Math.abs(signedRankTail(101, few) - counted)).toBeLessThan(0.001);
    }
    // the largest of all is of one group or of the other: P(m, n, k) = (n P(m, n − 1, k − m) + m P(m − 1, n, k)) ∕ (m + n)
    for (const few of [900, 1000, 1100, 1250]) {
      const counted = (50 * rankSumTail(51, 49, few - 51) + 51 * rankSumTail(50, 50, few)) / 101;
      expect(Math.abs(rankSumTail(51, 50, few) - counted)).toBeLessThan(0.001);
    }
  });
});

const some = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 12 });
const value = fc.double({ min: 0.01, max: 1e6, noNaN: true });
const rounds = fc.array(fc.tuple(value, value), { minLength: 2, maxLength: 14 });
const sides = fc.tuple(
  fc.array(value, { minLength: 2, maxLength: 12 }),
  fc.array(value, { minLength: 2, maxLength: 12 }),
);
const errors = [0.2, 0.05, 0.01, 0.001, 0.00001];

describe('laws', () => {
  test('nothing is listed, and everything is as if it were', () => {
    fc.assert(
      fc.property(some, some, fc.integer({ min: -9, max: 9 }), (a, b, bound) => {
        const averages = a.flatMap((x, i) => a.slice(i).map((y) => (x + y) / 2));
        const differences = a.flatMap((x) => b.map((y) => y - x));
        for (const [counted, listed] of [
          [walshAverages(a), averages],
          [differencesBetween(a, b), differences],
        ] as const) {
          expect(counted.count).toBe(listed.length);
          expect(middleOf(counted)).toBe(median(listed));
          expect(counted.upTo(bound)).toBe(listed.filter((one) => one <= bound).length);
          expect(counted.upTo(bound, true)).toBe(listed.filter((one) => one < bound).length);
          expect(listed.map((_, rank) => counted.at(rank))).toEqual([...ascending(listed)]);
        }
      }),
    );
  });

  test('an interval excludes equality exactly where p says so, at every level', () => {
    const holds = (contrast: Contrast, equality: number) => {
      for (const error of errors) {
        const interval = contrast.intervalAt(error)!;
        expect(interval.low > equality || interval.high < equality).toBe(contrast.p <= error);
      }
    };
    const apart = fc.integer({ min: 0, max: 30 }).map((shift) => 1 + shift / 10);
    fc.assert(
      fc.property(rounds, apart, (pairs, factor) => {
        // levels below what ranks can reach are for six rounds and more; fewer are t's alone
        holds(pairedRatio(pairs.map(([a, b]) => [a, b * factor])), 1);
        holds(pairedDifference(pairs.map(([a, b]) => [a, b * factor])), 0);
      }),
    );
    fc.assert(
      fc.property(sides, apart, ([a, b], factor) =>
        holds(
          unpairedRatio(
            a,
            b.map((one) => one * factor),
          ),
          1,
        ),
      ),
    );
  });

  test('the smaller the error, the wider the interval, and each contains the estimate', () => {
    const holds = (contrast: Contrast) => {
      let inner = { low: contrast.value, high: contrast.value };
      for (const error of errors) {
        const interval = contrast.intervalAt(error)!;
        expect(interval.low).toBeLessThanOrEqual(inner.low);
        expect(interval.high).toBeGreaterThanOrEqual(inner.high);
        inner = interval;
      }
    };
    fc.assert(fc.property(rounds, (pairs) => holds(pairedRatio(pairs))));
    fc.assert(fc.property(sides, ([a, b]) => holds(unpairedRatio(a, b))));
  });

  test('exchanged sides give the inverse, and the same p', () => {
    fc.assert(
      fc.property(rounds, (pairs) => {
        const [there, back] = [pairedRatio(pairs), pairedRatio(pairs.map(([a, b]) => [b, a]))];
        expect(there.value * back.value).toBeCloseTo(1, 9);
        expect(there.interval!.low * back.interval!.high).toBeCloseTo(1, 9);
        expect(there.p).toBeCloseTo(back.p, 9);
      }),
    );
  });

  test('the order of rounds does not matter', () => {
    fc.assert(
      fc.property(rounds, (pairs) => {
        const [one, other] = [pairedRatio(pairs), pairedRatio([...pairs].reverse())];
        expect(other.value / one.value).toBeCloseTo(1, 12);
        expect(other.p).toBeCloseTo(one.p, 12);
      }),
    );
  });

  test('p is the smallest error at which ranks exclude equality, as far as they reach', () => {
    fc.assert(
      fc.property(some, (values) => {
        const averages = walshAverages(values);
        const p = rankP(averages);
        expect(p).toBeGreaterThanOrEqual(leastP(averages));
        const interval = rankInterval(averages, p);
        if (p < 1) expect(interval!.low > 0 || interval!.high < 0).toBe(true);
      }),
    );
  });
});

describe('edges', () => {
  test('a drift that moves both sides of a round cancels', () => {
    const drift = [1, 1.1, 1.2, 1.35, 1.4, 1.6, 1.7, 1.9];
    const noise = [0.99, 1.01, 1, 1.02, 0.98, 1.01, 1, 0.99];
    const pairs = drift.map((by, round) => [100 * by, 110 * by * noise[round]!] as const);
    const paired = pairedRatio(pairs);
    expect(paired.interval!.low).toBeGreaterThan(1.08);
    const apart = unpairedRatio(
      pairs.map(([base]) => base),
      pairs.map(([, other]) => other),
    );
    expect(apart.interval!.low).toBeLessThan(1);
  });

  test('rounds are paired also where their sides move against each other', () => {
    const base = [100, 104, 98, 101, 97, 103];
    const other = [120, 111, 124, 118, 125, 113];
    const paired = pairedRatio(base.map((value, round) => [value, other[round]!]));
    const logs = base.map((value, round) => Math.log(other[round]! / value));
    expect(paired.value).toBeCloseTo(Math.exp(middleOf(walshAverages(logs))), 12);
    expect(unpairedRatio(base, other).p).toBeLessThan(paired.p);
  });

  test('one round has a ratio and nothing that could be claimed of it', () => {
    const alone = pairedRatio([[100, 250]]);
    expect(alone.value).toBeCloseTo(2.5, 12);
    expect(alone.interval).toBeUndefined();
    expect(alone.p).toBe(1);
    expect(unpairedRatio([100], [250, 260]).interval).toBeUndefined();
  });

  test('equal values on both sides are as sure as can be, and no difference', () => {
    const equal = pairedRatio(Array.from({ length: 8 }, () => [4096, 4096] as const));
    expect(equal).toMatchObject({ value: 1, p: 1, interval: { low: 1, high: 1 } });
    const few = pairedRatio([
      [4096, 4096],
      [4096, 4096],
    ]);
    expect(few).toMatchObject({ value: 1, p: 1, interval: { low: 1, high: 1 } });
  });

  test('what is not positive has no ratio, and nothing no contrast', () => {
    expect(() => pairedRatio([[0, 1]])).toThrow(RangeError);
    expect(() => unpairedRatio([1, 2], [-1, 2])).toThrow(RangeError);
    expect(() => pairedRatio([])).toThrow(RangeError);
    expect(() => unpairedDifference([], [1])).toThrow(RangeError);
  });

  test('a level that ranks cannot reach is not refused: t speaks, and no narrower than the values lie', () => {
    const pairs = [1.3, 1.31, 1.29, 1.33, 1.28, 1.32].map((by, at) => [100 + at, (100 + at) * by] as const);
    const [usual, strict] = [pairedRatio(pairs).interval!, pairedRatio(pairs).intervalAt(0.001)!];
    expect(strict.low).toBeLessThan(usual.low);
    expect(strict.low).toBeGreaterThan(1.2);
  });
});
