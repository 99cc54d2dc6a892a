/** The built page must not grow unseen: whoever has a reason raises a bound here, in kB after gzip. */
import path from 'node:path';
import { expect, it } from 'vitest';
import { locales } from '../../main/contract/appearance';
import { root } from '../support/window/app';
import { weightOf } from '../support/window/weight';

const mostKilobytes = { first: 237, whole: 410 };

it.each(locales)('the page in %s is as light as it was', (locale) => {
  const { firstBytes, wholeBytes } = weightOf(path.join(root, 'dist/renderer'), locale);
  expect(firstBytes / 1000).toBeLessThan(mostKilobytes.first);
  expect(wholeBytes / 1000).toBeLessThan(mostKilobytes.whole);
});
