import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withoutEscapes } from '../../../../../main/engine/images/compose/file';
import { warningsIn } from '../../../../../main/engine/images/compose/read';

test('what Compose warns of is told once, in its own words', () => {
  const line =
    'time="2026-01-01T00:00:00Z" level=warning msg="The \\"TAG\\" variable is not set. Defaulting to a blank string."';
  expect(warningsIn([line, 'time="x" level=info msg="fine"', line, ''].join('\n'))).toEqual([
    'The "TAG" variable is not set. Defaulting to a blank string.',
  ]);
  expect(warningsIn('level=warning msg=obsolete')).toEqual(['obsolete']);
});

test('each text is what it was before Compose doubled its dollar signs, wherever it stands', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const printed = JSON.parse(
        JSON.stringify(value, (_, one: unknown) =>
          typeof one === 'string' ? one.replaceAll('$', '$$$$') : one,
        ),
      ) as unknown;
      expect(withoutEscapes(printed)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
