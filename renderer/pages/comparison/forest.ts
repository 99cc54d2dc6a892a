import type { MetricComparison } from '../../../main/contract/report/comparison';

type Ratio = Pick<MetricComparison, 'ratio' | 'interval'>;

/** Where ratios stand on one line: logarithmic, so that twice as much and half as much are equally far from “no change”. */
export interface Forest {
  /** 0 at the left end, 1 at the right */
  at: (ratio: number) => number;
  /** changes that are too small to be worth telling */
  band: { from: number; to: number };
  ticks: { ratio: number; at: number }[];
}

const tickRatios = [1.02, 1.05, 1.1, 1.25, 1.5, 2, 3, 5, 10, 20, 50, 100, 1000];
/** However small the changes are, the axis is at least this wide: a trifle must not look like a landslide. */
const leastReach = Math.log(1.25);
/** Intervals wider than this run out of the picture, so that one uncertain row does not press all others into a point. */
const usualReach = Math.log(4);

/** @param minimumEffect  0.05: one value is at least 1.05 times the other */
export function forestOf(rows: readonly Ratio[], minimumEffect: number): Forest {
  const far = (ratio: number) => Math.abs(Math.log(ratio));
  const ends = rows.flatMap(({ ratio, interval }) => (interval ? [interval.low, interval.high] : [ratio]));
  const points = rows.map(({ ratio }) => far(ratio) * 1.15);
  const widest = Math.max(leastReach, far(1 + minimumEffect) * 2, ...ends.map((end) => far(end) * 1.08));
  const reach = Math.min(widest, Math.max(usualReach, ...points));
  const at = (ratio: number) => Math.min(1, Math.max(0, 0.5 + Math.log(ratio) / (2 * reach)));
  return {
    at,
    band: { from: at(1 / (1 + minimumEffect)), to: at(1 + minimumEffect) },
    ticks: ticksWithin(reach).map((ratio) => ({ ratio, at: at(ratio) })),
  };
}

/** No change, and on each side the roundest ratio near the end, with one half-way where both names have room. */
function ticksWithin(reach: number): number[] {
  const fitting = tickRatios.filter((ratio) => Math.log(ratio) <= reach * 0.96);
  const outer = fitting.at(-1);
  if (outer === undefined) return [1];
  const far = Math.log(outer);
  const half = fitting.find((ratio) => Math.log(ratio) >= far * 0.38 && Math.log(ratio) <= far * 0.62);
  const roomy = half !== undefined && far >= reach * 0.6;
  const upper = roomy ? [half, outer] : [outer];
  return [...upper.map((ratio) => 1 / ratio).reverse(), 1, ...upper];
}

/** A share of the line, as a place on it. */
export const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;
