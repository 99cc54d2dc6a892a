/** The answer's picture alone: its sentence, and how sure it is, stand beside it as text. */
import type { Locale } from '../../contract/appearance';
import { message, say } from '../../contract/messages';
import type { Answer } from '../../contract/report/report';
import { slide } from '../format';
import { rectangle } from '../shapes';
import type { Slide } from '../slide';
import { answerPlot } from './picture';

const format = { ...slide, margin: 0 };

export function answerPanel(answer: Answer, locale: Locale): Slide {
  const plot = answerPlot(answer, locale, format);
  const [width, height] = [format.width, Math.ceil(plot.height)];
  return {
    width,
    height,
    title: `${message(locale, 'picture.caption')}: ${say(locale, answer.text)}`,
    description: plot.description,
    shapes: [
      rectangle({ x: 0, y: 0, width, height }, { fill: format.look.surface }),
      ...plot.draw(0, plot.height).shapes,
    ],
  };
}
