/** Tests of "both groups come from the same distribution". All are two-sided. */
import { normalCdf } from './distributions';
import { ascending } from './summary';

export interface RankTest {
  /** U of the first group: pairs in which it is larger, ties counted half */
  u: number;
  p: number;
}

const mostForExact = 40;

/**
 * Mann–Whitney U (Ann. Math. Stat. 18, 1947). Without ties and up to 40 values the exact distribution, by Mann and
 * Whitney's own recurrence; otherwise the normal approximation, corrected for ties (Lehmann, Nonparametrics, 1975) and
 * for continuity.
 */
export function mannWhitney(a: readonly number[], b: readonly number[]): RankTest {
  const [m, n] = [a.length, b.length];
  if (m === 0 || n === 0) return { u: 0, p: 1 };
  const { rankSum, ties } = rank(a, b);
  const u = rankSum - (m * (m + 1)) / 2;
  const larger = Math.max(u, m * n - u);
  if (ties === 0 && m + n <= mostForExact) return { u, p: Math.min(1, 2 * exactTail(larger, m, n)) };
  const total = m + n;
  const spread = Math.sqrt(((m * n) / 12) * (total + 1 - ties / (total * (total - 1))));
  if (spread === 0) return { u, p: 1 };
  return { u, p: Math.min(1, 2 * normalCdf(-(larger - (m * n) / 2 - 0.5) / spread)) };
}

/** Sum of the mid-ranks of `a` among both groups, and Σ(t³ − t) over the groups of t equal values. */
function rank(a: readonly number[], b: readonly number[]): { rankSum: number; ties: number } {
  const [first, second] = [ascending(a), ascending(b)];
  let [i, j, rankSum, ties] = [0, 0, 0, 0];
  while (i < first.length || j < second.length) {
    const value = Math.min(first[i] ?? Infinity, second[j] ?? Infinity);
    const before = i + j;
    const fromI = i;
    while (first[i] === value) i += 1;
    while (second[j] === value) j += 1;
    const equal = i + j - before;
    rankSum += (i - fromI) * (before + (equal + 1) / 2);
    ties += equal ** 3 - equal;
  }
  return { rankSum, ties };
}

/** P(U ≥ u) without ties: counts of orders by U, built up one value at a time. */
function exactTail(u: number, m: number, n: number): number {
  const most = m * n;
  // chances[k]: share of orders with U = k, from the generating function Π (1 − x^(n+i)) / (1 − x^i)
  const ways = new Float64Array(most + 1);
  ways[0] = 1;
  for (let i = 1; i <= m; i += 1) {
    for (let k = most; k >= n + i; k -= 1) ways[k]! -= ways[k - n - i]!;
    for (let k = i; k <= most; k += 1) ways[k]! += ways[k - i]!;
  }
  let [reached, all] = [0, 0];
  for (let k = 0; k <= most; k += 1) {
    all += ways[k]!;
    if (k >= u) reached += ways[k]!;
  }
  return reached / all;
}

/**
 * Holm's step-down correction of several p-values (Scand. J. Statistics 6, 1979): the chance of even one false claim
 * among them all stays below the level. Order kept.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((i, j) => pValues[i]! - pValues[j]!);
  const corrected = new Array<number>(pValues.length);
  let floor = 0;
  order.forEach((index, rankFromSmallest) => {
    floor = Math.max(floor, Math.min(1, pValues[index]! * (pValues.length - rankFromSmallest)));
    corrected[index] = floor;
  });
  return corrected;
}
