/** Ratios as far as a record can hold them: the interval of two rounds that differ much reaches beyond any number of use. */
import type { Interval } from '../../../contract/report/report';

const most = Number.MAX_SAFE_INTEGER;

/** Whether a ratio lies within what a record can hold; nobody has measured one beyond. */
export const isMeasurable = (ratio: number): boolean => ratio >= 1 / most && ratio <= most;

/** The nearest ratio that a record can hold. */
export const boundedRatio = (ratio: number): number => Math.min(most, Math.max(1 / most, ratio));

/** The same for an interval of ratios. */
export const boundedRatios = ({ low, high }: Interval): Interval => ({
  low: boundedRatio(low),
  high: boundedRatio(high),
});
