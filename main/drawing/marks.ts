/** The signs that charts are made of: the same in the plot and in its legend. */
import type { Kind, Look } from './palette';
import {
  circle,
  closed,
  line,
  path,
  rectangle,
  textAt,
  through,
  type Box,
  type Corner,
  type Shape,
} from './shapes';

/** Where a row lies. */
export interface RowPlace {
  middle: number;
  thickness: number;
}

const hatchStep = 7;
/** So many cross a box of 2 700 pixels, which is wider than any drawing. */
const mostHatchLines = 400;

/**
 * Diagonal lines that fill a box, each cut at its edges. Drawn one by one, since office programs lose SVG patterns and
 * clip paths when a chart is put on a slide.
 */
export function hatch({ x, y, width, height }: Box): string {
  const step = Math.max(hatchStep, (width + height) / mostHatchLines);
  let lines = '';
  for (let offset = step / 2; offset < width + height; offset += step) {
    const [fromX, fromY] = offset <= height ? [0, offset] : [offset - height, height];
    const [toX, toY] = offset <= width ? [offset, 0] : [width, offset - width];
    lines += through([x + fromX, y + fromY], [x + toX, y + toY]);
  }
  return lines;
}

/** What is there is seen, however little it is. */
const leastWidth = 2;

/** A filled box in the look of its kind: VMs have a dark edge, which grey print keeps, and what was emulated is hatched. */
export function area(box: Box, kind: Kind, index: number, look: Look, emulated = false): Shape[] {
  if (box.width <= 0) return [];
  const shown = { ...box, width: Math.max(leastWidth, box.width) };
  const edge = kind === 'vm' ? { stroke: look.fill('vm', edgeShade), 'stroke-width': 1 } : {};
  return [
    rectangle(shown, { fill: look.fill(kind, index), ...edge }),
    ...(emulated
      ? [path(hatch(shown), { stroke: look.surface, 'stroke-width': 1.6, 'stroke-opacity': 0.75 })]
      : []),
  ];
}

/** What all of a kind have together, as an area between two edges: VMs are paler than containers, so that grey print tells them apart. */
export function silhouette(
  upper: readonly Corner[],
  lower: readonly Corner[],
  kind: Kind,
  look: Look,
): Shape[] {
  return [
    path(closed(...upper, ...lower.toReversed()), {
      fill: look.fill(kind, 0),
      'fill-opacity': kind === 'vm' ? 0.3 : 0.85,
    }),
    path(through(...upper), { stroke: look.line(kind, 0), 'stroke-width': 1.5, 'stroke-linejoin': 'round' }),
  ];
}

/** the darkest on paper, the lightest on a dark surface */
const edgeShade = 4;

const inside = ({ x, y, width, height }: Box, by: number): Box => ({
  x: x + by,
  y: y + by,
  width: width - 2 * by,
  height: height - 2 * by,
});

/** Something that is needed besides, and shared: not part of what is filled. */
export const hollow = (box: Box, look: Look): Shape =>
  rectangle(inside(box, 0.6), {
    fill: 'none',
    stroke: look.muted,
    'stroke-width': 1.2,
    'stroke-dasharray': '4 3',
  });

/** One measurement. */
export const dot = (x: number, y: number, radius: number, look: Look): Shape =>
  circle(x, y, radius, { fill: look.surface, 'fill-opacity': 0.9, stroke: look.text, 'stroke-width': 1.1 });

/** The middle of the measurements, from the bar's end down to them. */
export const tick = (x: number, top: number, bottom: number, look: Look): Shape =>
  line(x, top, x, bottom, look.text, 1.4);

/** The box of a box plot, see-through, so that it neither hides the bar nor the points. */
export const box = (from: number, to: number, { middle, thickness }: RowPlace, look: Look): Shape =>
  rectangle(
    {
      x: from,
      y: middle - thickness * 0.36,
      width: Math.max(1, to - from),
      height: thickness * 0.72,
    },
    { fill: look.surface, 'fill-opacity': 0.55, stroke: look.text, 'stroke-width': 1.2 },
  );

/** An interval, with a halo that keeps it readable on any fill. */
export function whisker(from: number, to: number, { middle, thickness }: RowPlace, look: Look): Shape[] {
  const reach = Math.min(8, thickness / 3.2);
  const d =
    through([from, middle], [to, middle]) +
    [from, to].map((x) => through([x, middle - reach], [x, middle + reach])).join('');
  return [
    path(d, { stroke: look.surface, 'stroke-width': 4.4, 'stroke-opacity': 0.85 }),
    path(d, { stroke: look.text, 'stroke-width': 1.7 }),
  ];
}

/**
 * A reservation: a frame around a row. Where it goes on beyond the axis it is open on the right, with an arrow.
 * @param under  what stands below the bar, inside the frame
 */
export function outline(
  left: number,
  right: number,
  { middle, thickness }: RowPlace,
  isOpen: boolean,
  look: Look,
  under = 0,
): Shape {
  const [top, bottom] = [middle - thickness / 2 - 4, middle + thickness / 2 + under + 3];
  const around = [
    [right, top],
    [left, top],
    [left, bottom],
    [right, bottom],
  ] as const;
  const head = through([right + 1, middle - 5], [right + 7, middle], [right + 1, middle + 5]);
  return path(isOpen ? through(...around) + head : closed(...around), {
    stroke: look.muted,
    'stroke-width': 1.3,
  });
}

/** A name inside a bar, on a ground of its own so that it can be read on any fill. */
export const pill = (
  x: number,
  middle: number,
  words: string,
  width: number,
  { look, detail }: { look: Look; detail: number },
): Shape[] => [
  rectangle(
    { x: x - width / 2, y: middle - detail * 0.72, width, height: detail * 1.44 },
    { fill: look.surface, 'fill-opacity': 0.94, rx: 4 },
  ),
  textAt(x, middle, words, { size: detail, fill: look.text, weight: 500, anchor: 'middle' }),
];

/** A published figure, at the end of its line. */
export const diamond = (x: number, y: number, look: Look): Shape =>
  path(closed([x - 5.5, y], [x, y - 5.5], [x + 5.5, y], [x, y + 5.5]), {
    fill: look.surface,
    stroke: look.muted,
    'stroke-width': 1.6,
  });

/** A published figure that lies beyond the axis' end. */
export const arrow = (x: number, y: number, look: Look): Shape =>
  path(through([x, y], [x + 14, y], [x + 9, y - 4.5], [x + 14, y], [x + 9, y + 4.5]), {
    stroke: look.muted,
    'stroke-width': 1.4,
  });

/** VMs are dashed, so that a line needs no colour to be told from a container's. */
export const dashes = (kind: Kind): { 'stroke-dasharray'?: string } =>
  kind === 'vm' ? { 'stroke-dasharray': '9 5' } : {};

/** Joins a name to the end of its line. */
export const leader = (
  from: readonly [number, number],
  to: readonly [number, number],
  colour: string,
): Shape => path(through(from, to), { stroke: colour, 'stroke-width': 0.8, 'stroke-opacity': 0.6 });

/** A line's sign in a legend. */
export const stroke = (x: number, middle: number, kind: Kind, index: number, look: Look): Shape => {
  const drawn = line(x, middle, x + 22, middle, look.line(kind, index), 2.6);
  Object.assign(drawn.attributes, dashes(kind));
  return drawn;
};
