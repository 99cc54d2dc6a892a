import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { KeptFile, KeptFolder } from '../../../../../main/engine/base/process/keptFile';

const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-kept-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a kept file tells what stands there now, and from its beginning', () => {
  const place = path.join(folder, 'counter');
  writeFileSync(place, '17\n');
  const file = new KeptFile(place);
  expect(file.text()).toBe('17\n');
  writeFileSync(place, '4\n');
  expect(file.text()).toBe('4\n');
  file.close();
  file.close();
  expect(() => file.text()).toThrow(expect.objectContaining({ code: 'EBADF' }) as Error);
});

test('a file that is not there is an error each time, and found once it is', () => {
  const kept = new KeptFolder(folder);
  expect(() => kept.text('later')).toThrow(expect.objectContaining({ code: 'ENOENT' }) as Error);
  writeFileSync(path.join(folder, 'later'), '1');
  expect(kept.text('later')).toBe('1');
  kept.close();
  expect(() => kept.text('later')).toThrow(expect.objectContaining({ code: 'EBADF' }) as Error);
});
