/** A chart as a picture that stands alone: what it has around it is title, legend and note. */
import type { Locale } from '../contract/appearance';
import { say } from '../contract/messages';
import type { ChartSpec } from '../contract/report/report';
import { plotOf } from './chart';
import { slide as format } from './format';
import type { LegendEntry } from './plot';
import { rectangle, text, type Shape } from './shapes';
import { widest, widthOf, wrap } from './words';

const { width, margin, look } = format;
const inner = width - 2 * margin;
/** of a slide; rows of hosts are as high as they are, and would stand in the midst of nothing */
const leastHeight = ({ kind }: ChartSpec): number => (kind === 'forest' ? 0 : 540);
const legendSize = 13.5;
const legendGap = 26;
const signWidth = 22;
const titleSize = 25;
const titleHeight = 32;
/** bold letters are wider than `wrap` reckons */
const titleRoom = inner / 1.07;
const noteSize = 12.5;
const noteHeight = 18;

export interface Slide {
  width: number;
  height: number;
  title: string;
  /** the figures in words, for those who cannot see them */
  description: string[];
  shapes: Shape[];
}

export function slideOf(spec: ChartSpec, locale: Locale): Slide {
  const plot = plotOf(spec, locale, format);
  const [title, note] = [say(locale, spec.title), say(locale, spec.note)];
  const titles = wrap(title, titleRoom, titleSize);
  const headed = 74 + (titles.length - 1) * titleHeight;
  const legend = legendRows(plot.legend, headed);
  const top = legend.bottom + 12;
  const notes = wrap(note, inner, noteSize);
  const below = 22 + notes.length * noteHeight + 20;
  const height = Math.ceil(Math.max(leastHeight(spec), top + plot.height + below));
  return {
    width,
    height,
    title,
    description: [...plot.description, note].filter(Boolean),
    shapes: [
      rectangle({ x: 0, y: 0, width, height }, { fill: look.surface }),
      ...titles.map((words, at) =>
        text(margin, 52 + at * titleHeight, words, { size: titleSize, fill: look.text, weight: 650 }),
      ),
      ...legend.shapes,
      ...plot.draw(top, height - top - below).shapes,
      ...notes.map((words, at) =>
        text(margin, height - 24 - (notes.length - 1 - at) * noteHeight, words, {
          size: noteSize,
          fill: look.muted,
        }),
      ),
    ],
  };
}

/** The same for all, so that the entries after them stand in columns. */
const headingWidth = (entries: readonly LegendEntry[]): number => {
  const room = widest(
    entries.map(({ heading }) => heading ?? ''),
    legendSize,
    650,
  );
  return room > 0 ? room + 16 : 0;
};

function legendRows(entries: readonly LegendEntry[], top: number): { shapes: Shape[]; bottom: number } {
  const shapes: Shape[] = [];
  const style = { size: legendSize, fill: look.text };
  const indent = margin + headingWidth(entries);
  let [x, y] = [margin, top];
  for (const { words, sign, heading } of entries) {
    if (heading !== undefined) {
      if (x > margin) [x, y] = [margin, y + 26];
      shapes.push(text(x, y + 12, heading, { ...style, weight: 650 }));
      x = indent;
    }
    const room = signWidth + 8 + widthOf(words, legendSize);
    if (x > margin && x + room > width - margin) [x, y] = [indent, y + 24];
    shapes.push(...sign(x, y), text(x + signWidth + 8, y + 12, words, style));
    x += room + legendGap;
  }
  return { shapes, bottom: entries.length > 0 ? y + 20 : y };
}
