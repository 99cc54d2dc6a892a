/** One sample by ranks: Wilcoxon's signed ranks (Biometrics Bulletin 1, 1945), by the averages of every two values. */
import { normalCdf } from './distributions';
import { bisect, type Elementary } from './ranks';
import { ascending } from './summary';

/**
 * Walsh averages (x + y) ∕ 2 of every two values and of each with itself: as many of them are ≤ 0 as the signed ranks of the values
 * that are sum up to (Tukey, 1949; Hollander, Wolfe & Chicken, 2014, §3.2).
 * @throws {RangeError} for no values
 */
export function walshAverages(values: readonly number[]): Elementary {
  const n = values.length;
  if (n === 0) throw new RangeError('averages of nothing');
  const sorted = ascending(values);
  const upTo = (bound: number, strictly = false): number => {
    let [pairs, last] = [0, n - 1];
    for (let first = 0; first < n; first += 1) {
      const passes = (average: number) => (strictly ? average < bound : average <= bound);
      while (last >= 0 && !passes((sorted[first]! + sorted[last]!) / 2)) last -= 1;
      if (last < first) break;
      pairs += last - first + 1;
    }
    return pairs;
  };
  return {
    count: (n * (n + 1)) / 2,
    at: (rank) => bisect(sorted[0]!, sorted[n - 1]!, (bound) => upTo(bound) > rank),
    upTo,
    tail: (few) => signedRankTail(n, few),
  };
}

/** Up to so many values every sign is counted; beyond, the normal approximation is within 0.001. */
const mostForExact = 100;

/** P(W ≤ few) of the signed-rank sum of `n` values. */
export function signedRankTail(n: number, few: number): number {
  if (few < 0) return 0;
  const all = (n * (n + 1)) / 2;
  if (few >= all) return 1;
  if (n <= mostForExact) return exactTails(n)[few]!;
  return normalCdf((few + 0.5 - all / 2) / Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24));
}

const known = new Map<number, Float64Array>();

/** The generating function Π (1 + x^i) ∕ 2, summed up: each rank is in the sum or not. */
function exactTails(n: number): Float64Array {
  const before = known.get(n);
  if (before) return before;
  const tails = new Float64Array((n * (n + 1)) / 2 + 1);
  tails[0] = 1;
  for (let rank = 1; rank <= n; rank += 1)
    for (let sum = (rank * (rank + 1)) / 2; sum >= 0; sum -= 1)
      tails[sum] = (tails[sum]! + (sum >= rank ? tails[sum - rank]! : 0)) / 2;
  for (let sum = 1; sum < tails.length; sum += 1) tails[sum]! += tails[sum - 1]!;
  known.set(n, tails);
  return tails;
}
