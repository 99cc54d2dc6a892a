/**
 * A virtual disk that somebody has, told by its first bytes. Whoever made the file may want to read another one of this computer by it: a
 * qcow2 can name a file that lies below it, or one that holds its content, and QEMU would open that with its own rights. Little of it is read,
 * and what is read has bounds.
 */
import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import type { DiskFacts } from '../../../contract/run/run';
import { TareError } from '../../base/errors';
import { firmwareFor, hasBootSignature } from './partitions';
import { firstCluster, isQcow2, mostLogicalBytes, readQcow2 } from './qcow2';
import { spaceOf } from './space';

export interface OwnDisk {
  facts: DiskFacts;
  /** by which it is known again without reading it */
  stamp: string;
}

const stampOf = ({ dev, ino, size, mtimeMs }: Stats): string => [dev, ino, size, mtimeMs].join(' ');

const headBytes = 1024 * 1024;

/**
 * @throws {TareError} `disk-unusable`: a system's code · `not-a-file` · `disk-format` · `disk-packed` · `disk-names-files` · `disk-encrypted` ·
 *   `disk-damaged` · `disk-too-large` · `disk-not-bootable`
 */
export async function lookAtDisk(file: string): Promise<OwnDisk> {
  const handle = await openDisk(file).catch((error: NodeJS.ErrnoException) => {
    throw unusable(file, error.code ?? error.message);
  });
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw unusable(file, 'not-a-file');
    const head = await headOf(handle);
    const kind = await kindOf(handle, head, { file, length: found.size });
    const fingerprint = createHash('sha256')
      .update(`${found.size} ${found.mtimeMs}\n`)
      .update(head)
      .digest('hex');
    const { bytes } = spaceOf(found);
    const modifiedAt = found.mtime.toISOString();
    return {
      facts: { file, ...kind, bytes, modifiedAt, fingerprint },
      stamp: stampOf(found),
    };
  } finally {
    await handle.close();
  }
}

/**
 * Whether the file is still as it was looked at. What writes to a disk that a machine reads, as another machine does, spoils what is read.
 * @throws {TareError} `disk-changed`
 */
export async function mustBeUnchanged({ facts: { file }, stamp }: OwnDisk): Promise<void> {
  const now = await stat(file).catch(() => undefined);
  if (!now || stampOf(now) !== stamp) throw new TareError({ code: 'disk-changed', path: file });
}

/** A pipe without a writer would be waited for. */
const openDisk = (file: string): Promise<FileHandle> => open(file, constants.O_RDONLY | constants.O_NONBLOCK);

const unusable = (path: string, reason: string): TareError =>
  new TareError({ code: 'disk-unusable', path, reason });

async function headOf(handle: FileHandle): Promise<Buffer> {
  const head = Buffer.alloc(headBytes);
  let length = 0;
  for (;;) {
    const { bytesRead } = await handle.read(head, length, headBytes - length, length);
    length += bytesRead;
    if (bytesRead === 0 || length === headBytes) return head.subarray(0, length);
  }
}

/** How files begin that hold a disk in another way, or that are packed. */
const others: readonly { begin: Buffer; reason: 'disk-format' | 'disk-packed' }[] = [
  ...['KDMV', 'COWD', '# Disk DescriptorFile', 'vhdxfile', 'conectix', '<<< ', 'QED\0'].map((begin) => ({
    begin: Buffer.from(begin),
    reason: 'disk-format' as const,
  })),
  ...['1f8b', 'fd377a585a00', '28b52ffd', '425a68', '504b0304', '377abcaf271c'].map((begin) => ({
    begin: Buffer.from(begin, 'hex'),
    reason: 'disk-packed' as const,
  })),
];

/** What a file is, by its first bytes. @throws {TareError} `disk-unusable` */
async function kindOf(
  handle: FileHandle,
  head: Buffer,
  { file, length }: { file: string; length: number },
): Promise<Pick<DiskFacts, 'format' | 'logicalBytes' | 'firmware'>> {
  if (isQcow2(head)) {
    const header = readQcow2(head);
    if (typeof header === 'string') throw unusable(file, header);
    const start = await firstCluster(handle, header);
    const { logicalBytes } = header;
    return { format: 'qcow2', logicalBytes, firmware: start ? firmwareOf(start, file) : 'bios' };
  }
  const other = others.find(({ begin }) => head.subarray(0, begin.length).equals(begin));
  if (other) throw unusable(file, other.reason);
  if (length > mostLogicalBytes) throw unusable(file, 'disk-too-large');
  return { format: 'raw', logicalBytes: length, firmware: firmwareOf(head, file) };
}

function firmwareOf(start: Buffer, file: string): DiskFacts['firmware'] {
  if (!hasBootSignature(start)) throw unusable(file, 'disk-not-bootable');
  return firmwareFor(start);
}
