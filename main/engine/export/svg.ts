import type { Locale } from '../../contract/appearance';
import type { ChartSpec } from '../../contract/report/report';
import type { TextExporter } from './format';
import { bars } from './svg/bars';
import { frame, type Body } from './svg/frame';
import { lines } from './svg/lines';
import { spans } from './svg/spans';

/** One chart as a picture for a slide: 960 pixels wide, at least 540 high, real text, the same bytes every time. */
export const paintChart = (spec: ChartSpec, locale: Locale): string =>
  frame(spec, locale, bodyOf(spec, locale));

function bodyOf(spec: ChartSpec, locale: Locale): Body {
  if (spec.kind === 'bars') return bars(spec, locale);
  return spec.kind === 'lines' ? lines(spec, locale) : spans(spec, locale);
}

/** A folder with one file per chart. */
export const svg: TextExporter = {
  files: (run, locale) =>
    (run.report?.charts ?? []).map((spec) => ({ name: `${spec.id}.svg`, content: paintChart(spec, locale) })),
};
