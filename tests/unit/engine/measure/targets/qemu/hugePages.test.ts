import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { needHugePages } from '../../../../../../main/engine/measure/targets/qemu/hugePages';
import { splitMemory, withPool } from '../../../../../../main/engine/measure/targets/qemu/machine/memory';
import type { Mapping } from '../../../../../../main/engine/base/process/smaps';

const mebibyte = 1024 ** 2;
let pool: string;
beforeEach(() => (pool = mkdtempSync(path.join(os.tmpdir(), 'tare-pool-'))));
afterEach(() => rmSync(pool, { recursive: true }));

function has(counters: Record<string, number>): void {
  for (const [name, value] of Object.entries(counters)) writeFileSync(path.join(pool, name), `${value}\n`);
}

test('one machine must fit into what the pool has left: what is free, and promised to nobody', () => {
  has({ nr_hugepages: 200, free_hugepages: 150, resv_hugepages: 50 });
  expect(() => needHugePages(200 * mebibyte, pool)).not.toThrow();
  expect(() => needHugePages(201 * mebibyte, pool)).toThrow(
    expect.objectContaining({
      failure: {
        code: 'huge-pages-short',
        neededBytes: 202 * mebibyte,
        availableBytes: 200 * mebibyte,
        pages: 201,
      },
    }),
  );
});

test('a kernel without a pool has none', () => {
  expect(() => needHugePages(mebibyte, path.join(pool, 'nothing'))).toThrow(
    expect.objectContaining({
      failure: { code: 'huge-pages-short', neededBytes: 2 * mebibyte, availableBytes: 0, pages: 1 },
    }),
  );
});

const mapping = (sizeBytes: number, pssBytes: number): Mapping => ({
  ...{
    sizeBytes,
    residentBytes: pssBytes,
    pssBytes,
    anonymousBytes: 0,
    privateBytes: pssBytes,
    swapBytes: 0,
  },
  ...{
    hugePageBytes: 0,
    permissions: 'rw-s',
    device: '00:01',
    inode: 7,
    name: '/memfd:memory-backend-memfd',
  },
});

test('what a guest has of the pool is its memory, in whole huge pages', () => {
  const found = [mapping(256 * mebibyte, 0), mapping(8 * mebibyte, 3 * mebibyte)];
  const [guest, other] = withPool(found, [256 * mebibyte], 40 * mebibyte);
  expect(guest).toMatchObject({ pssBytes: 40 * mebibyte, hugePageBytes: 40 * mebibyte });
  expect(other).toBe(found[1]);
  const { parts } = splitMemory([guest!, other!], [256 * mebibyte], ({ pssBytes }) => pssBytes, 0);
  expect(parts[0]).toEqual({ part: 'guest-ram', bytes: 40 * mebibyte });
  expect(withPool(found, [256 * mebibyte], 0)).toBe(found);
});
