import { ascending } from './summary';

/**
 * Hodges–Lehmann shift (Ann. Math. Stat. 34, 1963): the median of all differences `b` − `a`. The pairs are never
 * listed, since 100,000 values a side have ten thousand million: how many lie below a bound is counted in one pass over both
 * sorted groups, and the bound is halved to the last digit.
 * @throws {RangeError} if a group is empty
 * @public  not used yet: verdicts by rank, with Hodges–Lehmann and its exact interval, will stand on it
 */
export function hodgesLehmann(a: readonly number[], b: readonly number[]): number {
  if (a.length === 0 || b.length === 0) throw new RangeError('shift of an empty group');
  const [first, second] = [ascending(a), ascending(b)];
  const pairs = a.length * b.length;
  const upper = difference(first, second, Math.floor(pairs / 2));
  return pairs % 2 === 1 ? upper : (difference(first, second, pairs / 2 - 1) + upper) / 2;
}

/** The difference b − a with `rank` others below it. */
function difference(a: Float64Array, b: Float64Array, rank: number): number {
  let low = b[0]! - a[a.length - 1]!;
  let high = b[b.length - 1]! - a[0]!;
  if (pairsUpTo(a, b, low) > rank) return low;
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return high;
    if (pairsUpTo(a, b, middle) > rank) high = middle;
    else low = middle;
  }
}

/** How many pairs have b − a ≤ `bound`; the larger a is, the more. */
function pairsUpTo(a: Float64Array, b: Float64Array, bound: number): number {
  let [pairs, column] = [0, 0];
  for (let row = 0; row < a.length; row += 1) {
    while (column < b.length && b[column]! - a[row]! <= bound) column += 1;
    pairs += column;
  }
  return pairs;
}
