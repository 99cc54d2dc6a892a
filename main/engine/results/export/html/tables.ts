/** Tables as markup: those of the report, and the figures behind a chart. */
import type { Locale } from '../../../../contract/appearance';
import { message, say } from '../../../../contract/messages';
import { cellWords } from '../../../../contract/report/cells';
import { hasPublished } from '../../../../contract/report/published';
import type { ChartSpec, Table } from '../../../../contract/report/report';
import { figureTable, publishedTable, type FigureTable } from '../../../../drawing/table';
import { inline, markup, type Markup } from './markup';

interface HtmlCell {
  words: string;
  /** what it is sorted by: the value itself, not its words */
  value?: number | string | null;
  /** below the value, smaller */
  detail?: string | undefined;
}

interface HtmlTable {
  caption: string;
  columns: { title: string; numeric: boolean }[];
  rows: HtmlCell[][];
}

const classOf = (numeric: boolean): Markup | undefined => (numeric ? markup` class="number"` : undefined);

function cell({ words, value, detail }: HtmlCell, numeric: boolean, first: boolean): Markup {
  const sorted = value === undefined || value === null ? undefined : markup` data-value="${value}"`;
  const attributes = inline([classOf(numeric), sorted]);
  const small = detail === undefined ? undefined : markup`<small>${detail}</small>`;
  return first
    ? markup`<th scope="row"${attributes}>${words}${small}</th>`
    : markup`<td${attributes}>${words}${small}</td>`;
}

/** A table that scrolls by itself where it is wider than the page, by keyboard too. A group: its section is the landmark. */
const table = ({ caption, columns, rows }: HtmlTable): Markup =>
  markup`<div class="scroll" tabindex="0" role="group" aria-label="${caption}">
<table>
<thead><tr>${inline(columns.map(({ title, numeric }) => markup`<th scope="col"${classOf(numeric)}>${title}</th>`))}</tr></thead>
<tbody>
${rows.map((row) => markup`<tr>${inline(row.map((one, at) => cell(one, columns[at]!.numeric, at === 0)))}</tr>`)}
</tbody>
</table>
</div>`;

/** A table of the report, and below it what must be known to read it. */
export function reportTable({ title, columns, rows, note }: Table, locale: Locale): Markup {
  const painted = table({
    caption: say(locale, title),
    columns: columns.map((column) => ({ title: say(locale, column.title), numeric: column.unit !== 'text' })),
    rows: rows.map((row) =>
      row.map((one, at): HtmlCell => {
        const { value, interval } = cellWords(columns[at]!, one, locale);
        const n = one.n === undefined ? undefined : message(locale, 'ui.table.n', { n: one.n });
        const detail = interval === undefined ? undefined : [interval, n].filter(Boolean).join(' · ');
        return { words: value, value: one.value, detail };
      }),
    ),
  });
  return markup`${[painted, note && markup`<p class="note">${say(locale, note)}</p>`]}`;
}

/** The figures of a chart, and those that others have published. */
export function chartTables(spec: ChartSpec, locale: Locale): Markup[] {
  const titled = (title: string, { columns, rows }: FigureTable): Markup =>
    table({
      caption: `${title}: ${say(locale, spec.title)}`,
      columns,
      rows: rows.map(({ name, figures }) => [{ words: name }, ...figures]),
    });
  return [
    titled(message(locale, 'ui.chart.table'), figureTable(spec, locale)),
    ...(hasPublished(spec) ? [titled(message(locale, 'published.title'), publishedTable(spec, locale))] : []),
  ];
}
