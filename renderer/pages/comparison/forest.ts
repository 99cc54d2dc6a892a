import type { MetricComparison } from '../../../main/contract/report/comparison';
import { logAxisFor, logTicks } from '../../../main/drawing/forest/logAxis';

type Ratio = Pick<MetricComparison, 'ratio' | 'interval'>;

/** Where ratios stand on one line, with “no change” in its middle: less is on the one side, more on the other. */
export interface Forest {
  /** 0 at the left end, 1 at the right */
  at: (ratio: number) => number;
  /** changes that are too small to be worth telling */
  band: { from: number; to: number };
  ticks: { ratio: number; at: number }[];
}

/** How far two ticks are apart at least, as a share of the line; and from its ends, where a name would run out of it. */
const tickRoom = 0.15;
const tickMargin = 0.04;

/** @param minimumEffect  0.05: one value is at least 1.05 times the other */
export function forestOf(rows: readonly Ratio[], minimumEffect: number): Forest {
  const effect = 1 + minimumEffect;
  const held: Ratio[] = [...rows, { ratio: effect }];
  const axis = logAxisFor([...held, ...held.map(inverse)]);
  return {
    at: axis.at,
    band: { from: axis.at(1 / effect), to: axis.at(effect) },
    ticks: logTicks(axis, tickRoom)
      .map((ratio) => ({ ratio, at: axis.at(ratio) }))
      .filter(({ at }) => at >= tickMargin && at <= 1 - tickMargin),
  };
}

const inverse = ({ ratio, interval }: Ratio): Ratio => ({
  ratio: 1 / ratio,
  ...(interval && { interval: { low: 1 / interval.high, high: 1 / interval.low } }),
});

/** A share of the line, as a place on it. */
export const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;
