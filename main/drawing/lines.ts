import type { Locale } from '../contract/appearance';
import { message, say } from '../contract/messages';
import { showValue } from '../contract/quantities';
import { axisFor, stepsWithin, titleOf } from './axis';
import type { Format } from './format';
import { dashes, stroke } from './marks';
import { colourKind, type Look } from './palette';
import type { LegendEntry, Plot, Spot } from './plot';
import { isGap, thinned, type Point } from './points';
import { acrossFrom, axisBelow, gridLine, type Across } from './rows';
import { circle, path, text, textAt, through, type Shape } from './shapes';
import { acrossOf, largest, quantityOf, shadesOfLines, type LinesSpec } from './spec';
import { widest, widthOf } from './words';

type Line = LinesSpec['lines'][number];

const leastHeight = { alone: 300, onPage: 264 };
/** between the names at the lines' ends */
const leastDistance = 18;

const lowest = (points: readonly Point[]): number =>
  points.reduce((least, { y }) => (y < least ? y : least), 0);
const highest = (points: readonly Point[]): number =>
  points.reduce((most, { y }) => (y > most ? y : most), 0);
const last = ({ points }: Line): Point | undefined => points.findLast((point) => !isGap(point));

/** Where readings lie. */
interface Area {
  across: Across;
  up: Across;
}

/** VMs are dashed; a drawing that stands alone names each line at its end, so that it needs neither colour nor legend. */
export function lines(spec: LinesSpec, locale: Locale, format: Format): Plot {
  const { look, margin, standsAlone } = format;
  const all = spec.lines.flatMap(({ points }) => points);
  const labels = spec.lines.map(({ label }) => say(locale, label));
  const shades = shadesOfLines(spec);
  const value = axisFor(spec.unit, lowest(all), highest(all), locale);
  const ticks = value.ticks.map(({ words }) => words);
  const left = margin + widest(ticks, format.tick) + 12;
  // the last tick's number reaches beyond the axis by its half
  const ends = standsAlone ? widest(labels, format.label) + 14 : 20;
  const right = Math.max(left + 40, format.width - margin - ends);
  const lastMs = largest(all.map(({ xMs }) => xMs));
  const below = acrossOf(spec);
  const axis = axisFor(below.unit, 0, lastMs, locale, stepsWithin(right - left));
  const across = acrossFrom(left, right, axis);
  return {
    legend: standsAlone ? [] : legendOf(spec, labels, shades, look),
    height: standsAlone ? leastHeight.alone : leastHeight.onPage,
    draw: (top, height) => {
      const floor = top + height - format.axis;
      const up = acrossFrom(floor, top + 26, value);
      const quiet = { size: format.tick, fill: look.muted };
      const title = titleOf(value, say(locale, quantityOf(spec)), locale);
      const shown = spec.lines.map(({ points }) => thinned(points, Math.max(100, right - left)));
      return {
        shapes: [
          text(margin, top + 9, title, quiet),
          ...value.ticks.flatMap(({ at, words }) => [
            gridLine(left, up(at), right, up(at), at, format),
            textAt(left - 10, up(at), words, { ...quiet, anchor: 'end' }),
          ]),
          ...axisBelow(axis, say(locale, below.title), across, floor, locale, format),
          ...spec.lines.flatMap((line, at) => drawLine(line, shown[at]!, shades[at]!, { across, up }, look)),
          ...(standsAlone ? namesAtEnds(spec, labels, { across, up }, format) : []),
        ],
        spots: () =>
          shown.flatMap((points, at) => spotsOf(spec, labels[at]!, points, { across, up }, locale)),
      };
    },
    description: spec.lines.map((line, at) => {
      const end = last(line);
      const told = end
        ? `${showValue(locale, spec.unit, end.y)} (${showValue(locale, below.unit, end.xMs)})`
        : message(locale, 'chart.missing');
      return `${labels[at]!}: ${told}`;
    }),
  };
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

/** Names at the ends of the lines, moved apart where the ends are close. */
function namesAtEnds(
  spec: LinesSpec,
  labels: readonly string[],
  { across, up }: Area,
  { label: size, look }: Format,
): Shape[] {
  const ends = spec.lines
    .flatMap((line, at) => {
      const end = last(line);
      return end ? [{ words: labels[at]!, x: across(end.xMs) + 10, y: up(end.y) }] : [];
    })
    .sort((a, b) => b.y - a.y);
  const taken: { x: number; end: number; y: number }[] = [];
  return ends.map(({ words, x, y }) => {
    const place = { x, end: x + widthOf(words, size), y };
    const inTheWay = () =>
      taken.find((other) => other.x < place.end && place.x < other.end && other.y - place.y < leastDistance);
    for (let other = inTheWay(); other; other = inTheWay()) place.y = other.y - leastDistance;
    taken.push(place);
    return textAt(place.x, place.y, words, { size, fill: look.text });
  });
}

/** Every name of a kind once. */
function legendOf(
  spec: LinesSpec,
  labels: readonly string[],
  shades: readonly number[],
  look: Look,
): LegendEntry[] {
  const entries = new Map<string, LegendEntry>();
  spec.lines.forEach(({ target }, at) => {
    const kind = colourKind(target);
    const words = labels[at]!;
    entries.set(`${kind} ${words}`, {
      words,
      sign: (x, y) => [stroke(x, y + 7, kind, shades[at]!, look)],
    });
  });
  return [...entries.values()];
}
