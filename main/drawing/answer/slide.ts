/** The answer as a picture that stands alone: its sentence above, and what makes it less sure below. */
import type { Locale } from '../../contract/appearance';
import { say } from '../../contract/messages';
import type { Answer } from '../../contract/report/report';
import { surenessIn } from '../../contract/report/sureness';
import { slide as format } from '../format';
import { rectangle, text } from '../shapes';
import type { Slide } from '../slide';
import { sureWords } from './sureness';
import { wrap } from '../words';
import { answerPlot } from './picture';

const { width, margin, look } = format;
const titleSize = 25;
const noteSize = 12.5;

export function answerSlide(answer: Answer, locale: Locale): Slide {
  const plot = answerPlot(answer, locale, format);
  const sentence = say(locale, answer.text);
  const title = wrap(sentence, width - 2 * margin, titleSize * 1.04);
  const notes = wrap(sureWords(surenessIn(answer), locale), width - 2 * margin, noteSize);
  const top = 52 + (title.length - 1) * 33 + 34;
  const below = top + plot.height + 34;
  return {
    width,
    height: Math.ceil(below + notes.length * 18 + 10),
    title: sentence,
    description: [...plot.description, ...notes],
    shapes: [
      rectangle(
        { x: 0, y: 0, width, height: Math.ceil(below + notes.length * 18 + 10) },
        { fill: look.surface },
      ),
      ...title.map((words, at) =>
        text(margin, 52 + at * 33, words, { size: titleSize, fill: look.text, weight: 650 }),
      ),
      ...plot.draw(top, plot.height).shapes,
      ...notes.map((words, at) => text(margin, below + at * 18, words, { size: noteSize, fill: look.muted })),
    ],
  };
}
