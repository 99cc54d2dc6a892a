import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locales } from '../../../../main/contract/appearance';
import { answerPlot } from '../../../../main/drawing/answer/picture';
import { answerTable } from '../../../../main/drawing/answer/table';
import { onPage } from '../../../../main/drawing/format';
import { lightLook } from '../../../../main/drawing/palette';
import { anyAnswer, anAnswer } from '../../../support/fakes/answers';
import { overlaps, textBoxes, wordsIn } from '../../../support/fakes/shapes';

const drawn = (
  answer: Parameters<typeof answerPlot>[0],
  width = 900,
  locale: (typeof locales)[number] = 'en',
) => {
  const plot = answerPlot(answer, locale, { ...onPage(width), look: lightLook });
  return { ...plot, ...plot.draw(0, plot.height) };
};

describe('the picture of an answer', () => {
  it('tells every side by name, figure and ratio, in one unit per quantity', () => {
    expect(wordsIn(drawn(anAnswer).shapes)).toEqual([
      ...['one round', '95 % interval'],
      'compared with container',
      ...['Memory', 'Start', 'Disk'],
      ...['container', '11 MiB', 'the first one 22 MiB, each further one 11 MiB'],
      ...['VM (direct boot)', '219 MiB', '20 ×'],
      ...['container', '0.92 s'],
      ...['VM (direct boot)', '11 s', '(12 ×)', 'emulated: real VMs are faster'],
      ...['container', '1.9 MiB'],
      ...['VM (direct boot)', '1.9 + 57 MiB', 'the same', '+ 57 MiB kernel and initrd'],
    ]);
  });

  it('hatches emulated times, says so once, and leaves other quantities plain', () => {
    const { shapes } = drawn(anAnswer);
    const hatched = shapes.filter(({ attributes }) => attributes['stroke-opacity'] === 0.75);
    expect(hatched).toHaveLength(1);
    expect(wordsIn(shapes).filter((words) => words.includes('emulated'))).toHaveLength(1);
  });

  it('draws what is shared hollow, after what is not', () => {
    const dashed = drawn(anAnswer).shapes.filter(
      ({ attributes }) => attributes['stroke-dasharray'] === '4 3',
    );
    expect(dashed.map(({ name, attributes }) => [name, attributes.fill])).toEqual([['rect', 'none']]);
  });

  it('shows a bar that would vanish, and makes its ratio the larger word', () => {
    const answer = {
      rows: [
        {
          id: 'memory' as const,
          unit: 'bytes' as const,
          sides: [
            { target: 'container', value: 1 },
            { target: 'vm:direct', value: 1e9, against: { ratio: 1e9, judgement: 'differs' as const } },
          ],
        },
      ],
    };
    const { shapes } = drawn(answer);
    const [least] = shapes.filter(({ name }) => name === 'rect');
    expect(Number(least!.attributes.width)).toBeGreaterThanOrEqual(2);
    const size = (words: RegExp) =>
      Number(shapes.find((shape) => words.test(shape.words ?? ''))!.attributes['font-size']);
    expect(size(/×$/)).toBeGreaterThan(size(/B$/));
  });

  it.each(locales)(
    'keeps every word inside its width, and no word over another or over a mark (%s)',
    (locale) => {
      fc.assert(
        fc.property(anyAnswer, fc.integer({ min: 320, max: 1400 }), (answer, width) => {
          const { shapes, height } = drawn(answer, width, locale);
          for (const { words, x, y, width: wide, height: high } of textBoxes(shapes)) {
            expect({ words, inside: x >= 0 && x + wide <= width + 0.5 }).toEqual({ words, inside: true });
            expect({ words, inside: y >= 0 && y + high <= height + 4 }).toEqual({ words, inside: true });
          }
          expect(overlaps(shapes)).toEqual([]);
        }),
        { numRuns: 100 },
      );
    },
  );

  it('has the same figures as a table', () => {
    const { columns, rows } = answerTable(anAnswer, 'en');
    expect(columns).toHaveLength(4);
    expect(rows.map(({ name, figures }) => [name, ...figures.map(({ words }) => words)])).toContainEqual([
      'Memory · VM (direct boot)',
      '219 MiB',
      '200 – 238 MiB',
      '20 ×',
    ]);
  });
});
