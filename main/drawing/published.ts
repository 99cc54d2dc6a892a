/** Published figures: a lane of their own below the value axis, so that none of them is taken for a bar, and what they hold for. */
import type { Locale } from '../contract/appearance';
import { message, say } from '../contract/messages';
import { hasPublished } from '../contract/report/published';
import type { ChartSpec } from '../contract/report/report';
import type { Axis } from './axis';
import type { Format } from './format';
import { arrow, diamond } from './marks';
import type { Across } from './rows';
import { line, text, textAt, type Shape } from './shapes';
import { widest, wrap } from './words';

const noteSize = 12;
const noteHeight = 16;
const rowHeight = 21;
const headHeight = 40;
const columnGap = 18;

export interface Lane {
  height: number;
  /** what the names need left of the axis */
  labelWidth: number;
  /** what a value needs right of the axis */
  valueWidth: number;
  draw(top: number, across: Across, axis: Axis): Shape[];
  /** the figures in words */
  description: string[];
}

interface PublishedMark {
  name: string;
  value: number;
  published: string;
  conditions: string;
  source: string;
}

export function publishedLane(spec: ChartSpec, locale: Locale, format: Format): Lane | undefined {
  if (!hasPublished(spec)) return undefined;
  const figures = spec.references.map(({ label, conditions, ...rest }): PublishedMark => ({
    ...rest,
    name: say(locale, label),
    conditions: say(locale, conditions),
  }));
  const { margin, width, look, detail, standsAlone } = format;
  const about = spec.aboutReferences ? say(locale, spec.aboutReferences) : '';
  const laneHeight = headHeight + figures.length * rowHeight + 10;
  // on the page they stand below the chart, as text
  const notes = standsAlone ? notesOf(figures, about, format) : { height: 0, draw: () => [] };
  return {
    height: laneHeight + notes.height,
    labelWidth: widest(names(figures), detail) + 14,
    valueWidth: widest(values(figures), detail) + 28,
    draw: (top, across, axis) => [
      line(margin, top + 12, width - margin, top + 12, look.grid),
      text(margin, top + 31, message(locale, 'published.title'), {
        size: detail + 1,
        fill: look.text,
        weight: 650,
      }),
      ...rows(figures, top + headHeight, across, axis, format),
      ...notes.draw(top + laneHeight),
    ],
    description: [
      about,
      ...figures.map(
        ({ name, published, conditions, source }) => `${name}: ${published} (${conditions} ${source})`,
      ),
    ].filter(Boolean),
  };
}

const names = (figures: readonly PublishedMark[]): string[] => figures.map(({ name }) => name);
const values = (figures: readonly PublishedMark[]): string[] => figures.map(({ published }) => published);

function rows(
  figures: readonly PublishedMark[],
  top: number,
  across: Across,
  axis: Axis,
  { detail: size, look }: Format,
): Shape[] {
  const bottom = top + figures.length * rowHeight;
  const grid = axis.ticks.map(({ at }) => line(across(at), top, across(at), bottom, look.grid));
  const drawn = figures.flatMap(({ name, value, published }, at) => {
    const middle = top + (at + 0.5) * rowHeight;
    const isBeyond = value > axis.max;
    const x = across(Math.min(value, axis.max));
    return [
      textAt(across(0) - 12, middle, name, { size, fill: look.text, anchor: 'end' }),
      line(across(0), middle, x, middle, look.muted),
      isBeyond ? arrow(x, middle, look) : diamond(x, middle, look),
      textAt(x + (isBeyond ? 20 : 12), middle, published, { size, fill: look.muted }),
    ];
  });
  return [...grid, ...drawn];
}

interface Notes {
  height: number;
  draw: (top: number) => Shape[];
}

/** Every figure with its conditions beside it. */
function notesOf(figures: readonly PublishedMark[], about: string, { width, margin, look }: Format): Notes {
  const left = margin + widest([...names(figures), ...values(figures)], noteSize, 600) + columnGap;
  const aboutLines = wrap(about, width - 2 * margin, noteSize);
  const entries = figures.map(({ name, published, conditions, source }) => {
    const room = width - margin - left;
    const lines = [...wrap(conditions, room, noteSize), ...wrap(source, room, noteSize)];
    return { name, published, lines };
  });
  const note = (x: number, y: number, words: string) =>
    text(x, y, words, { size: noteSize, fill: look.muted });
  const aboutHeight = aboutLines.length * noteHeight + 12;
  const heightOf = (lines: readonly string[]) => lines.length * noteHeight + 8;
  return {
    height: aboutHeight + entries.reduce((sum, { lines }) => sum + heightOf(lines), 0),
    draw: (top) => {
      const drawn = aboutLines.map((words, at) => note(margin, top + 14 + at * noteHeight, words));
      let y = top + aboutHeight + 14;
      for (const { name, published, lines } of entries) {
        drawn.push(
          text(margin, y, name, { size: noteSize, fill: look.text, weight: 600 }),
          note(margin, y + noteHeight, published),
          ...lines.map((words, at) => note(left, y + at * noteHeight, words)),
        );
        y += heightOf(lines);
      }
      return drawn;
    },
  };
}
