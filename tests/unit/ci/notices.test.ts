import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isAllowed, noticeOf, packageFolder } from '../../../.ci/notices.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'tare-notices-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const put = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
const manifest = (facts: object) =>
  put('package.json', JSON.stringify({ name: 'a', version: '1.0.0', ...facts }));

it.each(['MIT', 'MIT AND OFL-1.1', '(MIT OR GPL-3.0)', 'GPL-2.0 OR (MIT AND ISC)'])(
  'bundles under %s',
  (licence) => expect(isAllowed(licence)).toBe(true),
);
it.each(['GPL-3.0', 'MIT AND GPL-3.0', 'SEE LICENSE IN LICENSE', 'UNLICENSED', '', 'none', 'mit'])(
  'bundles nothing under “%s”, and says so',
  (license) => {
    expect(isAllowed(license)).toBe(false);
    manifest({ license });
    put('LICENSE', 'whatever');
    expect(() => noticeOf(folder)).toThrow('a 1.0.0 would be bundled under');
  },
);

it('bundles nothing that says no licence', () => {
  manifest({});
  expect(() => noticeOf(folder)).toThrow('a 1.0.0 would be bundled under none');
});

it('tells every licence and notice of a package', () => {
  manifest({ license: 'Apache-2.0', repository: { url: 'https://example.org/a.git' } });
  put('LICENSE.md', 'the licence\n');
  put('NOTICE', 'the notice\n');
  put('index.js', 'no notice');
  expect(noticeOf(folder)).toEqual({
    name: 'a',
    version: '1.0.0',
    licence: 'Apache-2.0',
    source: 'https://example.org/a.git',
    text: 'the licence\n\nthe notice',
  });
});

it('tells a text where a package brings none, and refuses where it knows none', () => {
  manifest({ license: 'ISC', author: 'Ann' });
  expect(noticeOf(folder).text).toMatch(/^Copyright \(c\) Ann\n\nPermission to use/);
  manifest({ license: 'MPL-2.0' });
  expect(noticeOf(folder).text).toMatch(/^Mozilla Public License, version 2\.0\n.*Exhibit A/s);
  manifest({ license: 'MIT' });
  expect(() => noticeOf(folder)).toThrow('has no copy of its licence MIT');
});

it.each([
  ['/src/node_modules/zod/index.js', '/src/node_modules/zod'],
  ['/src/node_modules/@a/b/font.woff2?inline', '/src/node_modules/@a/b'],
  ['\0/src/node_modules/c/index.js?commonjs-es-import', '/src/node_modules/c'],
  ['/src/node_modules/d/node_modules/e/x.js', '/src/node_modules/d/node_modules/e'],
  ['../node_modules/f/x.css', '../node_modules/f'],
  ['/src/main/engine/index.ts', undefined],
  ['\0rolldown/runtime.js', undefined],
])('knows the package of %j', (module, expected) => expect(packageFolder(module)).toBe(expected));
