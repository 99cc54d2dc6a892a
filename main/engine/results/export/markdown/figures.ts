import type { Locale } from '../../../../contract/appearance';
import type { Answer, AnswerRow } from '../../../../contract/report/report';
import { answerTable } from '../../../../drawing/answer/table';
import { grid } from './markup';

/** The answer's figures with a bar for each, where its picture cannot stand beside: a job's summary shows neither files nor drawings. */
export function answerFigures(answer: Answer, locale: Locale): string {
  const { columns, rows } = answerTable(answer, locale);
  if (rows.length === 0) return '';
  const bars = answer.rows.flatMap(barsOf);
  return grid(
    [...columns.map(({ title }) => title), ''],
    [...columns.map(({ numeric }) => numeric), false],
    rows.map(({ name, figures }, at) => [name, ...figures.map(({ words }) => words), bars[at]!]),
  );
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
