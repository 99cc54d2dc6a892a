/** Charts that lie: one row per workload and target, names on the left, so that long ones are never cut. */
import type { Message } from '../../../contract/report/report';
import type { Axis } from './axis';
import { element, line, path, text } from './elements';
import { margin, pageWidth } from './frame';
import { faint, ink, muted, paper } from './palette';
import { widest } from './words';

const labelSize = 14.5;
const tickSize = 12.5;
const axisHeight = 48;
const groupGap = 14;

export interface Row {
  label: string;
  /** rows of the same group stand closer together */
  group: string;
}

/** The workload that a label names, where it names one. */
export const groupOf = (label: Message | string): string => {
  const workload = typeof label === 'string' ? label : label.facts.workload;
  return typeof workload === 'string' ? workload : '';
};

export interface RowPlace {
  middle: number;
  thickness: number;
}

/** Past this width a label takes two lines, workload above target, so that the bars keep their room. */
const widestInOneLine = 230;

/** Both lines of a label, or its only one. */
function linesOf(rows: readonly Row[], { label }: Row): string[] {
  const long =
    widest(
      rows.map((row) => row.label),
      labelSize,
    ) > widestInOneLine;
  const at = long ? label.indexOf(separator) : -1;
  return at < 0 ? [label] : [label.slice(0, at), label.slice(at + separator.length)];
}
const separator = ' · ';

export const leftOf = (rows: readonly Row[]): number =>
  margin +
  widest(
    rows.flatMap((row) => linesOf(rows, row)),
    labelSize,
  ) +
  14;

const gaps = (rows: readonly Row[]): number =>
  rows.filter(({ group }, at) => at > 0 && group !== rows[at - 1]!.group).length * groupGap;

export const heightFor = (rows: readonly Row[]): number => rows.length * 34 + gaps(rows) + axisHeight;

/** Spreads rows over the height that there is, up to a comfortable size, and centres them in what is left. */
export function placesFor(rows: readonly Row[], top: number, height: number): RowPlace[] {
  const room = height - axisHeight - gaps(rows);
  const each = Math.min(86, room / rows.length);
  const thickness = Math.min(40, each * 0.6);
  let y = top + (room - each * rows.length) / 2;
  return rows.map(({ group }, at) => {
    if (at > 0 && group !== rows[at - 1]!.group) y += groupGap;
    const middle = y + each / 2;
    y += each;
    return { middle, thickness };
  });
}

/** Grid, ticks, the axis' title and the rows' names. */
export function scaffold(
  rows: readonly Row[],
  places: readonly RowPlace[],
  axis: Axis,
  across: (value: number) => number,
  top: number,
  height: number,
): string {
  const bottom = top + height - axisHeight;
  const left = across(0);
  const grid = axis.ticks.map(
    ({ at, words }) =>
      line(across(at), top, across(at), bottom, at === 0 ? muted : faint, at === 0 ? 1.4 : 1) +
      text(across(at), bottom + 19, words, { size: tickSize, fill: muted, anchor: 'middle' }),
  );
  const title = text((left + across(axis.max)) / 2, bottom + 40, axis.title, {
    size: 13,
    fill: muted,
    anchor: 'middle',
  });
  const labels = rows.map((row, at) => labelText(linesOf(rows, row), left - 12, places[at]!.middle));
  return [...grid, title, ...labels].join('');
}

function labelText(lines: readonly string[], x: number, middle: number): string {
  const first = middle + 5 - (lines.length - 1) * 8.5;
  return lines
    .map((words, at) => text(x, first + at * 17, words, { size: labelSize, fill: ink, anchor: 'end' }))
    .join('');
}

/** Maps values of an axis onto the page. */
export const acrossFrom =
  (left: number, right: number, axis: Axis) =>
  (value: number): number =>
    left + (value / axis.max) * (right - left);

/** A frame that is left open on the right where the value lies beyond the axis. */
export function outline(left: number, right: number, { middle, thickness }: RowPlace, open: boolean): string {
  const [top, bottom] = [middle - thickness / 2 - 4, middle + thickness / 2 + 4];
  const around = path([
    [right, top],
    [left, top],
    [left, bottom],
    [right, bottom],
  ]);
  return element('path', {
    d: open ? around : `${around}Z`,
    fill: 'none',
    stroke: muted,
    'stroke-width': 1.3,
  });
}

/** The box of a box plot, see-through, so that it neither hides the bar nor the points. */
export const box = (from: number, to: number, { middle, thickness }: RowPlace): string =>
  element('rect', {
    x: from,
    y: middle - thickness * 0.36,
    width: Math.max(1, to - from),
    height: thickness * 0.72,
    fill: paper,
    'fill-opacity': 0.55,
    stroke: ink,
    'stroke-width': 1.2,
  });

export const whisker = (from: number, to: number, { middle, thickness }: RowPlace): string => {
  const reach = Math.min(8, thickness / 3.2);
  const d =
    path([
      [from, middle],
      [to, middle],
    ]) +
    path([
      [from, middle - reach],
      [from, middle + reach],
    ]) +
    path([
      [to, middle - reach],
      [to, middle + reach],
    ]);
  const halo = element('path', {
    d,
    stroke: paper,
    'stroke-width': 4.4,
    'stroke-opacity': 0.85,
    fill: 'none',
  });
  return halo + element('path', { d, stroke: ink, 'stroke-width': 1.7, fill: 'none' });
};

export const rightEdge = pageWidth - margin;
