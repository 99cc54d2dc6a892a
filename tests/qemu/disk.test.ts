import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { PassThrough, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeDisk, type DiskOrder } from '../../main/engine/images/disk/disk';
import { openLedger, type Ledger } from '../../main/engine/base/process/ledger';
import { debianImage, exported, factsOf, largeImage, scratchImage } from '../support/images';

const run = promisify(execFile);
let scratch: string;
let folder: string;
let ledger: Ledger;
beforeAll(async () => {
  scratch = await scratchImage();
});
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tare-disk-'));
  ledger = openLedger(path.join(folder, 'ledger'));
});
afterEach(async () => {
  ledger.close();
  expect(await readdir(path.join(folder, 'ledger')), 'the ledger has open entries').toEqual([]);
  await rm(folder, { recursive: true });
});

async function order(reference: string, changes: Partial<DiskOrder> = {}): Promise<DiskOrder> {
  const { digest, bytes } = await factsOf(reference);
  return {
    cacheFolder: path.join(folder, 'cache'),
    digest,
    imageBytes: bytes,
    kitVersion: 'kit',
    exportImage: () => exported(reference),
    ledger,
    signal: new AbortController().signal,
    ...changes,
  };
}
const made = () => readdir(path.join(folder, 'cache/disks'));
const sha256 = async (file: string) =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex');

describe('a disk', () => {
  it('is made once per image, and the same every time', async () => {
    // One export for both: the engine adds files of its own to each, and dates them.
    const tar = await buffer(await exported(scratch));
    const asked = await order(scratch, { exportImage: () => Promise.resolve(Readable.from([tar])) });
    const first = await makeDisk(asked);
    const again = await makeDisk({ ...asked, exportImage: () => Promise.reject(new Error('not needed')) });
    expect(again).toEqual(first);
    const other = await makeDisk({ ...asked, kitVersion: 'other' });
    expect(await sha256(other.path)).toBe(await sha256(first.path));
    expect(await made()).toHaveLength(2);
  });

  it('of a 300 MB image holds all of it', async () => {
    const large = await order(await largeImage(await debianImage(), 150));
    expect(large.imageBytes).toBeGreaterThan(280_000_000);
    const { bytes } = await makeDisk(large);
    expect(bytes).toBeGreaterThan(0.8 * large.imageBytes);
  });

  it('that two make at once comes out whole', async () => {
    const asked = await order(scratch);
    const [one, two] = await Promise.all([makeDisk(asked), makeDisk(asked)]);
    expect(one.path).toBe(two.path);
    expect(await made()).toEqual([path.basename(one.path)]);
    await run('fsck.erofs', [one.path]);
  });
});

describe('a disk that cannot be made leaves nothing behind', () => {
  it('when the user stops in the middle of the export', async () => {
    const stopping = new AbortController();
    const endless = new PassThrough();
    endless.write(Buffer.alloc(4096));
    const asked = await order(scratch, {
      signal: stopping.signal,
      exportImage: () => Promise.resolve(endless),
    });
    const making = makeDisk(asked);
    setTimeout(() => stopping.abort(), 100);
    await expect(making).rejects.toThrow(/abort/i);
    expect(endless.destroyed).toBe(true);
    expect(await made()).toEqual([]);
  });

  it('when the export fails, or breaks off without saying so', async () => {
    const broken = await order(scratch, {
      exportImage: () => Promise.reject(new Error('no such container')),
    });
    await expect(makeDisk(broken)).rejects.toThrow('no such container');
    const whole = await (await exported(scratch)).toArray();
    const half = Buffer.concat(whole as Buffer[]).subarray(0, 700_000);
    const cut = await order(scratch, { exportImage: () => Promise.resolve(Readable.from([half])) });
    await expect(makeDisk(cut)).rejects.toMatchObject({ failure: { code: 'program-failed' } });
    expect(await made()).toEqual([]);
  });

  it('when what comes is no tar', async () => {
    const noise = await order(scratch, {
      exportImage: () => Promise.resolve(Readable.from([Buffer.alloc(100_000, 'x')])),
    });
    await expect(makeDisk(noise)).rejects.toMatchObject({ failure: { code: 'program-failed' } });
    expect(await made()).toEqual([]);
  });

  // Only root can mount the small file system that this needs.
  it.runIf(process.getuid?.() === 0)(
    'when there is no room, told before and, should the estimate be wrong, after',
    async () => {
      const cacheFolder = path.join(folder, 'cache');
      await mkdir(cacheFolder);
      await run('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', cacheFolder]);
      try {
        const short = {
          code: 'disk-short',
          neededBytes: expect.any(Number) as number,
          availableBytes: expect.any(Number) as number,
        };
        await expect(makeDisk(await order(scratch))).rejects.toMatchObject({ failure: short });
        await expect(makeDisk(await order(scratch, { imageBytes: 1000 }))).rejects.toMatchObject({
          failure: short,
        });
        expect(await made()).toEqual([]);
      } finally {
        await run('umount', [cacheFolder]);
      }
    },
  );

  it('when mkfs.erofs is not installed', async () => {
    const empty = path.join(folder, 'empty');
    await mkdir(empty);
    await writeFile(path.join(empty, 'note'), '');
    const { PATH } = process.env;
    const asked = await order(scratch, {
      exportImage: () => Promise.resolve(Readable.from([Buffer.alloc(10_240)])),
    });
    process.env.PATH = empty;
    try {
      await expect(makeDisk(asked)).rejects.toMatchObject({
        failure: { code: 'tool-missing', program: 'mkfs.erofs', package: 'erofs-utils' },
      });
    } finally {
      process.env.PATH = PATH;
    }
    expect(await made()).toEqual([]);
  });
});
