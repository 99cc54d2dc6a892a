import { stat, statfs } from 'node:fs/promises';
import { TareError } from '../../base/errors';

/** Free bytes that this user may fill, where `folder` is. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** @throws {TareError} `disk-short` with both numbers */
export async function needSpace(folder: string, neededBytes: number): Promise<void> {
  const availableBytes = await freeBytes(folder);
  if (availableBytes < neededBytes) {
    throw new TareError({ code: 'disk-short', path: folder, neededBytes, availableBytes });
  }
}

/** What a file takes, which may be less than it looks: holes take nothing. */
export interface FileSpace {
  /** blocks it occupies on the host */
  bytes: number;
  /** its length */
  logicalBytes: number;
}

/** stat counts blocks of 512 bytes, whatever the file system's own are (POSIX leaves it open; every system here does). */
const blockBytes = 512;

export const spaceOf = ({ blocks, size }: { blocks: number; size: number }): FileSpace => ({
  bytes: blocks * blockBytes,
  logicalBytes: size,
});

/** What files take together. */
export async function spaceOfFiles(files: readonly string[]): Promise<FileSpace> {
  const all = await Promise.all(files.map(async (file) => spaceOf(await stat(file))));
  return all.reduce(
    (sum, { bytes, logicalBytes }) => ({
      bytes: sum.bytes + bytes,
      logicalBytes: sum.logicalBytes + logicalBytes,
    }),
    { bytes: 0, logicalBytes: 0 },
  );
}

/** How programs say that a file system is full (apt's words, and the C library's for ENOSPC and EDQUOT under LC_ALL=C). */
export const saysFull = (output: string): boolean =>
  /No space left on device|Disk quota exceeded|enough free space/i.test(output);
