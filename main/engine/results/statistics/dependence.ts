/** Whether trials of one target depend on each other: intervals take for granted that they do not. */
import { normalCdf, studentCdf } from './distributions';
import { mean, variance } from './summary';

/** Fewer trials cannot tell. */
export const fewestForDependence = 8;

/** Positions in ascending order, from 1; equal values share theirs. */
function ranksOf(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((i, j) => values[i]! - values[j]!);
  const ranks = new Array<number>(values.length);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to += 1;
    for (let at = from; at < to; at += 1) ranks[order[at]!] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

/**
 * How likely neighbours are as much alike as these when the order means nothing; one-sided. The rank version of von Neumann's ratio
 * (Bartels, JASA 77, 1982), by its normal approximation.
 * @param values  in the order in which they were measured
 * @returns undefined for fewer than eight, or where nothing varies
 */
export function neighboursP(values: readonly number[]): number | undefined {
  const n = values.length;
  if (n < fewestForDependence) return undefined;
  const ranks = ranksOf(values);
  const spread = variance(ranks) * (n - 1);
  if (spread === 0) return undefined;
  const steps = ranks.slice(1).reduce((sum, rank, at) => sum + (rank - ranks[at]!) ** 2, 0);
  const deviation = Math.sqrt((4 * (n - 2) * (5 * n * n - 2 * n - 9)) / (5 * n * (n + 1) * (n - 1) ** 2));
  return normalCdf((steps / spread - 2) / deviation);
}

/**
 * How likely the first lies as far from the others as it does when it is one of them; two-sided. Student's t of a further observation
 * on logarithms.
 * @param values  positive, in the order in which they were measured
 * @returns undefined for fewer than eight, or where the others do not vary
 */
export function firstP(values: readonly number[]): number | undefined {
  if (values.length < fewestForDependence) return undefined;
  const [first, ...rest] = values.map(Math.log) as [number, ...number[]];
  if (Math.min(...rest) === Math.max(...rest)) return undefined;
  const t = (first - mean(rest)) / Math.sqrt(variance(rest) * (1 + 1 / rest.length));
  return 2 * studentCdf(-Math.abs(t), rest.length - 1);
}
