import { medianDifference, medianRatio, type Estimate } from './intervals';
import { hodgesLehmann } from './shift';
import { mannWhitney, permutationTest, type RankTest } from './tests';

/** `faster` means the smaller value: less time, or fewer bytes. */
export type Judgement = 'faster' | 'slower' | 'cannot tell';

/** How a group of values stands against a base group, for metrics of which less is better. */
export interface Comparison {
  n: { base: number; other: number };
  /** median of the other ∕ median of the base */
  ratio: Estimate;
  /** median of the other − median of the base, in the values' unit */
  difference: Estimate;
  /** Hodges–Lehmann shift, in the values' unit */
  shift: number;
  /** Cliff's delta: −1 when every other value is below every base value, 1 when above */
  delta: number;
  permutationP: number;
  rankTest: RankTest;
  /** how `other` stands against `base` */
  judgement: Judgement;
}

/** Below this a difference is of no use to anyone, however certain: 5 %. */
export const smallestEffect = 0.05;

/**
 * Compares `other` with `base`: values of one metric, taken on the same machine in turns.
 * @throws {RangeError} if a group is empty or holds a value that is not positive
 */
export function compare(
  base: readonly number[],
  other: readonly number[],
  options: { seed?: number; minimumEffect?: number } = {},
): Comparison {
  const { seed = 1, minimumEffect = smallestEffect } = options;
  const ratio = medianRatio(base, other, seed);
  const rankTest = mannWhitney(other, base);
  return {
    n: { base: base.length, other: other.length },
    ratio,
    difference: medianDifference(base, other, seed),
    shift: hodgesLehmann(base, other),
    delta: cliffsDelta(rankTest.u, other.length, base.length),
    permutationP: permutationTest(base, other, seed),
    rankTest,
    judgement: judge(ratio, minimumEffect),
  };
}

/**
 * A claim needs both: an interval of the ratio that excludes 1, and a difference worth telling. Either alone misleads:
 * many trials make any trifle certain, and few make a large difference a matter of luck.
 * @param minimumEffect  0.05: one value is at least 1.05 times the other
 */
export function judge({ value, interval }: Estimate, minimumEffect = smallestEffect): Judgement {
  if (!interval) return 'cannot tell';
  if (interval.low > 1 && value >= 1 + minimumEffect) return 'slower';
  if (interval.high < 1 && value <= 1 / (1 + minimumEffect)) return 'faster';
  return 'cannot tell';
}

/** Cliff's delta (Psychological Bulletin 114, 1993) from U of the first of two groups of sizes m and n. */
export const cliffsDelta = (u: number, m: number, n: number): number => (2 * u) / (m * n) - 1;
