/** Charts that lie: one row per workload and target, names on the left, so that long ones are never cut. */
import type { Locale } from '../contract/appearance';
import { say } from '../contract/messages';
import type { Message } from '../contract/report/report';
import { titleOf, type Axis } from './axis';
import type { Format } from './format';
import type { RowPlace } from './marks';
import { line, textAt, text, type Shape } from './shapes';
import { widest, wrap } from './words';

const groupGap = 14;
/** a row that is higher would look lost */
const most = 86;
const separator = ' · ';
/** Past this width a name goes on below, so that the bars keep their room. */
const leastForNames = 96;
const mostForNames = 0.34;

/** The names of rows, and what room they take. */
export interface Rows {
  /** each row's name, in one line or in two */
  names: string[][];
  /** each row's name as it is told */
  labels: string[];
  /** rows that begin another group: those of one stand closer together */
  begins: boolean[];
  /** where the axis begins */
  left: number;
  /** the height that all of it needs, ticks and title of the axis included, with rows of at least this height */
  heightOf: (row: number) => number;
}

/** The workload that a label names, where it names one. */
const groupOf = (label: Message | string): string => {
  const workload = typeof label === 'string' ? label : label.facts.workload;
  return typeof workload === 'string' ? workload : '';
};

export function rowsOf(all: readonly { label: Message | string }[], locale: Locale, format: Format): Rows {
  const labels = all.map(({ label }) => say(locale, label));
  const groups = all.map(({ label }) => groupOf(label));
  // past this width a name takes two lines, workload above target, so that the bars keep their room
  const isLong = widest(labels, format.label) > format.width * 0.24;
  const names = labels.map((label) => {
    const at = isLong ? label.indexOf(separator) : -1;
    const parts = at < 0 ? [label] : [label.slice(0, at), label.slice(at + separator.length)];
    return parts.flatMap((part) =>
      wrap(part, Math.max(leastForNames, format.width * mostForNames), format.label),
    );
  });
  const begins = groups.map((group, at) => at > 0 && group !== groups[at - 1]);
  return {
    names,
    labels,
    begins,
    left: format.margin + widest(names.flat(), format.label) + 14,
    heightOf: (row) => all.length * row + begins.filter(Boolean).length * groupGap + format.axis,
  };
}

/**
 * Spreads rows over the height that there is, up to a comfortable size, and centres them in what is left.
 * @param under  what a row needs below its bar: the bar stands above the middle by half of it
 */
export function placesFor(
  { begins }: Rows,
  top: number,
  height: number,
  { axis }: Format,
  under = 0,
): RowPlace[] {
  const room = height - axis - begins.filter(Boolean).length * groupGap;
  const each = Math.min(most, room / begins.length);
  const thickness = Math.min(under > 0 ? 30 : 40, (each - under) * 0.6);
  let y = top + (room - each * begins.length) / 2;
  return begins.map((isNew) => {
    if (isNew) y += groupGap;
    const middle = y + (each - under) / 2;
    y += each;
    return { middle, thickness };
  });
}

/** Maps values of an axis onto the page. */
export type Across = (value: number) => number;
export const acrossFrom =
  (left: number, right: number, { min, max }: Axis): Across =>
  (value) =>
    left + ((value - min) / (max - min)) * (right - left);

/** A grid line, the one at 0 stronger. */
export const gridLine = (
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  at: number,
  { look }: Format,
): Shape => line(x1, y1, x2, y2, at === 0 ? look.muted : look.grid, at === 0 ? 1.4 : 1);

/** Ticks and title of an axis that lies. */
export function axisBelow(
  axis: Axis,
  quantity: string,
  across: Across,
  bottom: number,
  locale: Locale,
  { look, tick, axis: height }: Format,
): Shape[] {
  const style = { size: tick, fill: look.muted, anchor: 'middle' } as const;
  return [
    ...axis.ticks.map(({ at, words }) => text(across(at), bottom + 7 + tick * 0.95, words, style)),
    text(
      (across(axis.min) + across(axis.max)) / 2,
      bottom + height - 8,
      titleOf(axis, quantity, locale),
      style,
    ),
  ];
}

/** Grid, axis and the rows' names. */
export function scaffold(
  { names }: Rows,
  places: readonly RowPlace[],
  axis: Axis,
  quantity: string,
  across: Across,
  [top, bottom]: readonly [number, number],
  locale: Locale,
  format: Format,
): Shape[] {
  const left = across(axis.min) - 12;
  const step = format.label * 1.2;
  return [
    ...axis.ticks.map(({ at }) => gridLine(across(at), top, across(at), bottom, at, format)),
    ...axisBelow(axis, quantity, across, bottom, locale, format),
    ...names.flatMap((lines, row) =>
      lines.map((words, at) =>
        textAt(left, places[row]!.middle + (at - (lines.length - 1) / 2) * step, words, {
          size: format.label,
          fill: format.look.text,
          anchor: 'end',
        }),
      ),
    ),
  ];
}
