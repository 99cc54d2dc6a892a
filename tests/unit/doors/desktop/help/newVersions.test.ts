import { expect, test } from 'vitest';
import { locales } from '../../../../../main/contract/appearance';
import { newVersions } from '../../../../../main/doors/desktop/help/newVersions';

test.each(locales)('names the place where versions are announced, or says how to look: %s', (locale) => {
  expect(newVersions(locale, { version: '1.0.0', homepage: 'https://tare.example/' })).toContain(
    'https://tare.example/',
  );
  expect(newVersions(locale, { version: '1.0.0' })).toMatch(/by itself|自行/);
  expect(newVersions(locale, { version: '1.0.0' })).not.toMatch(/undefined|\{/);
});
