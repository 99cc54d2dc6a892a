import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findProgram, withSystemFolders } from '../../../../../main/engine/base/process/programs';

test('the system’s folders are looked into last, and once', () => {
  expect(withSystemFolders('/home/me/bin:/usr/bin')).toBe(
    '/home/me/bin:/usr/bin:/usr/local/sbin:/usr/sbin:/sbin',
  );
  expect(withSystemFolders('/usr/sbin:/usr/bin')).toBe('/usr/sbin:/usr/bin:/usr/local/sbin:/sbin');
  expect(withSystemFolders('')).toBe('/usr/local/sbin:/usr/sbin:/sbin');
  expect(withSystemFolders(undefined)).toBe(withSystemFolders(''));
});

describe('a program', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'tare-programs-'));
    await writeFile(path.join(folder, 'qemu-system-x86_64.exe'), '', { mode: 0o755 });
    await writeFile(path.join(folder, 'notes'), '', { mode: 0o644 });
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each([
    ['win32', 'qemu-system-x86_64', 'qemu-system-x86_64.exe'],
    ['win32', 'qemu-system-x86_64.exe', 'qemu-system-x86_64.exe'],
    ['linux', 'qemu-system-x86_64.exe', 'qemu-system-x86_64.exe'],
    ['linux', 'qemu-system-x86_64', undefined],
    ['linux', 'notes', undefined],
  ] as const)('is found on %s by the name %s as %s', async (system, name, file) => {
    const environment = { PATH: ['/nowhere', folder].join(path.delimiter), PATHEXT: '.com;.exe' };
    const found = file && path.join(folder, file);
    expect(await findProgram(name, environment, system)).toBe(found);
    expect(await findProgram(path.join(folder, name), { PATHEXT: '.exe' }, system)).toBe(found);
  });
});
