import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLedger, type Ledger } from '../../../../../../../main/engine/base/process/ledger';
import {
  findSnapshot,
  keepSnapshot,
  snapshotKey,
  type SnapshotFiles,
} from '../../../../../../../main/engine/measure/targets/qemu/snapshot/store';

let cache: string;
let ledger: Ledger;
beforeEach(async () => {
  cache = await mkdtemp(path.join(os.tmpdir(), 'tare-snapshots-'));
  ledger = openLedger(path.join(cache, 'ledger'));
});
afterEach(async () => {
  ledger.close();
  expect(await readdir(path.join(cache, 'ledger')), 'the ledger has open entries').toEqual([]);
  await rm(cache, { recursive: true });
});

const mebibyte = 1024 ** 2;
/** Two chunks of zeros around one page that is not. */
const memory = Buffer.alloc(2 * mebibyte + 4096);
memory[mebibyte + 7] = 1;
const save = async ({ state, memory: file }: SnapshotFiles) => {
  await writeFile(state, 'devices');
  await writeFile(file, memory);
};
const keep = (key = 'k') => keepSnapshot(cache, key, mebibyte, ledger, save);
const kept = () => readdir(path.join(cache, 'snapshots'));

describe('a snapshot', () => {
  it('is found again under its key, and under no other', async () => {
    const { bytes } = await keep();
    expect(bytes).toBeGreaterThan(0);
    expect(await findSnapshot(cache, 'k')).toMatchObject({ bytes });
    expect(await findSnapshot(cache, 'other')).toBeUndefined();
  });

  it.each([
    ['state', Buffer.from('Devices')],
    ['state', Buffer.from('dev')],
    ['memory', memory.subarray(0, mebibyte)],
    ['memory', Buffer.alloc(memory.length)],
    ['snapshot.json', Buffer.from('{')],
  ])('with a changed %s is removed', async (name, content) => {
    await keep();
    const file = path.join(cache, 'snapshots', 'k', name);
    await rm(file);
    await writeFile(file, content);
    // The manifest is not looked at again while the files it describes are the same ones.
    if (name === 'snapshot.json') await rm(path.join(cache, 'snapshots', 'k', 'memory'));
    expect(await findSnapshot(cache, 'k')).toBeUndefined();
    expect(await kept()).toEqual([]);
  });

  it('leaves nothing when it cannot be saved', async () => {
    const failing = keepSnapshot(cache, 'k', mebibyte, ledger, async ({ state }) => {
      await writeFile(state, 'half');
      throw new Error('no more');
    });
    await expect(failing).rejects.toThrow('no more');
    expect(await kept()).toEqual([]);
  });

  it('may be saved by two at once: one stands', async () => {
    const [one, other] = await Promise.all([keep(), keep()]);
    expect(one.state).toBe(other.state);
    expect(await kept()).toEqual(['k']);
  });

  it('is refused ahead when its memory does not fit', async () => {
    await expect(keepSnapshot(cache, 'k', 1e18, ledger, save)).rejects.toMatchObject({
      failure: { code: 'disk-short' },
    });
  });
});

it('a key changes with the command line, the form of its memory, the emulator and the kernel', async () => {
  const of = {
    words: ['-m', '64M'],
    memory: 'mapped' as const,
    qemu: process.execPath,
    qemuVersion: '10.0.13',
    kernelVersion: 'a',
  };
  const keys = await Promise.all([
    snapshotKey(of),
    snapshotKey({ ...of, words: ['-m', '65M'] }),
    snapshotKey({ ...of, memory: 'copied' }),
    snapshotKey({ ...of, qemuVersion: '10.0.14' }),
    snapshotKey({ ...of, kernelVersion: 'b' }),
  ]);
  expect(new Set(keys).size).toBe(5);
  expect(await snapshotKey(of)).toBe(keys[0]);
});
