import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slide } from '../../../main/drawing/format';
import { slideOf } from '../../../main/drawing/slide';
import { widthOf } from '../../../main/drawing/words';
import { fakeReportedRun } from '../../support/fakes/fakeRun';

const [chart] = fakeReportedRun().report.charts;

test('a title of any length stands whole within the picture, in as many lines as it needs', () => {
  const word = fc.stringMatching(/^[A-Za-z0-9]{1,20}$/);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 40 }), (words) => {
      const title = words.join(' ');
      const { shapes } = slideOf({ ...chart!, title: { key: title, facts: {} } }, 'en');
      const lines = shapes.filter(({ attributes }) => attributes['font-size'] === 25);
      expect(lines.map((line) => line.words).join(' ')).toBe(title);
      for (const line of lines)
        expect(widthOf(line.words!, 25, 650)).toBeLessThanOrEqual(slide.width - 2 * slide.margin + 0.01);
      const heights = lines.map(({ attributes }) => Number(attributes.y));
      expect(heights).toEqual([...new Set(heights)].sort((a, b) => a - b));
    }),
  );
});
