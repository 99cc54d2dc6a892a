/** How a reader moves over a chart of lines: arithmetic on what is shown of what there is. */

export type Range = readonly [from: number, to: number];

/** The least part of the whole that can be shown. */
const leastShare = 1 / 500;

/** @returns the same length moved inside the whole, or undefined where that is all there is */
function inside([from, to]: Range, [start, end]: Range): Range | undefined {
  const length = Math.max(to - from, (end - start) * leastShare);
  if (length >= end - start) return undefined;
  const first = Math.min(Math.max(from, start), end - length);
  return [first, first + length];
}

/**
 * @param factor  below 1 shows less of it, more closely
 * @param around  stays where it is
 */
export const zoomed = ([from, to]: Range, factor: number, around: number, whole: Range): Range | undefined =>
  inside([around - (around - from) * factor, around + (to - around) * factor], whole);

/** What was dragged over; undefined where it was no more than a click. */
export const dragged = (one: number, other: number, whole: Range, leastLength: number): Range | undefined =>
  Math.abs(one - other) < leastLength
    ? undefined
    : inside([Math.min(one, other), Math.max(one, other)], whole);

/** Moves what is shown so that a place lies in it. */
export function showing(at: number, [from, to]: Range, whole: Range): Range | undefined {
  if (at >= from && at <= to) return inside([from, to], whole);
  const by = at < from ? at - from : at - to;
  return inside([from + by, to + by], whole);
}
