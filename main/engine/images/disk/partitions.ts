/** What the first sectors of a PC's disk tell of the firmware that is to boot it (UEFI Specification 2.10, chapter 5). */
import type { DiskFacts } from '../../../contract/run/run';

const sectorBytes = 512;

/** Every firmware of a PC looks for it, also before a table of partitions for UEFI. */
export const hasBootSignature = (start: Buffer): boolean =>
  start.length >= sectorBytes && start.readUInt16BE(sectorBytes - 2) === 0x55aa;

/** Types of partitions as they are written: of boot loaders for UEFI, and of what a BIOS loads of GRUB. */
const efiSystem = Buffer.from('28732ac11ff8d211ba4b00a0c93ec93b', 'hex');
const biosBoot = Buffer.from('Hah!IdontNeedEFI');

/** A disk for both is booted by a BIOS: it is there wherever QEMU is. */
export function firmwareFor(start: Buffer): DiskFacts['firmware'] {
  const types = partitionTypes(start);
  const has = (type: Buffer) => types.some((one) => one.equals(type));
  return has(efiSystem) && !has(biosBoot) ? 'uefi' : 'bios';
}

/** Of a GPT, as far as its entries lie in what is there; none where there is another table. */
function partitionTypes(start: Buffer): Buffer[] {
  const header = start.subarray(sectorBytes, 2 * sectorBytes);
  if (header.length < sectorBytes || header.toString('latin1', 0, 8) !== 'EFI PART') return [];
  const [from, count, bytes] = [
    Number(header.readBigUInt64LE(72)) * sectorBytes,
    header.readUInt32LE(80),
    header.readUInt32LE(84),
  ];
  if (bytes < 128) return [];
  const room = Math.max(0, Math.floor((start.length - from) / bytes));
  return Array.from({ length: Math.min(count, room) }, (_, place) =>
    start.subarray(from + place * bytes, from + place * bytes + 16),
  );
}
