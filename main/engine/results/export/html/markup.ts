/** Markup as text. Whatever is not ours goes through `escape` first. */
import { escape } from '../escape';

export { escape };

/** A section with a heading that can be linked to. */
export const section = (id: string, title: string, body: string): string =>
  `<section aria-labelledby="${escape(id)}">\n<h2 id="${escape(id)}">${escape(title)}</h2>\n${body}\n</section>`;

export interface HtmlCell {
  words: string;
  /** what it is sorted by: the value itself, not its words */
  value?: number | string | null;
  /** below the value, smaller */
  detail?: string;
}

export interface HtmlTable {
  caption: string;
  columns: { title: string; numeric: boolean }[];
  rows: HtmlCell[][];
}

const cell = ({ words, value, detail }: HtmlCell, numeric: boolean, first: boolean): string => {
  const tag = first ? 'th scope="row"' : 'td';
  const sorted = value === undefined || value === null ? '' : ` data-value="${escape(String(value))}"`;
  const small = detail === undefined ? '' : `<small>${escape(detail)}</small>`;
  return `<${tag}${numeric ? ' class="number"' : ''}${sorted}>${escape(words)}${small}</${first ? 'th' : 'td'}>`;
};

/** A table that scrolls by itself where it is wider than the page, by keyboard too. A group: its section is the landmark. */
export function table({ caption, columns, rows }: HtmlTable): string {
  const head = columns
    .map(({ title, numeric }) => `<th scope="col"${numeric ? ' class="number"' : ''}>${escape(title)}</th>`)
    .join('');
  const body = rows
    .map((row) => `<tr>${row.map((one, at) => cell(one, columns[at]!.numeric, at === 0)).join('')}</tr>`)
    .join('\n');
  return `<div class="scroll" tabindex="0" role="group" aria-label="${escape(caption)}">
<table>
<thead><tr>${head}</tr></thead>
<tbody>
${body}
</tbody>
</table>
</div>`;
}
