import type { Locale } from '../contract/appearance';
import type { ChartSpec } from '../contract/report/report';
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
