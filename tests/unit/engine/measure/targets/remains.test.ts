import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bytesBelow, bytesStillThere, writableFiles } from '../../../../../main/engine/base/process/files';
import { memoryLeft } from '../../../../../main/engine/measure/targets/remains';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'tare-remains-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const mebibyte = 1024 ** 2;

test('a process weighs what it does while it is there, and nothing once it is looked for in vain', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  await once(child, 'spawn');
  const left = memoryLeft([child.pid!]);
  expect((await left()) as { bytes: number }).toMatchObject({ bytes: expect.any(Number) as number });
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await left()).toEqual({ bytes: 0 });
});

test('what could never be seen is not said to be gone', async () => {
  expect(await memoryLeft([2 ** 30])()).toEqual({ reason: 'ESRCH' });
});

test('files that a process can write are weighed as long as they have their name', () => {
  const [kept, gone, onlyRead] = ['kept', 'gone', 'read'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(onlyRead, 'x');
  const descriptors = [
    openSync(kept, 'w'),
    openSync(kept, 'a'),
    openSync(gone, 'w'),
    openSync(onlyRead, 'r'),
  ];
  try {
    for (const descriptor of [descriptors[0]!, descriptors[2]!])
      writeSync(descriptor, Buffer.alloc(mebibyte, 1));
    const files = writableFiles(process.pid).filter((file) => file.path.startsWith(folder));
    expect(files.map((file) => path.basename(file.path)).sort()).toEqual(['gone', 'kept', 'kept']);
    rmSync(gone);
    expect(bytesStillThere(files)).toBeGreaterThanOrEqual(mebibyte);
    expect(bytesStillThere(files)).toBeLessThan(1.5 * mebibyte);
    rmSync(kept);
    writeFileSync(kept, Buffer.alloc(mebibyte)); // another one
    expect(bytesStillThere(files)).toBe(0);
  } finally {
    descriptors.forEach(closeSync);
  }
});

test('a folder weighs what lies in it', () => {
  expect(bytesBelow(folder)).toBe(0);
  mkdirSync(path.join(folder, 'deep'));
  writeFileSync(path.join(folder, 'deep', 'file'), Buffer.alloc(mebibyte, 1));
  expect(bytesBelow(folder)).toBeGreaterThanOrEqual(mebibyte);
});
