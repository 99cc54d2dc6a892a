/** An image's tar stream as a cpio archive: the image as part of an initramfs, which lies in the guest's memory. */
import type { Readable } from 'node:stream';
import type { Header } from 'tar-stream';
import { TareError } from '../../base/errors';
import { cpioEnd, cpioHead, cpioPadding } from './cpio';
import { tarEntries } from './tarEntries';

const kinds: Partial<Record<string, number>> = {
  file: 0o100000,
  link: 0o100000,
  'contiguous-file': 0o100000,
  symlink: 0o120000,
  'character-device': 0o020000,
  'block-device': 0o060000,
  directory: 0o040000,
  fifo: 0o010000,
};

/** The head of a file has eight hexadecimal digits for its length. */
const longestFile = 2 ** 32 - 1;

const clean = (name: string): string => name.replace(/^\.?\/+/, '').replace(/\/+$/, '');

/**
 * Every entry below `folder`, and the folder first. Hard links stay links: in this format they are names with one inode
 * number, of which the first has the content. Extended attributes are lost, as the format knows none.
 * @throws {TareError} `image-file-too-large`; `program-failed` when the stream was cut, or is no tar
 */
export async function* imageArchive(tar: Readable, folder: string): AsyncGenerator<Buffer> {
  const inodes = new Map<string, number>();
  const entryOf = (header: Header, inode: number, size: number) => ({
    name: `${folder}/${clean(header.name)}`,
    mode: kinds[header.type ?? 'file']! | (header.mode ?? 0o644),
    inode,
    size,
    uid: header.uid ?? 0,
    gid: header.gid ?? 0,
    links: isFile(header) ? 2 : 1, // two: the kernel then remembers it for names that follow
    device: [header.devmajor ?? 0, header.devminor ?? 0] as [number, number],
  });
  yield cpioHead({ name: folder, mode: 0o040755, inode: 1, size: 0 });
  let next = 2;
  for await (const entry of tarEntries(tar)) {
    const { header } = entry;
    const name = clean(header.name);
    if (name === '' || kinds[header.type ?? 'file'] === undefined) {
      entry.resume();
      continue;
    }
    const inode = (header.type === 'link' && inodes.get(clean(header.linkname ?? ''))) || next++;
    inodes.set(name, inode);
    const target = header.type === 'symlink' ? Buffer.from(header.linkname ?? '') : undefined;
    const size = target?.length ?? (header.type === 'link' ? 0 : (header.size ?? 0));
    if (size > longestFile)
      throw new TareError({ code: 'image-file-too-large', path: name, limitBytes: longestFile + 1 });
    yield cpioHead(entryOf(header, inode, size));
    if (target) yield target;
    yield* entry as AsyncIterable<Buffer>;
    yield cpioPadding(size);
  }
  yield cpioEnd();
}

const isFile = ({ type }: Header): boolean =>
  type === 'file' || type === 'link' || type === 'contiguous-file';
