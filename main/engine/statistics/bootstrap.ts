import type { Interval } from '../../contract/report/report';
import { normalCdf, normalQuantile } from './distributions';
import { gammaDraw, seededRandom } from './random';
import { mean, quantile } from './summary';

const resamples = 4999;

/** Per resample, the two ranks between which the median lies; they are the same for an odd number of values. */
interface MedianRanks {
  lower: Int32Array;
  upper: Int32Array;
}

/**
 * Draws medians of resamples, without building the resamples: the ranks that a resample's middle values have follow from uniform
 * order statistics, which are beta distributed (David & Nagaraja, Order Statistics, 2003, §2.3), and floor(n·U) of a uniform U
 * is a draw with replacement. The distribution is exactly that of resampling, and 100,000 values cost no more than ten.
 * @param groups  ascending values
 * @returns per group, the median of each of its resamples
 */
export function medianDraws(groups: readonly Float64Array[], seed: number): Float64Array[] {
  const ranks = medianRanks(
    groups.map(({ length }) => length),
    seed,
  );
  return groups.map((sorted, group) => {
    const { lower, upper } = ranks[group]!;
    return Float64Array.from(lower, (rank, draw) => (sorted[rank]! + sorted[upper[draw]!]!) / 2);
  });
}

// the ranks follow from the sizes and the seed alone: the many groups of one run share them
const drawn = new Map<string, MedianRanks[]>();
const mostDrawn = 32;

function medianRanks(sizes: readonly number[], seed: number): MedianRanks[] {
  const key = `${seed} ${sizes.join()}`;
  const known = drawn.get(key);
  if (known) return known;
  if (drawn.size >= mostDrawn) drawn.clear();
  const ranks = drawRanks(sizes, seed);
  drawn.set(key, ranks);
  return ranks;
}

/** One generator for all groups, asked by turns. */
function drawRanks(sizes: readonly number[], seed: number): MedianRanks[] {
  const random = seededRandom(seed);
  const ranks = sizes.map(() => ({ lower: new Int32Array(resamples), upper: new Int32Array(resamples) }));
  for (let draw = 0; draw < resamples; draw += 1) {
    sizes.forEach((n, group) => {
      const middle = Math.floor((n + 1) / 2); // rank of the lower middle value, from 1
      const at = (uniform: number): number => Math.min(n - 1, Math.floor(uniform * n));
      const below = gammaDraw(middle, random);
      const above = gammaDraw(n - middle + 1, random);
      const uniform = below / (below + above);
      // the next order statistic is the smallest of n/2 uniforms between this one and 1
      const next = n % 2 === 1 ? uniform : uniform + (1 - uniform) * (1 - (1 - random()) ** (2 / n));
      ranks[group]!.lower[draw] = at(uniform);
      ranks[group]!.upper[draw] = at(next);
    });
  }
  return ranks;
}

/** The median without each value in turn, for values in ascending order. */
export function leaveOneOutMedians(sorted: Float64Array): number[] {
  const n = sorted.length;
  const at = (rank: number, left: number): number => sorted[rank < left ? rank : rank + 1]!;
  const [lower, upper] = [Math.floor((n - 2) / 2), Math.floor((n - 1) / 2)];
  return Array.from(sorted, (_, left) => (at(lower, left) + at(upper, left)) / 2);
}

/**
 * Bias-corrected and accelerated interval: Efron, JASA 82 (1987); for several samples as in Davison & Hinkley,
 * Bootstrap Methods and their Application (1997), §5.3. Resamples equal to the estimate count half for the bias, since
 * medians often tie.
 * @param estimate  what the data give
 * @param resampled what the resamples give
 * @param without   per sample, the estimate without each value in turn
 * @param edge      normal quantile of the edges; Efron's own is 1.96 for 95 %
 */
export function bcaInterval(
  estimate: number,
  resampled: Float64Array,
  without: number[][],
  edge: number,
): Interval {
  const drawn = resampled.slice().sort();
  const shareBelow =
    (count(drawn, (x) => x < estimate) + count(drawn, (x) => x <= estimate)) / 2 / drawn.length;
  const bound = 1 / (2 * drawn.length);
  const bias = normalQuantile(Math.min(1 - bound, Math.max(bound, shareBelow)));
  const speed = acceleration(without);
  const corrected = (z: number) => normalCdf(bias + (bias + z) / (1 - speed * (bias + z)));
  return {
    low: Math.min(estimate, quantile(drawn, corrected(-edge))),
    high: Math.max(estimate, quantile(drawn, corrected(edge))),
  };
}

/** How fast the estimate's spread changes with the estimate, from its values without each observation. */
function acceleration(without: number[][]): number {
  let [cubes, squares] = [0, 0];
  for (const values of without) {
    const n = values.length;
    const centre = mean(values);
    for (const value of values) {
      const influence = (n - 1) * (centre - value);
      cubes += influence ** 3 / n ** 3;
      squares += influence ** 2 / n ** 2;
    }
  }
  return squares === 0 ? 0 : cubes / squares ** 1.5 / 6;
}

/** How many of the ascending `values` come before the first that fails `test`. */
function count(values: Float64Array, test: (value: number) => boolean): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(values[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
