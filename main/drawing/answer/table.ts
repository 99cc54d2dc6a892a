/** The picture's figures as a table, for whoever cannot see it. */
import type { Locale } from '../../contract/appearance';
import { message } from '../../contract/messages';
import { showInterval } from '../../contract/quantities';
import type { Answer } from '../../contract/report/report';
import type { FigureTable } from '../table';
import { againstWords, nameOfSide, ratioOf, scaleIn, shownIn } from './figures';

const none = '–';

export function answerTable({ rows }: Pick<Answer, 'rows'>, locale: Locale): FigureTable {
  const first = rows.find(({ sides }) => sides.length > 1)?.sides[0];
  return {
    columns: [
      { title: message(locale, 'ui.table.what'), numeric: false },
      { title: message(locale, 'column.value'), numeric: true },
      { title: message(locale, 'chart.legend.interval'), numeric: true },
      ...(first === undefined ? [] : [{ title: againstWords(first, locale), numeric: true }]),
    ],
    rows: rows.flatMap((row) => {
      const [show, scale] = [shownIn(locale, row), scaleIn(row)];
      return row.sides.map((side) => ({
        name: `${message(locale, `picture.${row.id}`)} · ${nameOfSide(side, locale)}`,
        target: side.target,
        figures: [
          { words: show(side.value), value: side.value },
          side.interval
            ? { words: showInterval(locale, row.unit, side.interval, scale), value: side.interval.low }
            : { words: none },
          ...(first === undefined
            ? []
            : [
                side.against
                  ? { words: ratioOf(locale, side, row.unit).words, value: side.against.ratio }
                  : { words: none },
              ]),
        ],
      }));
    }),
  };
}
