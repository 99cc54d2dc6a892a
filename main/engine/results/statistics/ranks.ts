/** What rank procedures have in common: many elementary estimates of one shift, of which half lie on each side of the truth. */
import type { Interval } from '../../../contract/report/report';

/** The elementary estimates of a shift, in ascending order; they are counted, never listed. */
export interface Elementary {
  count: number;
  /** the one with `rank` others below it, from 0 */
  at: (rank: number) => number;
  /** how many are ≤ `bound`, or < `bound` */
  upTo: (bound: number, strictly?: boolean) => number;
  /** chance that no more than `few` of them lie below the truth */
  tail: (few: number) => number;
}

/** Their median: the estimate of Hodges and Lehmann (Ann. Math. Stat. 34, 1963). */
export function middleOf({ count, at }: Elementary): number {
  const upper = at(Math.floor(count / 2));
  return count % 2 === 1 ? upper : (at(count / 2 - 1) + upper) / 2;
}

/**
 * How likely the estimates lie as much on one side of 0 as these when nothing shifts them; two-sided. Those that are 0 count for
 * both sides, so ties make it larger, and it agrees with `rankInterval` at every level: p ≤ error where the interval excludes 0.
 */
export function rankP({ count, upTo, tail }: Elementary): number {
  const [notAbove, notBelow] = [upTo(0), count - upTo(0, true)];
  return Math.min(1, 2 * tail(Math.min(notAbove, notBelow)));
}

/** The smallest p that there can be, and with it the smallest error of an interval. */
export const leastP = ({ tail }: Pick<Elementary, 'tail'>): number => Math.min(1, 2 * tail(0));

/**
 * The interval between two elementary estimates equally far from both ends: it misses the truth in no more than `error` of all cases,
 * whatever the distribution (Hollander, Wolfe & Chicken, Nonparametric Statistical Methods, 2014, §3.3 and §4.3).
 * @returns undefined where even the widest would miss it more often
 */
export function rankInterval({ count, at, tail }: Elementary, error: number): Interval | undefined {
  if (2 * tail(0) > error) return undefined;
  let [inside, outside] = [0, Math.floor(count / 2)];
  while (outside - inside > 1) {
    const middle = Math.floor((inside + outside) / 2); // of ten thousand million differences, more than 32 bits hold
    if (2 * tail(middle) <= error) inside = middle;
    else outside = middle;
  }
  return { low: at(inside), high: at(count - 1 - inside) };
}

/**
 * The smallest number that `reaches` holds for, between two others: halved to the last digit, so that it is one of the elementary
 * estimates itself.
 */
export function bisect(low: number, high: number, reaches: (bound: number) => boolean): number {
  if (reaches(low)) return low;
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return high;
    if (reaches(middle)) high = middle;
    else low = middle;
  }
}
