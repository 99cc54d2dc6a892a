import type { Locale } from '../contract/appearance';
import { message, say } from '../contract/messages';
import { showValue } from '../contract/quantities';
import { axisFor, axisWithin, stepsWithin, titleOf, type Axis } from './axis';
import type { Format } from './format';
import { dashes, leader, silhouette, stroke } from './marks';
import { colourKind, type Look } from './palette';
import type { LegendEntry, Plot, Spot, Zoomable } from './plot';
import { isGap, readingAt, thinned, within, type Point } from './points';
import { acrossFrom, axisBelow, gridLine, type Across } from './rows';
import { circle, path, text, textAt, through, type Shape } from './shapes';
import { acrossOf, isEmulated, quantityOf, shadesOfLines, type LinesSpec } from './spec';
import { widest } from './words';

type Line = LinesSpec['lines'][number];

const leastHeight = { alone: 300, onPage: 264 };
/** between the names at the lines' ends, in font sizes */
const leastDistance = 1.3;
/** More names than this are a list, not names at ends. */
const mostNames = 10;
/** of the width, that names at the lines' ends may take */
const mostForNames = 0.32;

const last = ({ points }: Line): Point | undefined => points.findLast((point) => !isGap(point));

const highest = ({ points }: Line): Point | undefined =>
  points.reduce<Point | undefined>((most, point) => (most && most.y >= point.y ? most : point), undefined);

/** Where readings lie. */
interface Area {
  across: Across;
  up: Across;
}

/** How a reader looks at lines. */
export interface LinesView {
  /** from where to where across; default: all */
  range?: readonly [from: number, to: number] | undefined;
  /** lines that are not shown, by their place */
  hidden?: ReadonlySet<number> | undefined;
}

/** The least and the greatest reading, and where the last one lies, in one pass: there may be a hundred thousand. */
function extentOf(all: readonly (readonly Point[])[]): { low: number; high: number; end: number } {
  let [low, high, end] = [0, 0, 0];
  for (const points of all)
    for (const { xMs, y } of points) {
      if (xMs > end) end = xMs;
      if (y < low) low = y;
      if (y > high) high = y;
    }
  return { low, high, end };
}

/** What names at the lines' ends take; undefined where they are too many or too long to stand there, and of areas, which end at the ground. */
function roomForNames(spec: LinesSpec, labels: readonly string[], format: Format): number | undefined {
  if (spec.filled) return undefined;
  const room = widest(labels, format.label) + 22;
  const fits = format.standsAlone || (!format.isNarrow && room <= format.width * mostForNames);
  return fits && labels.length <= mostNames ? room : undefined;
}

/** VMs are dashed, and each line is named at its end where there is room: so it needs neither colour nor legend. */
export function lines(spec: LinesSpec, locale: Locale, format: Format, view: LinesView = {}): Plot {
  const { look, margin, standsAlone } = format;
  const labels = spec.lines.map(({ label }) => say(locale, label));
  const shades = shadesOfLines(spec);
  const isShown = (at: number): boolean => !(view.hidden?.has(at) ?? false);
  const { end: lastMs } = extentOf(spec.lines.map(({ points }) => points));
  const [from, to] = view.range ?? [0, lastMs];
  const part = spec.lines.map(({ points }, at) => (isShown(at) ? within(points, from, to) : []));
  const { low, high } = extentOf(part);
  const value = axisFor(spec.unit, low, high, locale);
  const ticks = value.ticks.map(({ words }) => words);
  const left = margin + widest(ticks, format.tick) + 12;
  const nameRoom = roomForNames(spec, labels, format);
  const hasNames = nameRoom !== undefined;
  // the last tick's number reaches beyond the axis by its half
  const right = Math.max(left + 40, format.width - margin - (nameRoom ?? 20));
  const below = acrossOf(spec);
  const axis = view.range
    ? axisWithin(below.unit, from, to, locale, stepsWithin(right - left))
    : axisFor(below.unit, 0, lastMs, locale, stepsWithin(right - left));
  const across = acrossFrom(left, right, axis);
  const thin = part.map((points) => thinned(points, Math.max(100, right - left)));
  return {
    legend: [
      ...(standsAlone && hasNames ? [] : legendOf(spec, labels, shades, look)),
      ...emulatedLegend(spec, locale, look),
    ],
    height: standsAlone ? leastHeight.alone : leastHeight.onPage,
    draw: (top, height) => {
      const floor = top + height - format.axis;
      const up = acrossFrom(floor, top + 26, value);
      const quiet = { size: format.tick, fill: look.muted };
      const title = titleOf(value, say(locale, quantityOf(spec)), locale);
      const area = { across, up };
      return {
        shapes: [
          text(margin, top + 9, title, quiet),
          ...value.ticks.flatMap(({ at, words }) => [
            gridLine(left, up(at), right, up(at), at, format),
            textAt(left - 10, up(at), words, { ...quiet, anchor: 'end' }),
          ]),
          ...axisBelow(axis, say(locale, below.title), across, floor, locale, format),
          ...spec.lines.flatMap((line, at) =>
            (spec.filled ? drawFilled : drawLine)(line, clipped(thin[at]!, axis), shades[at]!, area, look),
          ),
          ...(hasNames
            ? namesAtEnds(spec, labels, thin, area, { right, top: top + 26, floor }, axis, format)
            : []),
        ],
        spots: () => thin.flatMap((points, at) => spotsOf(spec, labels[at]!, points, area, locale)),
      };
    },
    description: describe(spec, labels, locale),
    ...(lastMs > 0 && {
      zoom: {
        ...{ from: axis.min, to: axis.max, whole: [0, lastMs] as const, left, right },
        readAt: (at: number) => readingsAt(spec, at, labels, isShown, across, locale),
      },
    }),
  };
}

/** What each line that is shown last said at a place across. */
function readingsAt(
  spec: LinesSpec,
  at: number,
  labels: readonly string[],
  isShown: (line: number) => boolean,
  across: Across,
  locale: Locale,
): ReturnType<Zoomable['readAt']> {
  const readings = spec.lines.flatMap(({ points }, line) => {
    const reading = isShown(line) ? readingAt(points, at) : undefined;
    if (!reading) return [];
    const figure = showValue(locale, spec.unit, reading.y);
    return [{ x: across(at), line, name: labels[line]!, figure }];
  });
  return { title: spotTitle(spec, at, locale), readings };
}

/** What a line ends at; of a sum, which ends at nothing, what it came to at most. */
const describe = (spec: LinesSpec, labels: readonly string[], locale: Locale): string[] =>
  spec.lines.map((line, at) => {
    const end = spec.filled ? highest(line) : last(line);
    const told = end
      ? `${showValue(locale, spec.unit, end.y)} (${showValue(locale, acrossOf(spec).unit, end.xMs)})`
      : message(locale, 'chart.missing');
    return `${labels[at]!}: ${told}`;
  });

/** What lies beyond the ends of the axis is cut where the line crosses them. */
function clipped(points: readonly Point[], { min, max }: Axis): readonly Point[] {
  const cut = (inner: Point, outer: Point, x: number): Point => ({
    xMs: x,
    y: inner.y + ((outer.y - inner.y) * (x - inner.xMs)) / (outer.xMs - inner.xMs || 1),
  });
  return points.flatMap((point, at) => {
    const next = points[at + 1];
    const before = points[at - 1];
    if (point.xMs < min) return next && next.xMs > min ? [cut(next, point, min)] : [];
    if (point.xMs > max) return before && before.xMs < max ? [cut(before, point, max)] : [];
    return [point];
  });
}

/** The stretches between gaps. */
function stretches(points: readonly Point[]): Point[][] {
  const found: Point[][] = [[]];
  for (const point of points) {
    if (isGap(point)) found.push([]);
    else found.at(-1)!.push(point);
  }
  return found.filter(({ length }) => length > 0);
}

/** Where nothing is there is nothing to draw, not even an edge. */
const isFlat = (points: readonly Point[], at: number): boolean =>
  [points[at - 1], points[at], points[at + 1]].every((point) => !point || point.y === 0);

function drawFilled(
  { target }: Line,
  points: readonly Point[],
  _shade: number,
  { across, up }: Area,
  look: Look,
): Shape[] {
  const kind = colourKind(target);
  return stretches(points.map((point, at) => (isFlat(points, at) ? { ...point, y: NaN } : point))).flatMap(
    (stretch) =>
      silhouette(
        stretch.map(({ xMs, y }) => [across(xMs), up(y)] as const),
        stretch.map(({ xMs }) => [across(xMs), up(0)] as const),
        kind,
        look,
      ),
  );
}

function drawLine(
  line: Line,
  points: readonly Point[],
  shade: number,
  { across, up }: Area,
  look: Look,
): Shape[] {
  const kind = colourKind(line.target);
  const colour = look.line(kind, shade);
  const drawn = stretches(points);
  const end = drawn.at(-1)?.at(-1);
  // a reading between two gaps has no line to show it
  const single = drawn.filter(({ length }) => length === 1).map(([point]) => point!);
  const dots = end && !single.includes(end) ? [...single, end] : single;
  const d = drawn
    .filter(({ length }) => length > 1)
    .map((stretch) => through(...stretch.map(({ xMs, y }) => [across(xMs), up(y)] as const)))
    .join('');
  return [
    ...(d === ''
      ? []
      : [path(d, { stroke: colour, 'stroke-width': 2.4, 'stroke-linejoin': 'round', ...dashes(kind) })]),
    ...dots.map(({ xMs, y }) => circle(across(xMs), up(y), 3.2, { fill: colour })),
  ];
}

/** A time says by itself what it is, a count does not. */
const spotTitle = (spec: LinesSpec, x: number, locale: Locale): string => {
  const { unit, title } = acrossOf(spec);
  const value = showValue(locale, unit, x);
  return spec.across ? `${say(locale, title)}: ${value}` : value;
};

const spotsOf = (
  spec: LinesSpec,
  label: string,
  points: readonly Point[],
  { across, up }: Area,
  locale: Locale,
): Spot[] =>
  points
    .filter((point) => !isGap(point))
    .map(({ xMs, y }) => ({
      ...{ x: across(xMs), y: up(y), width: 0, height: 0 },
      say: () => [spotTitle(spec, xMs, locale), `${label}: ${showValue(locale, spec.unit, y)}`],
    }));

/** Names in a column right of all lines, each as near to its line's end as the others leave it, and joined to it where it is far. */
function namesAtEnds(
  spec: LinesSpec,
  labels: readonly string[],
  thin: readonly (readonly Point[])[],
  { across, up }: Area,
  { right, top, floor }: { right: number; top: number; floor: number },
  { min, max }: Axis,
  { label: size, look }: Format,
): Shape[] {
  const distance = size * leastDistance;
  const ends = spec.lines
    .flatMap(({ target }, at) => {
      const end = clipped(thin[at]!, { min, max } as Axis).findLast((point) => !isGap(point));
      return end
        ? [{ target, at, words: labels[at]!, x: across(end.xMs), end: up(end.y), y: up(end.y) }]
        : [];
    })
    .sort((a, b) => a.end - b.end);
  // from above each keeps its distance, then from below, so that none leaves the chart
  ends.forEach((one, at) => {
    one.y = Math.max(one.y, top, at === 0 ? top : ends[at - 1]!.y + distance);
  });
  [...ends].reverse().forEach((one, at, all) => {
    one.y = Math.min(one.y, at === 0 ? floor : all[at - 1]!.y - distance);
  });
  const shades = shadesOfLines(spec);
  return ends.flatMap(({ target, at, words, x, end, y }) => {
    const colour = look.line(colourKind(target), shades[at]!);
    const isFar = right + 10 - x > 12 || Math.abs(end - y) > 4;
    return [
      ...(isFar ? [leader([x + 4, end], [right + 14, y], colour)] : []),
      textAt(right + 18, y, words, { size, fill: look.text }),
    ];
  });
}

/** Every name of a kind once: it is what switches its lines off. */
function legendOf(
  spec: LinesSpec,
  labels: readonly string[],
  shades: readonly number[],
  look: Look,
): LegendEntry[] {
  const entries = new Map<string, LegendEntry>();
  spec.lines.forEach(({ target }, at) => {
    const kind = colourKind(target);
    const key = `${kind} ${labels[at]!}`;
    if (!entries.has(key))
      entries.set(key, {
        words: labels[at]!,
        line: at,
        sign: (x, y) =>
          spec.filled
            ? silhouette(
                [
                  [x, y],
                  [x + 22, y],
                ],
                [
                  [x, y + 14],
                  [x + 22, y + 14],
                ],
                kind,
                look,
              )
            : [stroke(x, y + 7, kind, shades[at]!, look)],
      });
  });
  return [...entries.values()];
}

/** VMs are dashed, and here so is what was emulated. */
const emulatedLegend = (spec: LinesSpec, locale: Locale, look: Look): LegendEntry[] =>
  spec.lines.some((line) => isEmulated(spec, line))
    ? [
        {
          words: message(locale, 'chart.legend.emulated'),
          sign: (x, y) => [
            path(through([x, y + 7], [x + 22, y + 7]), {
              stroke: look.muted,
              'stroke-width': 2.4,
              ...dashes('vm'),
            }),
          ],
        },
      ]
    : [];
