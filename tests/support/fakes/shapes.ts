/** What stands where in a drawing, by the widths that the layout itself reckons with. */
import type { Box, Shape } from '../../../main/drawing/shapes';
import { widthOf } from '../../../main/drawing/words';

export const wordsIn = (shapes: readonly Shape[]): string[] => shapes.flatMap(({ words }) => words ?? []);

interface Placed extends Box {
  words: string;
}

/** Every text's place; its height is that of capitals and figures. */
export const textBoxes = (shapes: readonly Shape[]): Placed[] =>
  shapes.flatMap(({ attributes, words }) => {
    if (words === undefined) return [];
    const size = Number(attributes['font-size']);
    const width = widthOf(words, size, Number(attributes['font-weight'] ?? 400));
    const anchor = String(attributes['text-anchor'] ?? '');
    const x = Number(attributes.x) - (anchor === 'end' ? width : anchor === 'middle' ? width / 2 : 0);
    return [{ words, x, y: Number(attributes.y) - size * 0.72, width, height: size * 0.72 }];
  });

/** Filled areas and points: what a word must not lie on. */
const markBoxes = (shapes: readonly Shape[]): Placed[] =>
  shapes.flatMap(({ name, attributes }) => {
    const at = (key: string) => Number(attributes[key] ?? 0);
    if (name === 'rect')
      return [{ words: 'a bar', x: at('x'), y: at('y'), width: at('width'), height: at('height') }];
    if (name === 'circle')
      return [
        {
          words: 'a point',
          x: at('cx') - at('r'),
          y: at('cy') - at('r'),
          width: at('r') * 2,
          height: at('r') * 2,
        },
      ];
    return [];
  });

const meet = (a: Box, b: Box): boolean =>
  Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) > 0.5 &&
  Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) > 0.5;

/** Pairs that lie over each other: two texts, or a text and a mark. Words inside a mark on purpose are excepted by `isMeant`. */
export function overlaps(
  shapes: readonly Shape[],
  isMeant: (words: string) => boolean = () => false,
): string[] {
  const texts = textBoxes(shapes).filter(({ words }) => !isMeant(words));
  const marks = markBoxes(shapes);
  return texts.flatMap((one, at) =>
    [
      ...texts.slice(at + 1).filter((other) => meet(one, other)),
      ...marks.filter((mark) => meet(one, mark)),
    ].map((other) => `${one.words} | ${other.words}`),
  );
}
