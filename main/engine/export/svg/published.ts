/** Published figures: a lane of their own below the value axis, so that none of them is taken for a bar, and what they hold for. */
import type { Locale } from '../../../contract/appearance';
import { message, say } from '../../../contract/messages';
import { hasPublished } from '../../../contract/report/published';
import type { ChartSpec } from '../../../contract/report/report';
import type { Axis } from './axis';
import { element, line, path, text } from './elements';
import { margin, pageWidth } from './frame';
import { faint, ink, muted, paper } from './palette';
import { widest, wrap } from './words';

const labelSize = 12.5;
const noteSize = 12;
const noteHeight = 16;
const rowHeight = 21;
const headHeight = 40;
const columnGap = 18;

interface Place {
  across: (value: number) => number;
  axis: Axis;
}

export interface Lane {
  height: number;
  /** what the names need left of the axis */
  labelWidth: number;
  /** what a value needs right of the axis */
  valueWidth: number;
  draw(top: number, place: Place): string;
  /** the figures in words */
  description: string[];
}

interface Figure {
  name: string;
  value: number;
  published: string;
  conditions: string;
  source: string;
}

export function publishedLane(spec: ChartSpec, locale: Locale): Lane | undefined {
  if (!hasPublished(spec)) return undefined;
  const figures = spec.references.map(({ label, conditions, ...rest }): Figure => ({
    ...rest,
    name: say(locale, label),
    conditions: say(locale, conditions),
  }));
  const about = spec.aboutReferences ? say(locale, spec.aboutReferences) : '';
  const laneHeight = headHeight + figures.length * rowHeight + 10;
  const notes = notesOf(figures, about);
  return {
    height: laneHeight + notes.height,
    labelWidth: widest(names(figures), labelSize) + 14,
    valueWidth: widest(values(figures), labelSize) + 28,
    draw: (top, place) =>
      [
        line(margin, top + 12, pageWidth - margin, top + 12, faint),
        text(margin, top + 31, message(locale, 'published.title'), { size: 13.5, fill: ink, weight: 650 }),
        rows(figures, top + headHeight, place),
        notes.draw(top + laneHeight),
      ].join('\n'),
    description: [
      about,
      ...figures.map(
        ({ name, published, conditions, source }) => `${name}: ${published} (${conditions} ${source})`,
      ),
    ].filter(Boolean),
  };
}

const names = (figures: readonly Figure[]): string[] => figures.map(({ name }) => name);
const values = (figures: readonly Figure[]): string[] => figures.map(({ published }) => published);

function rows(figures: readonly Figure[], top: number, { across, axis }: Place): string {
  const bottom = top + figures.length * rowHeight;
  const grid = axis.ticks.map(({ at }) => line(across(at), top, across(at), bottom, faint));
  const drawn = figures.map(({ name, value, published }, at) => {
    const middle = top + (at + 0.5) * rowHeight;
    const beyond = value > axis.max;
    const x = across(Math.min(value, axis.max));
    return [
      text(across(0) - 12, middle + 4, name, { size: labelSize, fill: ink, anchor: 'end' }),
      line(across(0), middle, x, middle, muted),
      beyond ? arrow(x, middle) : diamond(x, middle),
      text(x + (beyond ? 20 : 12), middle + 4.5, published, { size: labelSize, fill: muted }),
    ].join('');
  });
  return [...grid, ...drawn].join('');
}

const diamond = (x: number, y: number): string =>
  element('path', {
    d: `${path([
      [x - 5.5, y],
      [x, y - 5.5],
      [x + 5.5, y],
      [x, y + 5.5],
    ])}Z`,
    fill: paper,
    stroke: muted,
    'stroke-width': 1.6,
  });

/** The figure lies beyond the axis' end. */
const arrow = (x: number, y: number): string =>
  element('path', {
    d: path([
      [x, y],
      [x + 14, y],
      [x + 9, y - 4.5],
      [x + 14, y],
      [x + 9, y + 4.5],
    ]),
    fill: 'none',
    stroke: muted,
    'stroke-width': 1.4,
  });

/** Every figure with its conditions beside it. */
function notesOf(
  figures: readonly Figure[],
  about: string,
): { height: number; draw: (top: number) => string } {
  const left = margin + widest([...names(figures), ...values(figures)], noteSize, 600) + columnGap;
  const aboutLines = wrap(about, pageWidth - 2 * margin, noteSize);
  const entries = figures.map(({ name, published, conditions, source }) => {
    const width = pageWidth - margin - left;
    const lines = [...wrap(conditions, width, noteSize), ...wrap(source, width, noteSize)];
    return { name, published, lines };
  });
  const note = (x: number, y: number, words: string) => text(x, y, words, { size: noteSize, fill: muted });
  const aboutHeight = aboutLines.length * noteHeight + 12;
  const heightOf = (lines: readonly string[]) => lines.length * noteHeight + 8;
  return {
    height: aboutHeight + entries.reduce((sum, { lines }) => sum + heightOf(lines), 0),
    draw: (top) => {
      const drawn = aboutLines.map((words, at) => note(margin, top + 14 + at * noteHeight, words));
      let y = top + aboutHeight + 14;
      for (const { name, published, lines } of entries) {
        drawn.push(text(margin, y, name, { size: noteSize, fill: ink, weight: 600 }));
        drawn.push(note(margin, y + noteHeight, published));
        drawn.push(...lines.map((words, at) => note(left, y + at * noteHeight, words)));
        y += heightOf(lines);
      }
      return drawn.join('\n');
    },
  };
}
