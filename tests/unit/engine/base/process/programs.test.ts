import { expect, test } from 'vitest';
import { withSystemFolders } from '../../../../../main/engine/base/process/programs';

test('the system’s folders are looked into last, and once', () => {
  expect(withSystemFolders('/home/me/bin:/usr/bin')).toBe(
    '/home/me/bin:/usr/bin:/usr/local/sbin:/usr/sbin:/sbin',
  );
  expect(withSystemFolders('/usr/sbin:/usr/bin')).toBe('/usr/sbin:/usr/bin:/usr/local/sbin:/sbin');
  expect(withSystemFolders('')).toBe('/usr/local/sbin:/usr/sbin:/sbin');
  expect(withSystemFolders(undefined)).toBe(withSystemFolders(''));
});
