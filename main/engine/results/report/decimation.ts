export interface Point {
  xMs: number;
  y: number;
}

/**
 * Thins a line to at most `most` of its own points so that it still looks the same: largest triangle three buckets
 * (Steinarsson, "Downsampling Time Series for Visual Representation", University of Iceland, 2013). First and last stay.
 * @param most  at least 3
 */
export function decimate(points: readonly Point[], most: number): Point[] {
  if (points.length <= most) return [...points];
  const width = (points.length - 2) / (most - 2);
  const bucket = (number: number) =>
    points.slice(Math.floor(number * width) + 1, Math.floor((number + 1) * width) + 1);
  const kept = [points[0]!];
  for (let number = 0; number < most - 2; number += 1) {
    const next = number === most - 3 ? [points[points.length - 1]!] : bucket(number + 1);
    kept.push(farthest(bucket(number), kept[kept.length - 1]!, centreOf(next)));
  }
  kept.push(points[points.length - 1]!);
  return kept;
}

const centreOf = (points: readonly Point[]): Point => ({
  xMs: points.reduce((sum, { xMs }) => sum + xMs, 0) / points.length,
  y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
});

/** The point that spans the largest triangle with its neighbours. */
function farthest(points: readonly Point[], before: Point, after: Point): Point {
  const area = ({ xMs, y }: Point): number =>
    Math.abs((before.xMs - after.xMs) * (y - before.y) - (before.xMs - xMs) * (after.y - before.y));
  return points.reduce((best, point) => (area(point) > area(best) ? point : best));
}
