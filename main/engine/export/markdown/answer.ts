/** What a run says first, as Markdown: who measured what, the sentence, its picture or figures, and how sure that is. */
import type { Locale } from '../../../contract/appearance';
import { explain, message, planTitleIn, say } from '../../../contract/messages';
import { surenessIn } from '../../../contract/report/sureness';
import type { Answer, AnswerRow } from '../../../contract/report/report';
import type { Run } from '../../../contract/run/run';
import { answerTable } from '../../../drawing/answer/table';
import { subtitleOf } from '../facts';
import { grid, plain } from './markup';
import { titled } from './tables';

export interface Picture {
  /** the chart's id; `answer` */
  of: string;
  title: string;
  beside: string;
  content: string;
}

export type Pictures = readonly Picture[];

export const shown = (pictures: Pictures, of: string): string[] =>
  pictures
    .filter((one) => one.of === of)
    .map(({ title, beside }) => `![${plain(title)}](${encodeURI(beside).replace(/[()]/g, '\\$&')})`);

export function heading(run: Run, locale: Locale): string[] {
  const { label } = run;
  return [
    `# ${plain(message(locale, 'export.title', { name: label?.name ?? planTitleIn(locale, run.plan.name) }))}`,
    plain(subtitleOf(run, locale)),
    ...(label?.note
      ? [
          label.note
            .split(/\r?\n/)
            .map((line) => `> ${plain(line)}`)
            .join('\n'),
        ]
      : []),
    ...(run.failure ? [`> **${plain(explain(locale, run.failure).what)}**`] : []),
  ];
}

export function answer({ report }: Run, locale: Locale, pictures: Pictures): string[] {
  const found = report?.answer;
  if (!found) return [];
  const { text, doubts, applications } = found;
  const sure = [
    ...surenessIn(found).map(
      ({ id, said }) => `- **${message(locale, `ui.report.row.${id}`)}** ${plain(say(locale, said))}`,
    ),
    ...doubts.map((doubt) => `- ${plain(say(locale, doubt))}`),
  ];
  return [
    `**${plain(say(locale, text))}**`,
    ...(pictures.length > 0 ? shown(pictures, 'answer') : figures(found, locale)),
    ...(sure.length > 0 ? [`${message(locale, 'ui.report.howSure')}\n\n${sure.join('\n')}`] : []),
    ...(applications ? [titled(applications, locale)] : []),
  ];
}

/** The picture's figures, where it cannot stand beside, with a bar for each: a job's summary shows neither files nor drawings. */
function figures(found: Answer, locale: Locale): string[] {
  const { columns, rows } = answerTable(found, locale);
  if (rows.length === 0) return [];
  const bars = found.rows.flatMap(barsOf);
  return [
    grid(
      [...columns.map(({ title }) => title), ''],
      [...columns.map(({ numeric }) => numeric), false],
      rows.map(({ name, figures: cells }, at) => [name, ...cells.map(({ words }) => words), bars[at]!]),
    ),
  ];
}

/** characters of the longest bar */
const widest = 20;
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** Of each side in proportion to the largest of its quantity; emulated times are told apart as in the picture. */
function barsOf({ sides, unit }: AnswerRow): string[] {
  const most = Math.max(...sides.map(({ value }) => value));
  return sides.map(({ value, emulated }) => {
    const length = most > 0 ? Math.round((value / most) * widest * 8) : 0;
    return unit === 'ms' && emulated
      ? '▒'.repeat(Math.ceil(length / 8))
      : '█'.repeat(Math.floor(length / 8)) + eighths[length % 8]!;
  });
}
