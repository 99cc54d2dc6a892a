import type { Shape } from './shapes';

/** An entry of a legend. */
export interface LegendEntry {
  words: string;
  /** begins a new line, with this name before it */
  heading?: string;
  /** the line that it stands for, which can be switched off */
  line?: number;
  /** draws the sign into a box of 22 × 14 with its corner at (x, y) */
  sign: (x: number, y: number) => Shape[];
}

/** A place of a plot that tells its figure to whoever points at it: an area, or a point where width and height are 0. */
export interface Spot {
  x: number;
  y: number;
  width: number;
  height: number;
  /** what it belongs to, and what is known of it, line by line */
  say: () => [title: string, ...figures: string[]];
}

interface Drawn {
  shapes: Shape[];
  /** made when somebody points: a live chart is drawn four times a second */
  spots: () => Spot[];
}

/** What every line says at one place across. */
interface Reading {
  /** in pixels */
  x: number;
  /** which line, from 0 */
  line: number;
  name: string;
  figure: string;
}

/** Of a chart of lines: what can be looked at more closely. */
export interface Zoomable {
  /** what is shown, and all there is, in the unit of what lies across */
  from: number;
  to: number;
  whole: readonly [from: number, to: number];
  /** where it lies, in pixels */
  left: number;
  right: number;
  /** a place across in words, and what each line last said there */
  readAt: (value: number) => { title: string; readings: Reading[] };
}

/** The part of a chart that differs by its kind. */
export interface Plot {
  legend: LegendEntry[];
  /** what it needs */
  height: number;
  /** @param height  at least the height asked for */
  draw: (top: number, height: number) => Drawn;
  /** the figures in words */
  description: string[];
  /** absent of charts that are not made of lines, and of those without a single reading */
  zoom?: Zoomable;
}

/** What the pointer is on, or in charts of lines the reading that is nearest to it in time. */
export function spotAt(spots: readonly Spot[], x: number, y: number): Spot | undefined {
  let nearest: Spot | undefined;
  const distance = (spot: Spot) => Math.abs(spot.x - x) * 1000 + Math.abs(spot.y - y);
  for (const spot of spots) {
    if (spot.width === 0) {
      if (!nearest || distance(spot) < distance(nearest)) nearest = spot;
    } else if (x >= spot.x && x < spot.x + spot.width && y >= spot.y && y < spot.y + spot.height) {
      return spot;
    }
  }
  return nearest;
}
