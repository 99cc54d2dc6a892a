import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFound } from '../../../../renderer/parts/fields/search';

test('every word that is typed must be part of something that is shown, whatever its case and order', () => {
  const shown = ['Three small apps', undefined, 'nginx:1.27'];
  expect(isFound('SMALL  nginx', shown)).toBe(true);
  expect(isFound('small redis', shown)).toBe(false);
});

test('a thing is found by any piece of what it shows', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string(), { minLength: 1 }),
      fc.nat(),
      fc.nat(),
      fc.nat(),
      (shown, at, from, to) => {
        expect(isFound(shown[at % shown.length]!.slice(from, to), shown)).toBe(true);
      },
    ),
  );
});
