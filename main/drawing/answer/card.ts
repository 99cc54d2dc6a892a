/** The answer as a card to share: one sentence, one picture, how sure, and where it was measured. 1200 × 630, as networks show links. */
import type { Locale } from '../../contract/appearance';
import type { Answer } from '../../contract/report/report';
import { slide, type Format } from '../format';
import { line, rectangle, text, type Shape } from '../shapes';
import type { Slide } from '../slide';
import { wrap } from '../words';
import { answerPlot } from './picture';
import { sureWords } from './slide';

const cardSize = { width: 1200, height: 630 } as const;
const margin = 60;
const { width, height } = cardSize;
const { look } = slide;

export interface CardFacts {
  /** the sentence, or what stands for it where a run has no answer */
  title: string;
  /** what it was measured on, and when */
  where: string;
  answer: Pick<Answer, 'sureness' | 'rows'>;
}

const largest = 1.5;
const smallest = 0.7;

const scaled = (by: number): Format => ({
  ...slide,
  width,
  margin,
  label: slide.label * by,
  tick: slide.tick * by,
  value: slide.value * by,
  detail: slide.detail * by,
  dot: slide.dot * by,
});

/** As large as it can be read and still fits. */
function pictureWithin(answer: Pick<Answer, 'rows'>, room: number, locale: Locale) {
  for (let by = largest; by >= smallest; by -= 0.05) {
    const plot = answerPlot(answer, locale, scaled(by));
    if (plot.height <= room) return plot;
  }
  return undefined;
}

/** The whole answer, or as many of its quantities as fit: memory comes first. */
function fittingPicture(answer: Pick<Answer, 'rows'>, room: number, locale: Locale) {
  for (let rows = answer.rows; rows.length > 0; rows = rows.slice(0, -1)) {
    const plot = pictureWithin({ rows }, room, locale);
    if (plot) return { plot, rows };
  }
  return undefined;
}

/** Without single measurements: a card is seen small, and says how sure it is in words. */
const plain = ({ rows }: Pick<Answer, 'rows'>): Pick<Answer, 'rows'> => ({
  rows: rows.map((row) => ({
    ...row,
    sides: row.sides.map((side) => ({ ...side, points: [], interval: undefined })),
  })),
});

/** @param mark  the program's name */
export function answerCard({ title, where, answer }: CardFacts, mark: string, locale: Locale): Slide {
  const titleSize = title.length > 110 ? 30 : 36;
  const titleLines = wrap(title, width - 2 * margin, titleSize * 1.04).slice(0, 3);
  const titleEnd = 78 + (titleLines.length - 1) * titleSize * 1.22;
  const sureSize = 18;
  const sure = wrap(sureWords(answer, locale), width - 2 * margin, sureSize).slice(0, 3);
  const foot = height - 48;
  const sureTop = foot - 46 - (sure.length - 1) * 26;
  const top = titleEnd + 34;
  const room = sureTop - 26 - top;
  const picture = fittingPicture(plain(answer), room, locale);
  const drawn: Shape[] = picture
    ? picture.plot.draw(top + (room - picture.plot.height) / 2, picture.plot.height).shapes
    : [];
  return {
    width,
    height,
    title,
    description: [...(picture?.plot.description ?? []), ...sure, where],
    shapes: [
      rectangle({ x: 0, y: 0, width, height }, { fill: look.surface }),
      ...titleLines.map((words, at) =>
        text(margin, 78 + at * titleSize * 1.22, words, { size: titleSize, fill: look.text, weight: 650 }),
      ),
      ...drawn,
      ...sure.map((words, at) => text(margin, sureTop + at * 26, words, { size: sureSize, fill: look.text })),
      line(margin, foot - 26, width - margin, foot - 26, look.grid, 1.5),
      text(margin, foot + 4, where, { size: 16, fill: look.muted }),
      text(width - margin, foot + 4, mark, { size: 18, fill: look.text, weight: 650, anchor: 'end' }),
    ],
  };
}
