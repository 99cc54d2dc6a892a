import { statfs } from 'node:fs/promises';
import { TareError } from '../errors';

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

/** How programs say that a file system is full (apt's words, and the C library's for ENOSPC and EDQUOT under LC_ALL=C). */
export const saysFull = (output: string): boolean =>
  /No space left on device|Disk quota exceeded|enough free space/i.test(output);
