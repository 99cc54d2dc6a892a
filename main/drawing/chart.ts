import type { Locale } from '../contract/appearance';
import type { ChartSpec } from '../contract/report/report';
import { bars as chartOfBars } from './charts/bars';
import type { Drawing, View as Looked } from './charts/common';
import { bars } from './bars/bars';
import { forest } from './forest/forest';
import type { Format } from './format';
import { lines, type LinesView } from './lines';
import type { Plot } from './plot';
import { spans } from './spans';

/** How a reader looks at a chart. */
export interface View extends LinesView {
  /** whether the axis reaches as far as the reservations; by default where they leave the bars to be seen */
  withReserved?: boolean;
}

/** The one place where a chart is laid out: axes, marks, colours, words and legend, for the page and for files. */
export function plotOf(spec: ChartSpec, locale: Locale, format: Format, view: View = {}): Plot {
  switch (spec.kind) {
    case 'bars':
      return bars(spec, locale, format, view.withReserved);
    case 'lines':
      return lines(spec, locale, format, view);
    case 'spans':
      return spans(spec, locale, format);
    case 'forest':
      return forest(spec, locale, format);
  }
}

/** What Chart.js is given to draw a chart, on the page's canvas and in files; undefined of kinds that are still laid out by `plotOf`. */
export const chartOf = (spec: ChartSpec, view: Looked): Drawing | undefined =>
  spec.kind === 'bars' ? chartOfBars(spec, view) : undefined;
