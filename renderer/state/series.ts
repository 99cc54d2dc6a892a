import { isGap, type Point } from '../../main/drawing/points';

/**
 * The points of one live line, never more than `most`: when they fill up, each pair becomes its larger one.
 * A peak is never lost, and ten hours take as much memory as ten minutes. A live chart is some 900 pixels wide and has up to
 * forty lines: more points than this cannot be seen, and would have to be drawn again four times a second.
 */
export class Series {
  readonly points: Point[] = [];
  /** how many readings one point stands for */
  #stride = 1;
  #held = 0;

  constructor(readonly most = 240) {}

  push(point: Point): void {
    const last = this.points.at(-1);
    if (last && !isGap(last) && this.#held < this.#stride) {
      this.#held += 1;
      if (point.y > last.y) this.points[this.points.length - 1] = point;
      return;
    }
    this.#add(point);
  }

  /** The line is interrupted here: what comes next belongs to another instance. */
  interrupt(): void {
    const last = this.points.at(-1);
    if (last && !isGap(last)) this.#add({ xMs: last.xMs, y: NaN });
  }

  #add(point: Point): void {
    this.#held = 1;
    this.points.push(point);
    if (this.points.length >= this.most) this.#halve();
  }

  #halve(): void {
    const halved: Point[] = [];
    for (let index = 0; index < this.points.length; index += 2) {
      const [first, second] = [this.points[index]!, this.points[index + 1]];
      const larger = second && (isGap(second) || second.y > first.y) ? second : first;
      halved.push(isGap(first) ? first : larger);
    }
    this.points.length = 0;
    this.points.push(...halved);
    this.#stride *= 2;
    this.#held = this.#stride;
  }
}
