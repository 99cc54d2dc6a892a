import type { Locale } from '../../../../contract/appearance';
import { message, say } from '../../../../contract/messages';
import { cellWords } from '../../../../contract/report/cells';
import type { Table } from '../../../../contract/report/report';
import { escape, table, type HtmlCell } from './markup';

/** A table of the report, and below it what must be known to read it. */
export function reportTable({ title, columns, rows, note }: Table, locale: Locale): string {
  const painted = table({
    caption: say(locale, title),
    columns: columns.map((column) => ({ title: say(locale, column.title), numeric: column.unit !== 'text' })),
    rows: rows.map((row) =>
      row.map((cell, at): HtmlCell => {
        const { value, interval } = cellWords(columns[at]!, cell, locale);
        const n = cell.n === undefined ? undefined : message(locale, 'ui.table.n', { n: cell.n });
        const detail = interval === undefined ? undefined : [interval, n].filter(Boolean).join(' · ');
        return { words: value, value: cell.value, ...(detail !== undefined && { detail }) };
      }),
    ),
  });
  return note ? `${painted}\n<p class="note">${escape(say(locale, note))}</p>` : painted;
}

/** The same under its title, and on a screen folded to that. */
export function titledTable(of: Table, locale: Locale, printed: boolean): string {
  const [id, title] = [escape(`table-${of.id}`), escape(say(locale, of.title))];
  return printed
    ? `<h3 id="${id}">${title}</h3>\n${reportTable(of, locale)}`
    : `<details class="table"><summary id="${id}">${title}</summary>\n${reportTable(of, locale)}\n</details>`;
}
