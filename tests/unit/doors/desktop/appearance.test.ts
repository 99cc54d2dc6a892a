import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepLook, readLook } from '../../../../main/doors/desktop/appearance';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tare-look-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('remembers theme and language for the next start', () => {
  const file = path.join(folder, 'look.json');
  expect(readLook(file)).toBeUndefined();
  keepLook(file, { theme: 'dark', locale: 'zh-CN' });
  expect(readLook(file)).toEqual({ theme: 'dark', locale: 'zh-CN' });
});

it.each(['', '{', '{"theme":"pink","locale":"en"}'])('begins as for the first time with %j', (text) => {
  const file = path.join(folder, 'look.json');
  writeFileSync(file, text);
  expect(readLook(file)).toBeUndefined();
});
