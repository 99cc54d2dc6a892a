import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Plan } from '../../../../../main/contract/plan';
import type { Variables } from '../../../../../main/contract/work/variables';
import { fingerprintsOf } from '../../../../../main/engine/results/history/fingerprints';
import { keyFile } from '../../../../../main/engine/base/paths';

let data: string;
beforeEach(() => (data = mkdtempSync(path.join(os.tmpdir(), 'tare-fingerprints-'))));
afterEach(() => rmSync(data, { recursive: true }));

const planOf = (environment: Variables): Plan =>
  Plan.parse({
    name: 'test',
    workloads: [
      { name: 'web', image: { kind: 'builtin', name: 'web' }, environment, limits: { memoryBytes: 2 ** 26 } },
    ],
    targets: ['container'],
    trials: 1,
  });
const fingerprint = async (environment: Variables, folder = data) =>
  (await fingerprintsOf(planOf(environment), folder))[0]!;

test('the same values have one fingerprint, in whatever order and from wherever they come', async () => {
  process.env.TARE_TEST_VALUE = '1';
  const first = await fingerprint({ A: '1', TARE_TEST_VALUE: null });
  expect(await fingerprint({ TARE_TEST_VALUE: '1', A: '1' })).toEqual(first);
  process.env.TARE_TEST_VALUE = '2';
  const second = await fingerprint({ A: '1', TARE_TEST_VALUE: null });
  delete process.env.TARE_TEST_VALUE;
  expect(second.fingerprint).not.toBe(first.fingerprint);
  expect(second.key).toBe(first.key);
});

test('it is made with a key that only this installation has, which its owner alone may read', async () => {
  const here = await fingerprint({ PASSWORD: 'short' });
  expect(statSync(keyFile(data)).mode & 0o777).toBe(0o600);
  const other = await fingerprint({ PASSWORD: 'short' }, path.join(data, 'other'));
  expect(other.fingerprint).not.toBe(here.fingerprint);
  expect(other.key).not.toBe(here.key);
  for (const guess of ['short', 'PASSWORD=short', '[["PASSWORD","short"]]'])
    expect(createHash('sha256').update(guess).digest('hex')).not.toContain(here.fingerprint);
});

test('where nothing is given there is no fingerprint, and no key', async () => {
  expect(await fingerprintsOf(planOf({}), data)).toEqual([]);
  expect(() => readFileSync(keyFile(data))).toThrow('ENOENT');
});

test('a key that was cut off is made anew', async () => {
  writeFileSync(keyFile(data), '');
  const first = await fingerprint({ A: '1' });
  expect(readFileSync(keyFile(data))).toHaveLength(32);
  expect(await fingerprint({ A: '1' })).toEqual(first);
});
