export interface Point {
  xMs: number;
  y: number;
}

/**
 * At most about two points per bucket, its lowest and its highest, in time order: what the eye sees of a line that has
 * more points than pixels. First and last point are kept.
 */
export function thinned(points: readonly Point[], buckets: number): readonly Point[] {
  if (points.length <= buckets * 2) return points;
  const first = points[0]!;
  const last = points.at(-1)!;
  const perMs = buckets / (last.xMs - first.xMs || 1);
  const kept: Point[] = [first];
  let bucket = -1;
  let low = first;
  let high = first;
  const close = () => {
    if (bucket < 0) return;
    const pair = low.xMs <= high.xMs ? [low, high] : [high, low];
    for (const point of low === high ? [low] : pair) if (point !== kept.at(-1)) kept.push(point);
  };
  for (const point of points) {
    const at = Math.min(buckets - 1, Math.floor((point.xMs - first.xMs) * perMs));
    if (at !== bucket) {
      close();
      [bucket, low, high] = [at, point, point];
    } else {
      if (point.y < low.y) low = point;
      if (point.y > high.y) high = point;
    }
  }
  close();
  if (kept.at(-1) !== last) kept.push(last);
  return kept;
}
