import type { Locale } from '../../../../contract/appearance';
import { message, say } from '../../../../contract/messages';
import { hasPublished } from '../../../../contract/report/published';
import type { ChartSpec } from '../../../../contract/report/report';
import { figureTable, publishedTable, type FigureTable } from '../../../../drawing/table';
import { paintChart } from '../svg';
import { escape, table, type HtmlTable } from './markup';

/** A chart as a drawing, with its figures as a table behind it; paper has those in the report's own tables. */
export function chart(spec: ChartSpec, locale: Locale, printed: boolean): string {
  const behind = printed
    ? ''
    : `\n<details><summary>${escape(message(locale, 'ui.chart.table'))}</summary>\n${tablesOf(spec, locale).map(table).join('\n')}\n</details>`;
  return `<figure data-name="${escape(spec.id)}">\n${paintChart(spec, locale).trimEnd()}${behind}\n</figure>`;
}

const htmlTable = (caption: string, { columns, rows }: FigureTable): HtmlTable => ({
  caption,
  columns,
  rows: rows.map(({ name, figures }) => [{ words: name }, ...figures]),
});

const tablesOf = (spec: ChartSpec, locale: Locale): HtmlTable[] => {
  const title = say(locale, spec.title);
  return [
    htmlTable(`${message(locale, 'ui.chart.table')}: ${title}`, figureTable(spec, locale)),
    ...(hasPublished(spec)
      ? [htmlTable(`${message(locale, 'published.title')}: ${title}`, publishedTable(spec, locale))]
      : []),
  ];
};
