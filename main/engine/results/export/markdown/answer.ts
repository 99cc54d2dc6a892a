/** What a run says first, as Markdown: who measured what, the sentence, its picture or figures, and how sure that is. */
import type { Locale } from '../../../../contract/appearance';
import { planTitleIn } from '../../../../contract/messages';
import { surenessIn } from '../../../../contract/report/sureness';
import type { Answer, AnswerRow } from '../../../../contract/report/report';
import type { Run } from '../../../../contract/run/run';
import { answerTable } from '../../../../drawing/answer/table';
import { subtitleOf } from '../facts';
import { grid } from './markup';
import { heading, howSure, sentence, shown, type Pictures } from './parts';
import { titled } from './tables';

export const headingOf = (run: Run, locale: Locale): string[] =>
  heading(
    {
      title: run.label?.name ?? planTitleIn(locale, run.plan.name),
      subtitle: subtitleOf(run, locale),
      note: run.label?.note,
      failure: run.failure,
    },
    locale,
  );

export function answer({ report }: Run, locale: Locale, pictures: Pictures): string[] {
  const found = report?.answer;
  if (!found) return [];
  const { text, doubts, applications } = found;
  return [
    sentence(text, locale),
    ...(pictures.length > 0 ? shown(pictures, 'answer') : figures(found, locale)),
    ...howSure(surenessIn(found), doubts, locale),
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
