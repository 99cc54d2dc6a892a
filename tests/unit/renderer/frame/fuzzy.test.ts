import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fuzzyFound, fuzzyScore } from '../../../../renderer/frame/fuzzy';

const pages = [
  'Compare',
  'History',
  'Myths checked',
  'Workflow',
  'Isolation',
  'Measure: Three small apps',
  '工作流程',
];
const found = (typed: string) => fuzzyFound(typed, pages, (page) => page);

it('finds by the beginnings of words, by a part, and in Chinese', () => {
  expect(found('mtsa')[0]).toBe('Measure: Three small apps');
  expect(found('iso')[0]).toBe('Isolation');
  expect(found('hist')[0]).toBe('History');
  expect(found('流程')).toEqual(['工作流程']);
  expect(found('MYTH')[0]).toBe('Myths checked');
  expect(found('xyz')).toEqual([]);
});

it('keeps the order where nothing was typed', () => expect(found('  ')).toEqual(pages));

it('finds a text by any of its letters in their order, and by no letter that it has not', () => {
  const word = fc.stringMatching(/^[a-z]{1,10}( [a-z]{1,10}){0,3}$/);
  fc.assert(
    fc.property(word, fc.array(fc.boolean(), { minLength: 43, maxLength: 43 }), (text, kept) => {
      const typed = [...text].filter((_, at) => kept[at]).join('');
      expect(fuzzyScore(typed, text)).toBeDefined();
      expect(fuzzyScore(`${typed}7`, text)).toBeUndefined();
    }),
  );
});

it('holds the whole name for a better answer than a longer one that begins so', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{2,12}$/), fc.stringMatching(/^[a-z]{1,12}$/), (name, more) => {
      expect(fuzzyScore(name, name)!).toBeGreaterThan(fuzzyScore(name, `${name} ${more}`)!);
    }),
  );
});
