import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cached, evict, markUsed, weighCache } from '../../../../../main/engine/images/disk/cache';
import { openLedger, type Ledger } from '../../../../../main/engine/base/process/ledger';

const mebibyte = 1024 ** 2;
const day = 86_400_000;
let cacheFolder: string;
let ledger: Ledger;
beforeEach(async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'tare-cache-'));
  cacheFolder = path.join(folder, 'cache with a space');
  ledger = openLedger(path.join(folder, 'ledger'));
});
afterEach(async () => {
  ledger.close();
  expect(await readdir(path.join(cacheFolder, '../ledger')), 'the ledger has open entries').toEqual([]);
  await rm(path.dirname(cacheFolder), { recursive: true });
});

/** An entry of one MiB that was last of use so many days ago. */
async function entry(name: string, daysAgo: number): Promise<string> {
  const at = path.join(cacheFolder, name);
  const isFolder = !name.endsWith('.erofs');
  await mkdir(isFolder ? at : path.dirname(at), { recursive: true });
  await writeFile(isFolder ? path.join(at, 'content') : at, Buffer.alloc(mebibyte, 1));
  const then = new Date(Date.now() - daysAgo * day);
  await utimes(at, then, then);
  return at;
}
const names = (entries: { path: string }[]) => entries.map((one) => path.relative(cacheFolder, one.path));

it('knows what can be made again, oldest first, and leaves the rest alone', async () => {
  await entry('disks/a.erofs', 3);
  await entry('snapshots/s', 5);
  await entry('kit-0123456789ab', 4);
  await entry('kernel-0123456789ab', 1);
  for (const other of ['electron-33.2.1', 'disks/tare-0123456789ab-disk-1', 'trees/.place'])
    await entry(other, 9);
  await writeFile(path.join(cacheFolder, 'accelerator.json'), '{}');
  const found = await cached(cacheFolder);
  expect(names(found)).toEqual(['snapshots/s', 'kit-0123456789ab', 'disks/a.erofs', 'kernel-0123456789ab']);
  for (const { bytes } of found) expect(bytes).toBeGreaterThanOrEqual(mebibyte);
});

it('is weighed by kinds of things, heaviest first', async () => {
  await entry('disks/a.erofs', 3);
  await entry('kit-0123456789ab', 4);
  await entry('kit-ba9876543210', 1);
  const { bytes, boundBytes, kinds } = await weighCache(cacheFolder, 10 * mebibyte);
  expect(boundBytes).toBe(10 * mebibyte);
  expect(kinds.map(({ kind, count }) => [kind, count])).toEqual([
    ['kit', 2],
    ['disks', 1],
  ]);
  expect(bytes).toBe(kinds.reduce((sum, kind) => sum + kind.bytes, 0));
  expect(bytes).toBeGreaterThanOrEqual(3 * mebibyte);
});

it('is empty where there is none', async () => {
  expect(await cached(path.join(cacheFolder, 'nowhere'))).toEqual([]);
});

it('removes what was of use longest ago until the rest fits', async () => {
  await entry('disks/oldest.erofs', 5);
  await entry('snapshots/older', 4);
  await entry('disks/newer.erofs', 3);
  await entry('trees/newest', 2);
  const order = { cacheFolder, ledger, boundBytes: 2.5 * mebibyte };
  expect(names((await evict({ ...order, dryRun: true })).gone)).toEqual([
    'disks/oldest.erofs',
    'snapshots/older',
  ]);
  expect(await cached(cacheFolder)).toHaveLength(4);
  await evict(order);
  expect(names(await cached(cacheFolder))).toEqual(['disks/newer.erofs', 'trees/newest']);
  expect(await evict(order)).toEqual({ gone: [], spared: 0 });
});

it('spares what was of use within the hour, unless nobody is at work', async () => {
  await entry('disks/a.erofs', 0);
  const order = { cacheFolder, ledger, boundBytes: 0 };
  expect(await evict(order)).toEqual({ gone: [], spared: 1 });
  expect(await evict({ ...order, isIdle: () => false })).toEqual({ gone: [], spared: 1 });
  expect(names((await evict({ ...order, isIdle: () => true })).gone)).toEqual(['disks/a.erofs']);
  expect(await readdir(cacheFolder)).toEqual(['disks']);
});

it.runIf(process.platform === 'linux')('spares what a running program was told about', async () => {
  const disk = await entry('disks/a.erofs', 9);
  const user = spawn('sleep', ['60'], { argv0: `qemu -drive file=${disk}` });
  await once(user, 'spawn');
  try {
    expect(await evict({ cacheFolder, ledger, boundBytes: 0 })).toEqual({ gone: [], spared: 0 });
  } finally {
    user.kill();
    await once(user, 'close');
  }
  expect((await evict({ cacheFolder, ledger, boundBytes: 0 })).gone).toHaveLength(1);
});

it('counts from the last use', async () => {
  const old = await entry('disks/a.erofs', 9);
  await entry('disks/b.erofs', 5);
  await markUsed(old);
  expect(names(await cached(cacheFolder))).toEqual(['disks/b.erofs', 'disks/a.erofs']);
  await expect(markUsed('/nowhere')).resolves.toBeUndefined();
});
