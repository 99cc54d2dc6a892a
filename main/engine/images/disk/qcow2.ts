/** QEMU's qcow2, as far as a disk that somebody has is looked at: its header, and where its content begins (QEMU: docs/interop/qcow2). */
import type { FileHandle } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';

const begin = Buffer.from('QFI\xfb', 'latin1');
export const isQcow2 = (head: Buffer): boolean => head.subarray(0, begin.length).equals(begin);

export interface Qcow2 {
  /** how large the disk looks */
  logicalBytes: number;
  clusterBits: number;
  /** the first level of its tables */
  l1At: number;
}

/** Why it cannot be booted, or must not be. */
export type Qcow2Refusal =
  'disk-damaged' | 'disk-encrypted' | 'disk-format' | 'disk-names-files' | 'disk-too-large';

/** Places in the header of versions 2 and 3. */
const at = {
  version: 4,
  backingFile: 8,
  clusterBits: 20,
  size: 24,
  encryption: 32,
  l1: 40,
  incompatible: 72,
};
const headerBytes = at.incompatible + 8;
const corrupt = 2n;
const externalData = 4n;

const sectorBytes = 512;
export const mostLogicalBytes = 64 * 1024 ** 4;

/** Reads a header; a text is why it is refused. */
export function readQcow2(head: Buffer): Qcow2 | Qcow2Refusal {
  if (head.length < headerBytes) return 'disk-damaged';
  const version = head.readUInt32BE(at.version);
  if (version !== 2 && version !== 3) return 'disk-format';
  const incompatible = version === 3 ? head.readBigUInt64BE(at.incompatible) : 0n;
  if (head.readBigUInt64BE(at.backingFile) !== 0n || incompatible & externalData) return 'disk-names-files';
  if (incompatible & corrupt) return 'disk-damaged';
  if (head.readUInt32BE(at.encryption) !== 0) return 'disk-encrypted';
  const bytes = head.readBigUInt64BE(at.size);
  const clusterBits = head.readUInt32BE(at.clusterBits);
  if (bytes > BigInt(mostLogicalBytes)) return 'disk-too-large';
  if (bytes < BigInt(sectorBytes) || clusterBits < 9 || clusterBits > 21) return 'disk-damaged';
  return { logicalBytes: Number(bytes), clusterBits, l1At: Number(head.readBigUInt64BE(at.l1)) };
}

/** What of an entry of the tables is a place in the file. */
const placeMask = 0x00fffffffffffe00n;
const compressed = 1n << 62n;
/** it reads as zeros, whatever lies there */
const zero = 1n;

/** The disk's first cluster, of 2 MiB at most; undefined where it cannot be told, as it is damaged or packed by zstd. */
export async function firstCluster(
  handle: FileHandle,
  { clusterBits, l1At }: Qcow2,
): Promise<Buffer | undefined> {
  const bytes = 2 ** clusterBits;
  const table = (await entryAt(handle, l1At)) & placeMask;
  const entry = table === 0n ? 0n : await entryAt(handle, Number(table));
  if (entry & compressed) return unpacked(handle, entry, clusterBits);
  const place = entry & zero ? 0n : entry & placeMask;
  return place === 0n ? Buffer.alloc(bytes) : bytesAt(handle, Number(place), bytes);
}

/** The place takes fewer bits the larger clusters are, and the number of further sectors the rest. */
async function unpacked(handle: FileHandle, entry: bigint, clusterBits: number): Promise<Buffer | undefined> {
  const placeBits = BigInt(62 - (clusterBits - 8));
  const place = Number(entry & ((1n << placeBits) - 1n));
  const further = Number((entry & (compressed - 1n)) >> placeBits);
  const packed = await bytesAt(handle, place, (further + 1) * sectorBytes - (place % sectorBytes));
  try {
    return inflateRawSync(packed, { maxOutputLength: 2 ** clusterBits });
  } catch {
    return undefined;
  }
}

const entryAt = async (handle: FileHandle, place: number): Promise<bigint> =>
  (await bytesAt(handle, place, 8)).readBigUInt64BE();

/** What lies behind the end of the file is zero, and no file is so long that its places are no whole numbers. */
async function bytesAt(handle: FileHandle, place: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  if (Number.isSafeInteger(place)) await handle.read(buffer, 0, bytes, place);
  return buffer;
}
