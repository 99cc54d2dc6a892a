/** Tables of a report as Markdown. */
import type { Locale } from '../../../../contract/appearance';
import { say } from '../../../../contract/messages';
import { cellWords, columnScale } from '../../../../contract/report/cells';
import type { Table } from '../../../../contract/report/report';
import { grid, plain } from './markup';

export const titled = (table: Table, locale: Locale): string =>
  `### ${plain(say(locale, table.title))}\n\n${paintTable(table, locale)}`;

function paintTable(table: Table, locale: Locale): string {
  const { columns, rows, note } = table;
  const painted = grid(
    columns.map(({ title }) => say(locale, title)),
    columns.map(({ unit }) => unit !== 'text'),
    rows.map((row) => row.map((cell, at) => showCell(table, at, cell, locale))),
  );
  return note ? `${painted}\n\n${plain(say(locale, note))}` : painted;
}

function showCell(table: Table, at: number, cell: Table['rows'][number][number], locale: Locale): string {
  const { value, interval } = cellWords(table.columns[at]!, cell, locale, columnScale(table, at));
  return interval === undefined ? value : `${value} (${interval})`;
}
