/** Tests of "both groups come from the same distribution". All are two-sided. */
import { normalCdf } from './distributions';
import { seededRandom } from './random';
import { ascending, mean, variance } from './summary';

const mostArrangements = 20_000;
const permutations = 9_999;
const mostForSampling = 2_000;

/**
 * Permutation test of the difference of means (Fisher, The Design of Experiments, 1935, §21): how often a random
 * regrouping of the values differs at least as much as the groups do. All regroupings where they are at most 20,000;
 * else 9,999 seeded ones with the observed one counted in (Phipson & Smyth, Stat. Appl. Genet. Mol. Biol. 9, 2010); above
 * 2,000 values a side the normal limit with the permutation variance (Hoeffding, Ann. Math. Stat. 22, 1951).
 * @returns p, 1 when a group is empty
 */
export function permutationTest(a: readonly number[], b: readonly number[], seed = 1): number {
  const [few, many] = a.length <= b.length ? [a, b] : [b, a];
  if (few.length === 0) return 1;
  const pool = Float64Array.from([...few, ...many]);
  const k = few.length;
  const centre = mean(pool);
  // how far rounding can set two sums of k values apart that are equal: that of the centre, and that of the sums
  const ofCentre = Number.EPSILON * k * size(pool);
  for (let i = 0; i < pool.length; i += 1) pool[i]! -= centre; // the sums below then keep their digits
  const observed = Math.abs(sum(pool, k));
  const enough = observed - ofCentre - 1e-12 * size(pool); // regroupings that tie with the observed one count
  if (combinations(pool.length, k) <= mostArrangements) return shareOfAll(pool, k, enough);
  if (k > mostForSampling) {
    const spread = Math.sqrt((variance(pool) * k * (pool.length - k)) / pool.length);
    return spread === 0 ? 1 : 2 * normalCdf(-observed / spread);
  }
  return shareOfSample(pool, k, enough, seed);
}

const size = (values: Float64Array): number => values.reduce((total, value) => total + Math.abs(value), 0);

function sum(values: Float64Array, count: number): number {
  let total = 0;
  for (let i = 0; i < count; i += 1) total += values[i]!;
  return total;
}

function combinations(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= k && ways <= mostArrangements; i += 1) ways = (ways * (n - k + i)) / i;
  return ways;
}

function shareOfAll(pool: Float64Array, k: number, enough: number): number {
  let [reached, all] = [0, 0];
  const choose = (from: number, left: number, total: number): void => {
    if (left === 0) {
      all += 1;
      if (Math.abs(total) >= enough) reached += 1;
      return;
    }
    for (let i = from; i <= pool.length - left; i += 1) choose(i + 1, left - 1, total + pool[i]!);
  };
  choose(0, k, 0);
  return reached / all;
}

function shareOfSample(pool: Float64Array, k: number, enough: number, seed: number): number {
  const random = seededRandom(seed);
  let reached = 1;
  for (let round = 0; round < permutations; round += 1) {
    let total = 0;
    for (let i = 0; i < k; i += 1) {
      const other = i + Math.floor(random() * (pool.length - i));
      const value = pool[other]!;
      pool[other] = pool[i]!;
      pool[i] = value;
      total += value;
    }
    if (Math.abs(total) >= enough) reached += 1;
  }
  return reached / (permutations + 1);
}

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
