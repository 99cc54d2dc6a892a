export interface Point {
  xMs: number;
  /** NaN interrupts the line */
  y: number;
}

export const isGap = (point: Point): boolean => Number.isNaN(point.y);

/**
 * The points between two places, and one beyond each end, so that lines reach the edges.
 * @param points  in order
 */
export function within(points: readonly Point[], from: number, to: number): readonly Point[] {
  const first = firstAfter(points, from);
  const end = firstAfter(points, to);
  return first === 0 && end >= points.length ? points : points.slice(Math.max(0, first - 1), end + 1);
}

/** The index of the first point at or after a place; the length where there is none. */
function firstAfter(points: readonly Point[], xMs: number): number {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle]!.xMs < xMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last reading at or before a place: what a line says there; none before its first one, after its last one, and in a gap. */
export function readingAt(points: readonly Point[], xMs: number): Point | undefined {
  const after = firstAfter(points, xMs);
  const exact = points[after];
  const point = exact?.xMs === xMs ? exact : after < points.length ? points[after - 1] : undefined;
  return point && !isGap(point) ? point : undefined;
}

/**
 * At most about two points per bucket, its lowest and its highest, in time order: what the eye sees of a line that has
 * more points than pixels. First and last point and interruptions are kept.
 */
export function thinned(points: readonly Point[], buckets: number): readonly Point[] {
  if (points.length <= buckets * 2) return points;
  const first = points[0]!;
  const last = points.at(-1)!;
  const perMs = buckets / (last.xMs - first.xMs || 1);
  const kept: Point[] = [];
  const keep = (point: Point) => {
    if (point !== kept.at(-1)) kept.push(point);
  };
  let bucket = -1;
  let [low, high] = [first, first];
  const close = () => {
    if (bucket >= 0) for (const point of low.xMs <= high.xMs ? [low, high] : [high, low]) keep(point);
    bucket = -1;
  };
  keep(first);
  for (const point of points) {
    const at = Math.min(buckets - 1, Math.floor((point.xMs - first.xMs) * perMs));
    if (isGap(point)) {
      close();
      keep(point);
    } else if (at !== bucket) {
      close();
      [bucket, low, high] = [at, point, point];
    } else {
      if (point.y < low.y) low = point;
      if (point.y > high.y) high = point;
    }
  }
  close();
  keep(last);
  return kept;
}
