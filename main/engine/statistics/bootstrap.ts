import type { Interval } from '../../contract/report/report';
import { normalCdf, normalQuantile } from './distributions';
import { gammaDraw, seededRandom } from './random';
import { ascending, mean, quantile } from './summary';

const resamples = 4999;

/**
 * Draws medians of resamples, one generator per group, without building the resamples: the ranks that a resample's
 * middle values have follow from uniform order statistics, which are beta distributed (David & Nagaraja, Order
 * Statistics, 2003, §2.3), and floor(n·U) of a uniform U is a draw with replacement. The distribution is exactly that
 * of resampling, and 100,000 values cost no more than ten.
 * @param groups  ascending values
 */
export function medianBootstrap(groups: readonly Float64Array[], seed: number): (() => number)[] {
  const random = seededRandom(seed);
  return groups.map((sorted) => {
    const n = sorted.length;
    const lower = Math.floor((n + 1) / 2); // rank of the lower middle value, from 1
    const at = (uniform: number): number => sorted[Math.min(n - 1, Math.floor(uniform * n))]!;
    return () => {
      const below = gammaDraw(lower, random);
      const above = gammaDraw(n - lower + 1, random);
      const uniform = below / (below + above);
      if (n % 2 === 1) return at(uniform);
      // the next order statistic is the smallest of n/2 uniforms between this one and 1
      const next = uniform + (1 - uniform) * (1 - (1 - random()) ** (2 / n));
      return (at(uniform) + at(next)) / 2;
    };
  });
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
 * @param draw      one resample's value
 * @param without   per sample, the estimate without each value in turn
 * @param edge      normal quantile of the edges; Efron's own is 1.96 for 95 %
 */
export function bcaInterval(
  estimate: number,
  draw: () => number,
  without: number[][],
  edge: number,
): Interval {
  const drawn = ascending(Array.from({ length: resamples }, draw));
  const shareBelow = (count(drawn, (x) => x < estimate) + count(drawn, (x) => x <= estimate)) / 2 / resamples;
  const bound = 1 / (2 * resamples);
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
