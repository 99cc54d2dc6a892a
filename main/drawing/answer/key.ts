/** What the marks below the bars are, in the line above them. */
import type { Locale } from '../../contract/appearance';
import { message } from '../../contract/messages';
import type { Format } from '../format';
import { dot, whisker } from '../marks';
import { text, type Shape } from '../shapes';
import { hasWhisker } from '../strip';
import { widthOf } from '../words';
import { readingsOf, type Group } from './layout';

interface Entry {
  words: string;
  /** of its sign */
  width: number;
  sign: (x: number, y: number) => Shape[];
}

interface Key {
  width: number;
  /** @param y  the line that its words stand on */
  draw: (x: number, y: number) => Shape[];
}

const afterSign = 5;
const between = 16;

/** Undefined where no such marks are drawn. */
export function keyOf(groups: readonly Group[], locale: Locale, format: Format): Key | undefined {
  const { look, detail } = format;
  const drawn = groups.flatMap(({ sides, end }) => sides.map(({ side }) => ({ of: readingsOf(side), end })));
  const middleOf = (y: number) => y - detail * 0.36;
  const entries: Entry[] = [];
  if (drawn.some(({ of }) => of.points?.length))
    entries.push({
      words: message(locale, 'picture.point'),
      width: format.dot * 2,
      sign: (x, y) => [dot(x + format.dot, middleOf(y), format.dot, look)],
    });
  if (drawn.some(({ of, end }) => hasWhisker(of, end)))
    entries.push({
      words: message(locale, 'chart.legend.interval'),
      width: 20,
      sign: (x, y) => whisker(x, x + 20, { middle: middleOf(y), thickness: detail }, look),
    });
  if (entries.length === 0) return undefined;
  const roomOf = ({ words, width }: Entry) => width + afterSign + widthOf(words, detail);
  return {
    width: entries.reduce((sum, entry) => sum + roomOf(entry) + between, -between),
    draw(x, y) {
      let at = x;
      return entries.flatMap((entry) => {
        const from = at;
        at += roomOf(entry) + between;
        return [
          ...entry.sign(from, y),
          text(from + entry.width + afterSign, y, entry.words, { size: detail, fill: look.muted }),
        ];
      });
    },
  };
}
