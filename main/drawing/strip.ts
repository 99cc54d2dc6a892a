/** What was measured, in a strip below its bar, where it covers neither the bar nor its figure: every measurement, and the interval. */
import type { Interval } from '../contract/report/report';
import { box, dot, tick, whisker } from './marks';
import type { Look } from './palette';
import type { Across } from './rows';
import type { Shape } from './shapes';

/** A whisker narrower than this share of the axis says no more than the points above it, and would hide them. */
const leastWhisker = 0.02;

export interface Readings {
  /** the bar's end: a tick joins it to its points */
  middle?: number | null;
  points?: readonly number[] | undefined;
  interval?: Interval | undefined;
  quartiles?: Interval | undefined;
}

/** The two lanes of a strip, one below the other, in pixels from its top. */
export interface StripSize {
  /** radius of a point */
  dot: number;
}

const laneOf = ({ dot: radius }: StripSize): number => radius * 2 + 4;
const whiskerLane = 9;

const isWide = ({ low, high }: Interval, axisLength: number): boolean =>
  high - low > axisLength * leastWhisker;

/** Whether the interval is drawn: it is told in words in any case. */
export const hasWhisker = ({ interval }: Readings, axisLength: number): boolean =>
  interval !== undefined && isWide(interval, axisLength);

/** The height that the strips of some rows need: the same for all, so that rows stay alike. */
export function stripHeight(all: readonly Readings[], axisLength: number, size: StripSize): number {
  const points = all.some((one) => (one.points?.length ?? 0) > 0 || one.quartiles);
  const whiskers = all.some((one) => hasWhisker(one, axisLength));
  return (points ? laneOf(size) : 0) + (whiskers ? whiskerLane : 0) + (points || whiskers ? 2 : 0);
}

/** @param end  where the axis ends: an interval beyond it is cut there */
export function strip(
  { middle, points = [], interval, quartiles }: Readings,
  top: number,
  across: Across,
  axis: { min: number; max: number },
  size: StripSize,
  look: Look,
): Shape[] {
  const lane = points.length > 0 || quartiles ? laneOf(size) : 0;
  const y = top + 2 + lane / 2;
  const within = (value: number) => across(Math.min(axis.max, Math.max(axis.min, value)));
  const radius = points.length > 40 ? size.dot * 0.7 : size.dot;
  return [
    ...(quartiles
      ? [box(within(quartiles.low), within(quartiles.high), { middle: y, thickness: lane - 1 }, look)]
      : []),
    ...(middle !== null && middle !== undefined && lane > 0
      ? [tick(within(middle), top - 1, top + 2 + lane, look)]
      : []),
    ...points.map((value) => dot(within(value), y, radius, look)),
    ...(interval && isWide(interval, axis.max - axis.min)
      ? whisker(
          within(interval.low),
          within(interval.high),
          { middle: top + 2 + lane + whiskerLane / 2, thickness: whiskerLane },
          look,
        )
      : []),
  ];
}
