import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ReadyWorkload } from '../../../../../../main/engine/images/image/facts';
import { openLedger, type Ledger } from '../../../../../../main/engine/base/process/ledger';
import { isGiven, passingFile, withoutGiven } from '../../../../../../main/engine/measure/targets/qemu/given';
import { givenInitrd } from '../../../../../../main/engine/measure/targets/qemu/kernel/initrd';

let folder: string;
let ledger: Ledger;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tare-given-'));
  ledger = openLedger(path.join(folder, 'ledger'));
});
afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true });
});

test('what is kept of a workload has the image’s own variables alone', () => {
  const ready = {
    workload: { environment: { PASSWORD: 'hush', PATH: '/own' } },
    image: { environment: ['PATH=/own', 'LANG=C', 'PASSWORD=hush', 'PASSWORD_FILE=/none'] },
  } as unknown as ReadyWorkload;
  const kept = withoutGiven(ready);
  expect(kept.image.environment).toEqual(['LANG=C', 'PASSWORD_FILE=/none']);
  expect([isGiven(ready), isGiven(kept)]).toEqual([true, false]);
});

test('an initrd with values lies beside the kept one, is its user’s alone, and goes when it is released', async () => {
  const kept = path.join(folder, 'kept.cpio');
  const before = Buffer.alloc(700, 'k');
  writeFileSync(kept, before, { mode: 0o644 });
  const { path: file, release } = await givenInitrd(kept, Buffer.from('env=PASSWORD=hush\0'), ledger);
  expect(readFileSync(kept)).toEqual(before);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const content = readFileSync(file);
  expect(content.subarray(0, 700)).toEqual(before);
  expect(content.subarray(1024).toString()).toMatch(/^070701.*tare\.config.*env=PASSWORD=hush/s); // where a block begins
  expect(ledger.entries()).toMatchObject([{ kind: 'folder', name: file }]);
  await release();
  expect(readdirSync(folder).sort()).toEqual(['kept.cpio', 'ledger']);
  expect(ledger.entries()).toEqual([]);
});

test('nothing is left of one that could not be written', async () => {
  const torn = passingFile(folder, ledger, (file) => {
    writeFileSync(file, 'half');
    return Promise.reject(new Error('full'));
  });
  await expect(torn).rejects.toThrow('full');
  expect([readdirSync(folder), ledger.entries()]).toEqual([['ledger'], []]);
});
