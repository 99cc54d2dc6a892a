import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lookAtDisk, mustBeUnchanged } from '../../../../../main/engine/images/disk/ownDisk';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(os.tmpdir(), 'tare-own-disk-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const file = (content: Buffer | string, name = 'disk'): string => {
  const made = path.join(folder, name);
  writeFileSync(made, content);
  return made;
};
const refused = (reason: string) => ({ failure: { code: 'disk-unusable', reason } });

const bootSector = (): Buffer => {
  const sector = Buffer.alloc(512);
  sector.writeUInt16BE(0x55aa, 510);
  return sector;
};

const clusterBytes = 65_536;
/** A GPT with partitions of these types. */
function partitioned(...types: (keyof typeof partitionTypes)[]): Buffer {
  const start = Buffer.alloc(34 * 512);
  bootSector().copy(start);
  start.write('EFI PART', 512, 'latin1');
  start.writeBigUInt64LE(2n, 512 + 72);
  start.writeUInt32LE(128, 512 + 80);
  start.writeUInt32LE(128, 512 + 84);
  types.forEach((type, place) => partitionTypes[type].copy(start, 1024 + place * 128));
  return start;
}
/** GUIDs as they lie on a disk: the first three fields are little-endian. */
const partitionTypes = {
  efi: Buffer.from('28732ac11ff8d211ba4b00a0c93ec93b', 'hex'), // C12A7328-F81F-11D2-BA4B-00A0C93EC93B
  bios: Buffer.from('4861682149646f6e744e656564454649', 'hex'), // 21686148-6449-6E6F-744E-656564454649
  linux: Buffer.from('af3dc60f838472478e793d69d8477de4', 'hex'), // 0FC63DAF-8483-4772-8E79-3D69D8477DE4
};

/** Of version 3, its first cluster filled, with fields of its header changed at their places (QEMU: docs/interop/qcow2). */
function qcow2(
  change: (header: Buffer) => unknown = () => undefined,
  start = bootSector(),
  packs = false,
): Buffer {
  const [header, l1, l2] = [0, 1, 2].map(() => Buffer.alloc(clusterBytes)) as [Buffer, Buffer, Buffer];
  header.write('QFI\xfb', 0, 'latin1');
  header.writeUInt32BE(3, 4);
  header.writeUInt32BE(16, 20);
  header.writeBigUInt64BE(10n * 1024n ** 3n, 24);
  header.writeBigUInt64BE(BigInt(clusterBytes), 40);
  l1.writeBigUInt64BE(BigInt(2 * clusterBytes) | (1n << 63n));
  const content = Buffer.alloc(clusterBytes);
  start.copy(content);
  const packed = deflateRawSync(content);
  const dataAt = BigInt(3 * clusterBytes + (packs ? 100 : 0)); // packed ones begin anywhere
  const further = BigInt(Math.ceil((100 + packed.length) / 512) - 1);
  l2.writeBigUInt64BE(packs ? dataAt | (further << 54n) | (1n << 62n) : dataAt | (1n << 63n));
  const data = packs ? Buffer.concat([Buffer.alloc(100), packed, Buffer.alloc(512)]) : content;
  change(header);
  return Buffer.concat([header, l1, l2, data]);
}

describe('a disk that somebody has', () => {
  it('is raw where it begins with a boot sector, and as large as its file', async () => {
    const disk = file(bootSector());
    truncateSync(disk, 1024 ** 3);
    const { facts } = await lookAtDisk(disk);
    expect(facts).toMatchObject({ file: disk, format: 'raw', logicalBytes: 1024 ** 3 });
    expect(facts.bytes).toBe(statSync(disk).blocks * 512);
  });

  it('is a qcow2 by its first bytes, whatever the file is called, and as large as its header says', async () => {
    const { facts } = await lookAtDisk(file(qcow2(), 'disk.raw'));
    expect(facts).toMatchObject({ format: 'qcow2', logicalBytes: 10 * 1024 ** 3 });
    const { facts: older } = await lookAtDisk(file(qcow2((header) => header.writeUInt32BE(2, 4))));
    expect(older.format).toBe('qcow2');
  });

  it('is booted by the firmware that its partitions are for, a BIOS where both would do', async () => {
    const firmwareOf = async (content: Buffer) => (await lookAtDisk(file(content))).facts.firmware;
    for (const kept of [
      (start: Buffer) => start,
      (start: Buffer) => qcow2(undefined, start),
      (start: Buffer) => qcow2(undefined, start, true),
    ]) {
      expect(await firmwareOf(kept(bootSector()))).toBe('bios');
      expect(await firmwareOf(kept(partitioned('linux', 'bios', 'efi')))).toBe('bios');
      expect(await firmwareOf(kept(partitioned('linux', 'efi')))).toBe('uefi');
    }
  });

  it('is refused as a qcow2 whose content begins with no boot sector', async () => {
    for (const packs of [false, true])
      await expect(lookAtDisk(file(qcow2(undefined, Buffer.alloc(512), packs)))).rejects.toMatchObject(
        refused('disk-not-bootable'),
      );
    const nothing = (header: Buffer) => header.writeBigUInt64BE(2n ** 60n, 40); // tables behind the end of the file
    await expect(lookAtDisk(file(qcow2(nothing)))).rejects.toMatchObject(refused('disk-not-bootable'));
  });

  it.each([
    ['lies on another file', 'disk-names-files', (header: Buffer) => header.writeBigUInt64BE(512n, 8)],
    ['keeps its content in another file', 'disk-names-files', (header: Buffer) => header.writeUInt8(4, 79)],
    ['is encrypted', 'disk-encrypted', (header: Buffer) => header.writeUInt32BE(2, 32)],
    ['is marked as corrupt', 'disk-damaged', (header: Buffer) => header.writeUInt8(2, 79)],
    ['has no size', 'disk-damaged', (header: Buffer) => header.writeBigUInt64BE(0n, 24)],
    ['has clusters of no size', 'disk-damaged', (header: Buffer) => header.writeUInt32BE(60, 20)],
    ['looks endless', 'disk-too-large', (header: Buffer) => header.writeBigUInt64BE(2n ** 63n, 24)],
    ['is of a version to come', 'disk-format', (header: Buffer) => header.writeUInt32BE(4, 4)],
  ])('is refused as a qcow2 that %s', async (_, reason, change) => {
    await expect(lookAtDisk(file(qcow2(change)))).rejects.toMatchObject(refused(reason));
  });

  it.each([
    ['a VMDK', 'disk-format', 'KDMV'],
    ['a VHDX', 'disk-format', 'vhdxfile'],
    ['a VDI', 'disk-format', '<<< Oracle VM VirtualBox Disk Image >>>'],
    ['packed by gzip', 'disk-packed', Buffer.from('1f8b08', 'hex')],
    ['packed by xz', 'disk-packed', Buffer.from('fd377a585a00', 'hex')],
    ['no disk at all', 'disk-not-bootable', 'a text'],
    ['empty', 'disk-not-bootable', ''],
    ['cut off within its header', 'disk-damaged', qcow2().subarray(0, 60)],
  ])('is refused where it is %s', async (_, reason, content) => {
    await expect(lookAtDisk(file(content))).rejects.toMatchObject(refused(reason));
  });

  it('is refused where it is no file, without waiting for anybody to write to it', async () => {
    const pipe = path.join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await expect(lookAtDisk(pipe)).rejects.toMatchObject(refused('not-a-file'));
    await expect(lookAtDisk(folder)).rejects.toMatchObject(refused('not-a-file'));
    await expect(lookAtDisk(path.join(folder, 'none'))).rejects.toMatchObject(refused('ENOENT'));
  });

  it('has another fingerprint once it was written to, and is not started from any more', async () => {
    const disk = file(bootSector());
    const before = await lookAtDisk(disk);
    await mustBeUnchanged(before);
    expect((await lookAtDisk(disk)).facts.fingerprint).toBe(before.facts.fingerprint);
    utimesSync(disk, new Date(), new Date(Date.now() + 5000));
    await expect(mustBeUnchanged(before)).rejects.toMatchObject({
      failure: { code: 'disk-changed', path: disk },
    });
    expect((await lookAtDisk(disk)).facts.fingerprint).not.toBe(before.facts.fingerprint);
    rmSync(disk);
    await expect(mustBeUnchanged(before)).rejects.toMatchObject({ failure: { code: 'disk-changed' } });
  });
});
