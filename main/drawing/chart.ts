import type { Locale } from '../contract/appearance';
import type { ChartSpec } from '../contract/report/report';
import { bars } from './bars/bars';
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
  if (spec.kind === 'bars') return bars(spec, locale, format, view.withReserved);
  return spec.kind === 'lines' ? lines(spec, locale, format, view) : spans(spec, locale, format);
}
