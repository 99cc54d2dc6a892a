import type { Locale } from '../contract/appearance';
import type { ChartSpec } from '../contract/report/report';
import { bars } from './bars';
import type { Format } from './format';
import { lines } from './lines';
import type { Plot } from './plot';
import { spans } from './spans';

/**
 * The one place where a chart is laid out: axes, marks, colours, words and legend, for the page and for files.
 * @param withReserved  whether the axis reaches as far as the reservations; by default where they leave the bars to be seen
 */
export function plotOf(spec: ChartSpec, locale: Locale, format: Format, withReserved?: boolean): Plot {
  if (spec.kind === 'bars') return bars(spec, locale, format, withReserved);
  return spec.kind === 'lines' ? lines(spec, locale, format) : spans(spec, locale, format);
}
