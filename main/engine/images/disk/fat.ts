/**
 * A FAT12 volume with a few small files in its root: what cloud-init takes a seed from, and every system reads. Written here, as the programs
 * that do it (mkfs.vfat and mcopy, or a writer of ISO 9660) are installed on few computers. After Microsoft's “FAT: General Overview of
 * On-Disk Format” 1.03, with long names.
 */
import { TareError } from '../../base/errors';

interface FatFile {
  /** of ASCII */
  name: string;
  content: Buffer;
}

const sectorBytes = 512;
const entryBytes = 32;
const rootEntries = 64;
const tables = 2;
const leastClusters = 64;
/** one more and it would be FAT16 */
const mostClusters = 4084;
/** a cluster is a sector */
const firstCluster = 2;
const endOfFile = 0xfff;
const media = 0xf8;

const sectorsFor = (bytes: number): number => Math.ceil(bytes / sectorBytes);

/**
 * @param label  eleven characters at most
 * @throws {TareError} `input-too-large` where the files have no room in 2 MiB
 */
export function fatVolume(label: string, files: readonly FatFile[]): Buffer {
  const used = files.reduce((sum, { content }) => sum + sectorsFor(content.length), 0);
  if (used > mostClusters)
    throw new TareError({ code: 'input-too-large', limitBytes: mostClusters * sectorBytes });
  const clusters = Math.max(leastClusters, used);
  const table = Buffer.alloc(sectorsFor((clusters + firstCluster) * 1.5) * sectorBytes);
  link(table, 0, 0xf00 | media);
  link(table, 1, endOfFile);
  const data = Buffer.alloc(clusters * sectorBytes);
  const entries = [shortEntry(label.padEnd(11), volumeLabel)];
  let next = firstCluster;
  for (const [place, { name, content }] of files.entries()) {
    const length = sectorsFor(content.length);
    content.copy(data, (next - firstCluster) * sectorBytes);
    for (let one = 0; one < length; one += 1)
      link(table, next + one, one === length - 1 ? endOfFile : next + one + 1);
    entries.push(...entriesOf(name, place, length === 0 ? 0 : next, content.length));
    next += length;
  }
  const root = Buffer.concat(entries, rootEntries * entryBytes);
  return Buffer.concat([bootSector(label, clusters, table.length), table, table, root, data]);
}

/** Where a cluster's file goes on, as twelve bits. */
function link(table: Buffer, cluster: number, to: number): void {
  const at = Math.floor(cluster * 1.5);
  const both = table.readUInt16LE(at);
  table.writeUInt16LE(cluster % 2 === 0 ? (both & 0xf000) | to : (both & 0x000f) | (to << 4), at);
}

/** What a firmware executes that is asked to boot from it: the interrupt by which it goes on to the next disk. */
const notBootable = Buffer.from([0xcd, 0x18]);

function bootSector(label: string, clusters: number, tableBytes: number): Buffer {
  const sector = Buffer.alloc(sectorBytes);
  const rootSectors = sectorsFor(rootEntries * entryBytes);
  sector.set([0xeb, 0x3c, 0x90]); // over the fields below
  sector.write('TARE', 3, 'latin1');
  sector.writeUInt16LE(sectorBytes, 11);
  sector.writeUInt8(1, 13); // sectors per cluster
  sector.writeUInt16LE(1, 14); // sectors before the first table
  sector.writeUInt8(tables, 16);
  sector.writeUInt16LE(rootEntries, 17);
  sector.writeUInt16LE(1 + tables * sectorsFor(tableBytes) + rootSectors + clusters, 19);
  sector.writeUInt8(media, 21);
  sector.writeUInt16LE(sectorsFor(tableBytes), 22);
  sector.writeUInt16LE(32, 24); // sectors per track, and heads: nobody goes by them
  sector.writeUInt16LE(2, 26);
  sector.writeUInt8(0x80, 36);
  sector.writeUInt8(0x29, 38); // a label follows
  sector.write(label.padEnd(11), 43, 'latin1');
  sector.write('FAT12   ', 54, 'latin1');
  notBootable.copy(sector, 62);
  sector.writeUInt16BE(0x55aa, sectorBytes - 2);
  return sector;
}

const [volumeLabel, archive, longName] = [0x08, 0x20, 0x0f];
/** 1 January 1980, the first day there is: the same files make the same volume */
const firstDay = 0x0021;

function shortEntry(name: string, attributes: number, cluster = 0, bytes = 0): Buffer {
  const entry = Buffer.alloc(entryBytes);
  entry.write(name, 0, 11, 'latin1');
  entry.writeUInt8(attributes, 11);
  for (const at of [16, 18, 24]) entry.writeUInt16LE(firstDay, at);
  entry.writeUInt16LE(cluster, 26);
  entry.writeUInt32LE(bytes, 28);
  return entry;
}

const charactersPerEntry = 13;

/** A file's own entry, after those with its long name, of which the last part comes first. */
function entriesOf(name: string, place: number, cluster: number, bytes: number): Buffer[] {
  const short = `FILE${place}`.padEnd(11);
  const parts: Buffer[] = [];
  for (let from = 0; from < name.length; from += charactersPerEntry)
    parts.unshift(longEntry(name.slice(from, from + charactersPerEntry), parts.length + 1, checksum(short)));
  parts[0]!.writeUInt8(parts[0]!.readUInt8(0) | 0x40, 0); // the last part
  return [...parts, shortEntry(short, archive, cluster, bytes)];
}

/** Where the characters of a part stand. */
const characterPlaces = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30];

function longEntry(part: string, number: number, sum: number): Buffer {
  const entry = Buffer.alloc(entryBytes);
  entry.writeUInt8(number, 0);
  entry.writeUInt8(longName, 11);
  entry.writeUInt8(sum, 13);
  characterPlaces.forEach((at, place) => {
    const code = place < part.length ? part.charCodeAt(place) : place === part.length ? 0 : 0xffff;
    entry.writeUInt16LE(code, at);
  });
  return entry;
}

/** Of a short name: ties the parts of a long one to it. */
const checksum = (short: string): number =>
  [...Buffer.from(short, 'latin1')].reduce((sum, byte) => (((sum & 1) << 7) + (sum >> 1) + byte) & 0xff, 0);
