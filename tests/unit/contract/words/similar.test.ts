import fc from 'fast-check';
import { expect, test } from 'vitest';
import { similar } from '../../../../main/contract/words/similar';

const presets = ['quick', 'three-apps', 'startup', 'density', 'ladder', 'levers', 'claims', 'noise'];

test.each([
  ['qick', ['quick']],
  ['Quick', ['quick']],
  ['uqick', ['quick']],
  ['tree-aps', ['three-apps']],
  ['lader', ['ladder']],
  ['nginx', []],
  ['', []],
])('%j is near %j', (word, found) => expect(similar(word, presets)).toEqual(found));

const word = fc.string({ minLength: 3, maxLength: 12 });

test('a word with one letter less, more or other is still found', () => {
  fc.assert(
    fc.property(word, fc.nat(), fc.constantFrom('', 'x'), fc.nat(1), (name, place, letter, drop) => {
      const letters = [...name];
      letters.splice(place % (letters.length + 1), drop, ...letter);
      expect(similar(letters.join(''), [name])).toEqual([name]);
    }),
  );
});

test('who writes a known name means that one', () => {
  fc.assert(
    fc.property(fc.uniqueArray(word, { selector: (name) => name.toLowerCase(), minLength: 1 }), (known) => {
      expect(similar(known[0]!, known)).toEqual([known[0]]);
    }),
  );
});
