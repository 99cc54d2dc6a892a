import { describe, expect, it } from 'vitest';
import { fatVolume } from '../../../../../main/engine/images/disk/fat';

/** Reads a FAT12 volume as its specification has it, without what the writer takes for granted. */
function read(volume: Buffer) {
  const [sector, reserved, tables, rootEntries, tableSectors] = [
    volume.readUInt16LE(11),
    volume.readUInt16LE(14),
    volume.readUInt8(16),
    volume.readUInt16LE(17),
    volume.readUInt16LE(22),
  ];
  const clusterBytes = sector * volume.readUInt8(13);
  const table = volume.subarray(reserved * sector, (reserved + tableSectors) * sector);
  const rootAt = (reserved + tables * tableSectors) * sector;
  const dataAt = rootAt + rootEntries * 32;
  const nextOf = (cluster: number): number => {
    const both = table.readUInt16LE(cluster + (cluster >> 1));
    return cluster % 2 === 0 ? both & 0xfff : both >> 4;
  };
  const contentOf = (first: number, bytes: number): string => {
    const chain: Buffer[] = [];
    for (let cluster = first; cluster >= 2 && cluster < 0xff8; cluster = nextOf(cluster))
      chain.push(volume.subarray(dataAt + (cluster - 2) * clusterBytes).subarray(0, clusterBytes));
    return Buffer.concat(chain).subarray(0, bytes).toString();
  };
  const files: Record<string, string> = {};
  let label = '';
  let long = '';
  for (let at = rootAt; volume[at] !== 0; at += 32) {
    const entry = volume.subarray(at, at + 32);
    const attributes = entry.readUInt8(11);
    if (attributes === 0x0f) {
      const part = [1, 14, 28].flatMap((from, place) =>
        Array.from({ length: [5, 6, 2][place]! }, (_, one) => entry.readUInt16LE(from + 2 * one)),
      );
      long = String.fromCharCode(...part.filter((code) => code !== 0 && code !== 0xffff)) + long;
    } else if (attributes === 0x08) label = entry.toString('latin1', 0, 11).trim();
    else {
      files[long] = contentOf(entry.readUInt16LE(26), entry.readUInt32LE(28));
      long = '';
    }
  }
  return { sectors: volume.readUInt16LE(19), sector, label, files };
}

describe('a FAT volume', () => {
  it('holds its files by their long names, whatever their length', () => {
    const files = {
      'meta-data': 'instance-id: tare\n',
      'user-data': '#cloud-config\n' + 'x'.repeat(3000),
      'network-config': '',
      'exactly13.txt': 'y'.repeat(512),
    };
    const volume = fatVolume(
      'cidata',
      Object.entries(files).map(([name, text]) => ({ name, content: Buffer.from(text) })),
    );
    const found = read(volume);
    expect(found.files).toEqual(files);
    expect(found.label).toBe('cidata');
    expect(found.sectors * found.sector).toBe(volume.length);
    expect(volume.toString('latin1', 43, 54)).toBe('cidata     ');
  });

  it('is the same for the same files', () => {
    const made = () => fatVolume('cidata', [{ name: 'meta-data', content: Buffer.from('a') }]);
    expect(made().equals(made())).toBe(true);
  });

  it('is refused what it has no room for', () => {
    expect(() => fatVolume('cidata', [{ name: 'user-data', content: Buffer.alloc(3e6) }])).toThrow();
  });
});
