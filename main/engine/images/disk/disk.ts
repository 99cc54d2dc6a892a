import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { Ledger } from '../../base/process/ledger';
import { makeFolder } from '../../base/folder';
import { markUsed } from './cache';
import { needSpace, spaceOf, type FileSpace } from './space';
import { readTar } from './tarReader';

/** What the guest finds on its disk. */
export type DiskFormat = 'erofs' | 'squashfs' | 'ext4';

export interface DiskOrder {
  cacheFolder: string;
  /** default: erofs */
  format?: DiskFormat;
  /** of the image configuration */
  digest: string;
  /** unpacked size of the image as the engine counts it: an estimate of the disk's */
  imageBytes: number;
  kitVersion: string;
  /** the image's flattened root filesystem as a tar stream; destroyed if it is not read to its end */
  exportImage: (signal: AbortSignal) => Promise<Readable>;
  ledger: Ledger;
  signal: AbortSignal;
}

export interface Disk extends FileSpace {
  path: string;
}

export const diskFolder = (cacheFolder: string): string => path.join(cacheFolder, 'disks');

/** How the names of all disks of one image begin. */
export const diskPrefix = (digest: string): string => `${digest.replace(/[^\w]/g, '-')}-`;

const diskFile = ({ cacheFolder, digest, kitVersion, format = 'erofs' }: DiskOrder): string =>
  path.join(diskFolder(cacheFolder), `${diskPrefix(digest)}${kitVersion}.${format}`);

/** The disk if it was made before. */
export async function findDisk(order: DiskOrder): Promise<Disk | undefined> {
  const file = diskFile(order);
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  await markUsed(file);
  return { path: file, ...spaceOf(found) };
}

/**
 * The image as a read-only disk, made once per image and kit. The tar goes through untouched: re-packing would lose
 * file capabilities, and nothing of it needs root. Two makers at once are safe: each works aside and the last rename stands.
 * @throws {TareError} `tool-missing` · `disk-short` · `program-failed`; what `exportImage` throws; AbortError when aborted
 */
export async function makeDisk(order: DiskOrder): Promise<Disk> {
  const made = await findDisk(order);
  if (made) return made;
  const { ledger, signal } = order;
  signal.throwIfAborted();
  const file = diskFile(order);
  const disks = path.dirname(file);
  makeFolder(disks);
  const neededBytes = 2 * order.imageBytes; // mkfs.erofs spools the files before it lays them out
  await needSpace(disks, neededBytes);
  const aside = path.join(disks, ledger.name('disk'));
  const strike = ledger.note('folder', aside);
  try {
    await mkdir(aside);
    const output = path.join(aside, 'disk.erofs');
    await readTar({
      words: makerWords(order, output),
      env: { TMPDIR: aside },
      exportImage: order.exportImage,
      folder: disks,
      neededBytes,
      signal,
    });
    await flush(output);
    await rename(output, file);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    await rm(aside, { recursive: true, force: true });
    strike();
  }
  return (await findDisk(order))!;
}

/** Any fixed UUID makes the disk reproducible; one that follows from the image tells disks apart. */
function uuidOf(digest: string): string {
  const hex = createHash('sha256').update(digest).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

/** The programs that make a disk from a tar stream. */
export const diskMakers: Record<DiskFormat, string> = {
  erofs: 'mkfs.erofs',
  squashfs: 'sqfstar',
  ext4: 'mke2fs',
};

/** What reads the tar from standard input and writes `output`. */
function makerWords(
  { format = 'erofs', digest, imageBytes }: DiskOrder,
  output: string,
): [string, ...string[]] {
  const program = diskMakers[format];
  const compression = ['-comp', 'zstd', '-Xcompression-level', '3'];
  if (format === 'squashfs') return [program, '-quiet', '-no-progress', ...compression, output];
  // An image of many small files takes more blocks than bytes; what stays empty is a hole.
  const kibibytes = Math.ceil((imageBytes * 2) / 1024) + 64 * 1024;
  if (format === 'ext4')
    return [program, '-q', '-t', 'ext4', '-O', '^has_journal', '-m', '0', '-d', '-', output, `${kibibytes}k`];
  // It reads standard input only when no source is named. -T alone would also overwrite the times of all files.
  return [program, '-d1', '-T0', '--mkfs-time', '-U', uuidOf(digest), '--tar=f', output];
}

/** On disk before the rename, or a power cut could leave an empty file under the final name. */
async function flush(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
