/** The blocks of a report as Markdown. */
import type { Locale } from '../../../../contract/appearance';
import { message, say } from '../../../../contract/messages';
import { cellWords, columnScale } from '../../../../contract/report/cells';
import type { Table } from '../../../../contract/report/report';
import type { Block, Line, Painters, Picture } from '../../document/blocks';
import { answerFigures } from './figures';
import { fenced, grid, plain } from './markup';

/** @param stem  begins the names of picture files that lie beside the text; undefined where none can */
export function paintBlocks(blocks: readonly Block[], locale: Locale, stem: string | undefined): string {
  const titled = (title: string, inside: readonly Block[]) => joined([title, ...inside.map(paint)]);
  const painters: Painters<string> = {
    heading: (block) => heading(block, locale),
    answer: ({ sentence, blocks: inside }) => titled(`**${plain(sentence)}**`, inside),
    section: ({ title, blocks: inside }) => {
      const body = joined(inside.map(paint));
      return body && `## ${plain(title)}\n\n${body}`;
    },
    method: ({ title, blocks: inside }) => titled(`## ${plain(title)}`, inside),
    group: ({ title, blocks: inside }) => titled(`### ${plain(title)}`, inside),
    paragraph: ({ words }) => plain(words),
    picture: ({ picture: one }) => picture(one, locale, stem),
    table: ({ table: one }) => table(one, locale),
    list: ({ lines }) => listed(lines),
    sureness: ({ title, figures, doubts }) =>
      `${title}\n\n${listed([...figures, ...doubts.map((words) => ({ words }))])}`,
    terms,
    command: ({ of, line }) => `${plain(of)}\n\n${fenced(line)}`,
  };
  const paint = <One extends Block>(block: One): string =>
    (painters[block.kind] as (block: One) => string)(block);
  return joined(blocks.map(paint));
}

const joined = (parts: readonly string[]): string => parts.filter(Boolean).join('\n\n');

function heading(
  { title, subtitle, note, failure }: Extract<Block, { kind: 'heading' }>,
  locale: Locale,
): string {
  const quoted = (text: string) =>
    text
      .split(/\r?\n/)
      .map((line) => `> ${plain(line)}`)
      .join('\n');
  return joined([
    `# ${plain(message(locale, 'export.title', { name: title }))}`,
    plain(subtitle),
    note ? quoted(note) : '',
    failure ? `> **${plain(failure.what)}**` : '',
  ]);
}

const listed = (lines: readonly Line[]): string =>
  lines
    .map(({ lead, words }) => `- ${lead === undefined ? '' : `**${plain(lead)}** `}${plain(words)}`)
    .join('\n');

function terms({ of, head, terms: all }: Extract<Block, { kind: 'terms' }>): string {
  if (head) return grid(head, [false, false], all);
  return all
    .map(([term, words]) =>
      of === 'findings' ? `- **${plain(term)}**: ${plain(words)}` : `- ${plain(`${term}: ${words}`)}`,
    )
    .join('\n');
}

/** A link to the file beside; of an answer without one its figures. */
function picture(one: Picture, locale: Locale, stem: string | undefined): string {
  if (stem === undefined) return one.of === 'answer' ? answerFigures(one.answer, locale) : '';
  const file = encodeURI(fileOf(one, stem)).replace(/[()]/g, '\\$&');
  return `![${plain(say(locale, one.of === 'answer' ? one.answer.text : one.spec.title))}](${file})`;
}

/** The file of a picture. */
export const fileOf = (one: Picture, stem: string): string =>
  `${stem}-${one.of === 'answer' ? 'answer' : one.spec.id}.svg`;

function table(whole: Table, locale: Locale): string {
  const { title, columns, rows, note } = whole;
  const scales = columns.map((_, at) => columnScale(whole, at));
  return joined([
    `### ${plain(say(locale, title))}`,
    grid(
      columns.map((column) => say(locale, column.title)),
      columns.map(({ unit }) => unit !== 'text'),
      rows.map((row) =>
        row.map((cell, at) => {
          const { value, interval } = cellWords(columns[at]!, cell, locale, scales[at]);
          return interval === undefined ? value : `${value} (${interval})`;
        }),
      ),
    ),
    note ? plain(say(locale, note)) : '',
  ]);
}
