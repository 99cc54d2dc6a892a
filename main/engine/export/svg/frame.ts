/** What every chart has around it: title, caution, legend, note, and words for those who cannot see it. */
import type { Locale } from '../../../contract/appearance';
import { say } from '../../../contract/messages';
import type { ChartSpec } from '../../../contract/report/report';
import { element, escape, rectangle, text } from './elements';
import { ink, muted, paper } from './palette';
import { widest, widthOf, wrap } from './words';

export const pageWidth = 960;
export const margin = 44;
const leastHeight = 540;
const inner = pageWidth - 2 * margin;

const fonts = "system-ui, 'WenQuanYi Micro Hei', 'Noto Sans CJK SC', sans-serif";

export interface LegendEntry {
  words: string;
  /** begins a new line, with this name before it */
  heading?: string;
  /** draws the sign into a box of 22 × 14 with its corner at (x, y) */
  sign: (x: number, y: number) => string;
}

/** The part of a chart that differs by its kind. */
export interface Body {
  legend: LegendEntry[];
  /** what the plot needs below the legend */
  height: number;
  /** @param height  at least the height asked for: what is left on the page */
  draw: (top: number, height: number) => string;
  /** the figures in words */
  description: string[];
}

const legendSize = 13.5;
const legendGap = 26;
const signWidth = 22;
const noteSize = 12.5;

export function frame(spec: ChartSpec, locale: Locale, body: Body): string {
  const title = say(locale, spec.title);
  const note = say(locale, spec.note);
  const head = [text(margin, 52, title, { size: 25, fill: ink, weight: 650 })];
  let y = 74;
  if (spec.caution) {
    head.push(cautionMark(y, say(locale, spec.caution)));
    y += 44;
  }
  const legend = legendRows(body.legend, y);
  const top = legend.bottom + 12;
  const noteLines = wrap(note, inner, noteSize);
  const below = 22 + noteLines.length * 18 + 20;
  const height = Math.max(leastHeight, top + body.height + below);
  const foot = noteLines.map((words, at) =>
    text(margin, height - 24 - (noteLines.length - 1 - at) * 18, words, { size: noteSize, fill: muted }),
  );
  const [titleId, descriptionId] = [`${spec.id}-title`, `${spec.id}-description`];
  const spoken = [spec.caution ? say(locale, spec.caution) : '', ...body.description, note].filter(Boolean);
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: pageWidth,
      height,
      viewBox: `0 0 ${pageWidth} ${Math.round(height * 100) / 100}`,
      role: 'img',
      lang: locale,
      'aria-labelledby': `${titleId} ${descriptionId}`,
      'font-family': fonts,
    },
    `\n${element('title', { id: titleId }, escape(title))}`,
    `\n${element('desc', { id: descriptionId }, escape(spoken.join('\n')))}`,
    ...[
      rectangle({ x: 0, y: 0, width: pageWidth, height }, paper),
      ...head,
      legend.drawn,
      body.draw(top, height - top - below),
      ...foot,
    ].map((part) => `\n${part}`),
    '\n',
  )}\n`;
}

/** Amber, with a sign of its own: it must be seen before any number, also in grey print. */
function cautionMark(y: number, words: string): string {
  const width = widthOf(words, 14, 600) + 48;
  const sign = element('path', { d: `M${margin + 20} ${y + 6}l8.5 15h-17z`, fill: '#b26a00' });
  return (
    rectangle({ x: margin, y, width, height: 28 }, '#fff3d1', {
      rx: 6,
      stroke: '#d99a00',
      'stroke-width': 1,
    }) +
    sign +
    text(margin + 20, y + 19.5, '!', { size: 11, fill: paper, weight: 800, anchor: 'middle' }) +
    text(margin + 38, y + 19, words, { size: 14, fill: '#5f3c00', weight: 600 })
  );
}

/** The same for all, so that the entries after them stand in columns. */
const headingWidth = (entries: readonly LegendEntry[]): number => {
  const width = widest(
    entries.map(({ heading }) => heading ?? ''),
    legendSize,
    650,
  );
  return width > 0 ? width + 16 : 0;
};

function legendRows(entries: readonly LegendEntry[], top: number): { drawn: string; bottom: number } {
  let [x, y, drawn] = [margin, top, ''];
  for (const { words, sign, heading } of entries) {
    if (heading !== undefined) {
      if (x > margin) [x, y] = [margin, y + 26];
      drawn += text(x, y + 12, heading, { size: legendSize, fill: ink, weight: 650 });
      x += headingWidth(entries);
    }
    const width = signWidth + 8 + widthOf(words, legendSize);
    if (x > margin && x + width > pageWidth - margin) [x, y] = [margin + headingWidth(entries), y + 24];
    drawn += sign(x, y) + text(x + signWidth + 8, y + 12, words, { size: legendSize, fill: ink });
    x += width + legendGap;
  }
  return { drawn, bottom: entries.length > 0 ? y + 20 : y };
}
