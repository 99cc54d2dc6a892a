/** A run's answer as a card. */
import type { Locale } from '../../contract/appearance';
import type { Answer } from '../../contract/report/report';
import { surenessIn } from '../../contract/report/sureness';
import { answerPlot } from '../answer/picture';
import type { Slide } from '../slide';
import { sureWords } from '../answer/sureness';
import { cardOf, fitting, type CardFacts } from './card';

type Rows = Pick<Answer, 'rows'>;

/** Without single measurements: a card is seen small, and says how sure it is in words. */
const plain = ({ rows }: Rows): Rows => ({
  rows: rows.map((row) => ({
    ...row,
    sides: row.sides.map((side) => ({ ...side, points: [], interval: undefined })),
  })),
});

/** The whole answer, or as many of its quantities as fit: memory comes first. */
const shorter = ({ rows }: Rows): Rows[] => rows.map((_, at) => ({ rows: rows.slice(0, rows.length - at) }));

/** @param mark  the program's name */
export function answerCard(
  { answer, ...facts }: CardFacts & { answer: Pick<Answer, 'sureness' | 'rows'> },
  mark: string,
  locale: Locale,
): Slide {
  return cardOf(facts, sureWords(surenessIn(answer), locale), mark, (room) => {
    const found = fitting(shorter(plain(answer)), room, (rows, format) => answerPlot(rows, locale, format));
    return found && answerPlot(found.variant, locale, found.format);
  });
}
