export interface Point {
  xMs: number;
  /** NaN interrupts the line */
  y: number;
}

export const isGap = (point: Point): boolean => Number.isNaN(point.y);

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
