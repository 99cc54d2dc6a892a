/** Ratios as far as a record can hold them and a picture can draw them: an interval of two rounds may reach beyond. */
import type { Interval } from '../../../../contract/report/report';

const most = Number.MAX_SAFE_INTEGER;

/** Whether it can be told as it is. */
export const isTellable = (ratio: number): boolean => ratio >= 1 / most && ratio <= most;

const bounded = (ratio: number): number => Math.min(most, Math.max(1 / most, ratio));

/** An interval as it is told. */
export const tellable = ({ low, high }: Interval): Interval => ({ low: bounded(low), high: bounded(high) });
