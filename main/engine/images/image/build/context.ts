/** A folder as the tar stream that the engine builds from. */
import dockerignore from '@balena/dockerignore';
import { createReadStream, type Stats } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pack, type Header, type Pack } from 'tar-stream';
import { TareError } from '../../../base/errors';

/** One file of the context; `name` has forward slashes and is relative to the folder. */
interface Item {
  name: string;
  file: string;
  stats: Stats;
}

/** A file that is not in the folder but is sent with it. */
export interface Extra {
  name: string;
  file: string;
}

/**
 * Packs a folder without what its .dockerignore leaves out. Symbolic links are sent as links; owners become root, as with Docker's command.
 * @param dockerfile  its name in the folder
 * @throws {TareError} `build-folder-unusable` when there is no folder; the stream fails with it when a file cannot be read
 */
export async function buildContext(
  folder: string,
  extras: Extra[] = [],
  dockerfile = 'Dockerfile',
): Promise<Readable> {
  try {
    const items = await contextItems(folder, dockerfile);
    for (const { name, file } of extras) items.push({ name, file, stats: await lstat(file) });
    const packed = pack();
    fill(packed, items).catch((error: Error) => packed.destroy(unusable(folder, error)));
    return Readable.from(packed, { objectMode: false });
  } catch (error) {
    throw unusable(folder, error as Error);
  }
}

export const unusable = (folder: string, error: NodeJS.ErrnoException): TareError =>
  new TareError({
    code: 'build-folder-unusable',
    path: error.path ?? folder,
    reason: error.code ?? error.message,
  });

/** What is sent, in a fixed order. */
export async function contextItems(folder: string, dockerfile = 'Dockerfile'): Promise<Item[]> {
  // Sent whatever .dockerignore says: the engine itself needs them.
  const always = new Set([dockerfile, '.dockerignore']);
  const rules = await readFile(path.join(folder, '.dockerignore'), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    },
  );
  const ignored = dockerignore().add(rules);
  const hasExceptions = /^\s*!/m.test(rules);
  const items: Item[] = [];
  const walk = async (inside: string) => {
    for (const entry of (await readdir(path.join(folder, inside))).sort()) {
      const name = inside ? `${inside}/${entry}` : entry;
      const file = path.join(folder, name);
      const stats = await lstat(file);
      const left = ignored.ignores(name) && !always.has(name);
      if (!left) items.push({ name, file, stats });
      // An exception may bring a file of an ignored folder back.
      if (stats.isDirectory() && (!left || hasExceptions)) await walk(name);
    }
  };
  await walk('');
  return items;
}

async function fill(packed: Pack, items: Item[]): Promise<void> {
  for (const { name, file, stats } of items) {
    const header = { name, mode: stats.mode & 0o7777, mtime: stats.mtime, uid: 0, gid: 0 };
    if (stats.isDirectory()) packed.entry({ ...header, type: 'directory' });
    else if (stats.isSymbolicLink())
      packed.entry({ ...header, type: 'symlink', linkname: await readlink(file) });
    else if (stats.isFile()) await addFile(packed, file, { ...header, size: stats.size });
    // sockets and pipes have no content to send
  }
  packed.finalize();
}

function addFile(packed: Pack, file: string, header: Pick<Header, 'name' | 'size'>): Promise<void> {
  return new Promise((resolve, reject) => {
    const entry = packed.entry(header, (error) => (error ? reject(error) : resolve()));
    if (header.size === 0) return void entry.end(null);
    // A log that grows while it is packed is cut at the size that the header promised.
    const source = createReadStream(file, { end: header.size - 1 });
    source.on('error', (error) => {
      reject(error);
      entry.destroy(error);
    });
    source.pipe(entry);
  });
}
