/** Two samples by ranks: Mann & Whitney's U (Ann. Math. Stat. 18, 1947), by the differences of every two values. */
import { normalCdf } from './distributions';
import { bisect, type Elementary } from './ranks';
import { ascending } from './summary';

/**
 * All differences b − a. They are never listed, since 100,000 values a side have ten thousand million: how many lie below a bound is
 * counted in one pass over both sorted groups.
 * @throws {RangeError} if a group is empty
 */
export function differencesBetween(a: readonly number[], b: readonly number[]): Elementary {
  const [m, n] = [a.length, b.length];
  if (m === 0 || n === 0) throw new RangeError('differences from an empty group');
  const [first, second] = [ascending(a), ascending(b)];
  const upTo = (bound: number, strictly = false): number => {
    let [pairs, column] = [0, 0];
    const passes = (difference: number) => (strictly ? difference < bound : difference <= bound);
    for (let row = 0; row < m; row += 1) {
      while (column < n && passes(second[column]! - first[row]!)) column += 1;
      pairs += column;
    }
    return pairs;
  };
  return {
    count: m * n,
    at: (rank) =>
      bisect(second[0]! - first[m - 1]!, second[n - 1]! - first[0]!, (bound) => upTo(bound) > rank),
    upTo,
    tail: (few) => rankSumTail(m, n, few),
  };
}

/** Up to so many values every order is counted; beyond, the normal approximation is within 0.001. */
const mostForExact = 100;

/** P(U ≤ few) for groups of `m` and `n` values. */
export function rankSumTail(m: number, n: number, few: number): number {
  if (few < 0) return 0;
  if (few >= m * n) return 1;
  if (m + n > mostForExact)
    return normalCdf((few + 0.5 - (m * n) / 2) / Math.sqrt((m * n * (m + n + 1)) / 12));
  const tails = exactTails(m, n);
  return few < tails.length ? tails[few]! : 1 - tails[m * n - few - 1]!;
}

const known = new Map<string, Float64Array>();

/**
 * The lower half of the distribution, summed up, from the generating function Π (1 − x^(n+i)) ∕ (1 − x^i): the counts of few are
 * small whole numbers, which the subtraction leaves exact.
 */
function exactTails(m: number, n: number): Float64Array {
  const key = `${m} ${n}`;
  const before = known.get(key);
  if (before) return before;
  const half = Math.floor((m * n) / 2);
  const ways = new Float64Array(half + 1);
  ways[0] = 1;
  let all = 1;
  for (let i = 1; i <= m; i += 1) {
    for (let k = half; k >= n + i; k -= 1) ways[k]! -= ways[k - n - i]!;
    for (let k = i; k <= half; k += 1) ways[k]! += ways[k - i]!;
    all *= (n + i) / i;
  }
  let reached = 0;
  const tails = ways.map((count) => (reached += count) / all);
  known.set(key, tails);
  return tails;
}
