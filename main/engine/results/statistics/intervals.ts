/** 95 % intervals of one group of values. A single value has none at all. */
import type { Interval } from '../../../contract/report/report';
import { normalQuantile } from './distributions';
import { studentInterval, studentOf } from './student';
import { ascending } from './summary';

const error = 0.05;

/** From this many values on, some two of them hold the median between them in 95 % of cases. */
const fewestForOrder = 6;

/**
 * The median's interval, in the unit of the values: between two of them equally far from both ends, whatever the distribution; below six
 * values Student's t, on logarithms where all are positive, and no narrower than the values lie. That it holds the true median
 * in 93 to 97 % of cases is shown by `npm run bench -- statistics`; three or four values of two modes are beyond any method.
 * @param isDifference  of two figures: it may be on either side of 0, even where none of the few values is
 * @returns undefined for fewer than two values
 */
export function medianInterval(values: readonly number[], isDifference = false): Interval | undefined {
  const n = values.length;
  if (n < 2) return undefined;
  const sorted = ascending(values);
  if (n >= fewestForOrder) return orderInterval(sorted);
  const isRatio = !isDifference && sorted[0]! > 0;
  const { low, high } = isRatio ? logarithmicInterval(sorted) : meanInterval(sorted);
  return { low: Math.min(low, sorted[0]!), high: Math.max(high, sorted[n - 1]!) };
}

/**
 * Between order statistics, and interpolated so that the confidence is that which was asked for: Hettmansperger & Sheather, Statistics
 * & Probability Letters 4 (1986), equation 2.
 */
function orderInterval(sorted: Float64Array): Interval {
  const n = sorted.length;
  const depth = depthOf(n);
  if (n > mostForExact) return { low: sorted[depth - 1]!, high: sorted[n - depth]! };
  const [outer, inner] = [missedBy(n, depth), missedBy(n, depth + 1)];
  const share = (error - outer) / (inner - outer);
  const weight = ((n - depth) * share) / (depth + (n - 2 * depth) * share);
  const between = (from: number, to: number): number => {
    const [a, b] = [sorted[from]!, sorted[to]!];
    return a === b ? a : a + (b - a) * weight;
  };
  return { low: between(depth - 1, depth), high: between(n - depth, n - depth - 1) };
}

/** Up to so many values the binomial distribution is summed up; beyond, values lie so close that neither it nor weights matter. */
const mostForExact = 500;

/** How often the values of this depth from both ends, from 1, miss the median: 2 P(B < depth), B binomial of n and ½. */
function missedBy(n: number, depth: number): number {
  let [chance, sum] = [0.5 ** n, 0];
  for (let below = 0; below < depth; below += 1) {
    sum += chance;
    chance *= (n - below) / (below + 1);
  }
  return Math.min(1, 2 * sum);
}

/** The deepest values that miss it no more often than in 5 % of cases. */
function depthOf(n: number): number {
  if (n > mostForExact) return Math.floor((n + 1 + normalQuantile(error / 2) * Math.sqrt(n)) / 2);
  let depth = 1;
  while (missedBy(n, depth + 1) <= error) depth += 1;
  return depth;
}

/** Student's interval of a mean, for two values or more. */
export const meanInterval = (values: ArrayLike<number>): Interval =>
  studentInterval(studentOf(values)!, error);

/** The mean's of the logarithms. Two values that differ much give a bound beyond any number that a record can hold. */
function logarithmicInterval(sorted: Float64Array): Interval {
  const { low, high } = meanInterval(sorted.map(Math.log));
  return { low: Math.exp(low), high: Math.min(Math.exp(high), Number.MAX_SAFE_INTEGER) };
}
