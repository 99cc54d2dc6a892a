/** A card to share: one sentence, one picture, how sure, and where it was measured. 1200 × 630, as networks show links. */
import { slide, type Format } from '../format';
import type { Plot } from '../plot';
import { line, rectangle, text } from '../shapes';
import type { Slide } from '../slide';
import { wrap } from '../words';

const margin = 60;
const [width, height] = [1200, 630];
const { look } = slide;

export interface CardFacts {
  /** the sentence, or what stands for it where there is no answer */
  title: string;
  /** what it was measured on, and when */
  where: string;
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
  axis: slide.axis * by,
});

/** As large as it can be read and still fits, the first that does. */
export function fitting<Of>(
  variants: readonly Of[],
  room: number,
  draw: (variant: Of, format: Format) => Pick<Plot, 'height'>,
): { variant: Of; format: Format } | undefined {
  for (const variant of variants)
    for (let by = largest; by >= smallest; by -= 0.05) {
      const format = scaled(by);
      if (draw(variant, format).height <= room) return { variant, format };
    }
  return undefined;
}

/**
 * @param sure     how sure it is, in one line
 * @param mark     the program's name
 * @param picture  what fits into so much room, if anything does
 */
export function cardOf(
  { title, where }: CardFacts,
  sure: string,
  mark: string,
  picture: (room: number) => Pick<Plot, 'height' | 'draw' | 'description'> | undefined,
): Slide {
  const titleSize = title.length > 110 ? 30 : 36;
  const titleLines = wrap(title, width - 2 * margin, titleSize * 1.04).slice(0, 3);
  const titleEnd = 78 + (titleLines.length - 1) * titleSize * 1.22;
  const sureSize = 18;
  const sureLines = wrap(sure, width - 2 * margin, sureSize).slice(0, 3);
  const foot = height - 48;
  const sureTop = foot - 46 - (sureLines.length - 1) * 26;
  const top = titleEnd + 34;
  const room = sureTop - 26 - top;
  const plot = picture(room);
  return {
    width,
    height,
    title,
    description: [...(plot?.description ?? []), ...sureLines, where],
    shapes: [
      rectangle({ x: 0, y: 0, width, height }, { fill: look.surface }),
      ...titleLines.map((words, at) =>
        text(margin, 78 + at * titleSize * 1.22, words, { size: titleSize, fill: look.text, weight: 650 }),
      ),
      ...(plot ? plot.draw(top + (room - plot.height) / 2, plot.height).shapes : []),
      ...sureLines.map((words, at) =>
        text(margin, sureTop + at * 26, words, { size: sureSize, fill: look.text }),
      ),
      line(margin, foot - 26, width - margin, foot - 26, look.grid, 1.5),
      text(margin, foot + 4, where, { size: 16, fill: look.muted }),
      text(width - margin, foot + 4, mark, { size: 18, fill: look.text, weight: 650, anchor: 'end' }),
    ],
  };
}
