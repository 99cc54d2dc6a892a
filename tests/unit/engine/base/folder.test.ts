import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type * as NodeFs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeFolder } from '../../../../main/engine/base/folder';

/** Below it nothing can be made, as on a file system that is read-only. */
const readOnly = vi.hoisted(() => ({ below: undefined as string | undefined }));
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof NodeFs>();
  const mkdirSync = (folder: string) => {
    const isThere = fs.existsSync(folder.slice(0, folder.lastIndexOf('/')));
    if (readOnly.below && isThere && folder.startsWith(readOnly.below))
      throw Object.assign(new Error(), { code: 'EROFS' });
    return fs.mkdirSync(folder);
  };
  return { ...fs, mkdirSync };
});

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'tare-folder-'))));
afterEach(() => {
  readOnly.below = undefined;
  rmSync(folder, { recursive: true });
});

test('a folder is made with those above it, and says whether it was there', () => {
  expect(makeFolder(path.join(folder, 'a/b/c'))).toBe(true);
  expect(makeFolder(path.join(folder, 'a/b/c'))).toBe(false);
});

test.each(['a', 'a/b/c'])('where the file system is read-only, that is the reason for “%s”', (name) => {
  readOnly.below = folder;
  expect(() => makeFolder(path.join(folder, name))).toThrow(expect.objectContaining({ code: 'EROFS' }));
  expect(existsSync(path.join(folder, 'a'))).toBe(false);
});

test('a file in the way, and a place where nothing can be made, come back with the system’s reason', () => {
  writeFileSync(path.join(folder, 'file'), '');
  expect(() => makeFolder(path.join(folder, 'file'))).toThrow(expect.objectContaining({ code: 'EEXIST' }));
  expect(() => makeFolder('/proc/tare/a')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
});
