/** The image's root filesystem as files in the cache: what a plain process runs in. */
import { chmod, lchown, lstat, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { programLimits, runProgram } from '../../base/process/child';
import { makeFolder } from '../../base/folder';
import type { Ledger } from '../../base/process/ledger';
import { markUsed } from './cache';
import { asImageRoot, firstId, imageIds } from './ids';
import { needSpace } from './space';
import { readTar } from './tarReader';

export interface TreeOrder {
  cacheFolder: string;
  /** of the image configuration */
  digest: string;
  /** unpacked size of the image as the engine counts it: an estimate of the tree's */
  imageBytes: number;
  /** unpacked by root, for every file's owner as one of nobody's ids (see ids.ts); without, everything belongs to this user */
  privileged: boolean;
  /** the image's flattened root filesystem as a tar stream; destroyed if it is not read to its end */
  exportImage: (signal: AbortSignal) => Promise<Readable>;
  ledger: Ledger;
  signal: AbortSignal;
}

const folderOf = ({ cacheFolder, digest, privileged }: TreeOrder): string =>
  path.join(cacheFolder, 'trees', `${digest.replace(/[^\w]/g, '-')}-${privileged ? 'ids' : 'user'}`);

/** The tree if it was made before. */
export async function findTree(order: TreeOrder): Promise<string | undefined> {
  const folder = folderOf(order);
  if (!(await isFolder(folder))) return undefined;
  await markUsed(folder);
  return folder;
}

/**
 * The image unpacked, once per image and kind of user. Nothing ever writes to it: what runs in it has a layer of its own
 * above. Two makers at once are safe: each works aside, and the first rename stands.
 * @throws {TareError} `tool-missing` · `disk-short` · `program-failed`; what `exportImage` throws; AbortError when aborted
 */
export async function makeTree(order: TreeOrder): Promise<string> {
  const made = await findTree(order);
  if (made) return made;
  const { ledger, signal } = order;
  signal.throwIfAborted();
  const folder = folderOf(order);
  const trees = path.dirname(folder);
  makeFolder(trees);
  await needSpace(trees, order.imageBytes);
  const aside = path.join(trees, ledger.name('tree'));
  const strike = ledger.note('folder', aside);
  try {
    await mkdir(aside, { mode: 0o755 });
    await own(order, aside);
    await readTar({
      words: await tarWords(order),
      cwd: aside,
      exportImage: order.exportImage,
      folder: trees,
      neededBytes: order.imageBytes,
      signal,
    });
    if (!order.privileged)
      await runProgram('chmod', ['-R', 'u+rwX', aside], { signal, limitMs: programLimits.wholeTrees }); // else it could not be removed
    await fill(order, aside);
    await rename(aside, folder).catch(async (error: unknown) => {
      if (!(await isFolder(folder))) throw error; // another Tare was quicker
    });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    await rm(aside, { recursive: true, force: true });
    strike();
  }
  return folder;
}

const isFolder = (folder: string): Promise<boolean> =>
  lstat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** How tar unpacks it into the folder that it is started in: with every file's owner and rights, or as this user's. */
async function tarWords({ privileged }: TreeOrder): Promise<[string, ...string[]]> {
  const owners = privileged
    ? ['--numeric-owner', '--same-owner', '--same-permissions', '--xattrs', '--xattrs-include=*']
    : ['--no-same-owner', '--same-permissions'];
  // Device nodes of an image are of no use here, and nobody but this computer's root could make them.
  const words = ['tar', '--extract', '--anchored', '--exclude=dev/*', '--exclude=./dev/*', ...owners];
  const enter = privileged ? asImageRoot(`/proc/${process.pid}/fd/${await imageIds()}`) : [];
  return [...enter, ...words] as [string, ...string[]];
}

/** Character devices that every program may expect; those of this computer are mounted there (assets/guest/process.c). */
const deviceNames = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];

/** Gives a file of the tree to the image's root. */
const own = ({ privileged }: TreeOrder, file: string): Promise<void> =>
  privileged ? lchown(file, firstId, firstId) : Promise.resolve();

/** What an engine would mount into a container: made once here, so that no start pays for it. */
async function fill(order: TreeOrder, tree: string): Promise<void> {
  for (const name of ['proc', 'dev', 'sys', 'tmp', 'etc']) await ownFolder(order, path.join(tree, name));
  const inDev = (name: string) => path.join(tree, 'dev', name);
  for (const name of deviceNames) await replaceFile(order, inDev(name), ''); // the host's own is mounted over it
  for (const [name, at] of [
    ['fd', '/proc/self/fd'],
    ['stdin', '/proc/self/fd/0'],
    ['stdout', '/proc/self/fd/1'],
    ['stderr', '/proc/self/fd/2'],
  ] as const) {
    await symlink(at, inDev(name));
    await own(order, inDev(name));
  }
  await ownFolder(order, inDev('shm'));
  await replaceFile(order, path.join(tree, 'etc/hosts'), '127.0.0.1\tlocalhost\n::1\tlocalhost\n');
  await replaceFile(order, path.join(tree, 'etc/resolv.conf'), '');
}

const forEveryone = new Set(['tmp', 'shm']);

/** Never through a link: an image could point one of these names out of the tree. */
async function ownFolder(order: TreeOrder, folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  await rm(folder, { force: true });
  await mkdir(folder);
  await chmod(folder, forEveryone.has(path.basename(folder)) ? 0o1777 : 0o755); // mkdir's own mode is cut by the umask
  await own(order, folder);
}

async function replaceFile(order: TreeOrder, file: string, text: string): Promise<void> {
  await rm(file, { force: true, recursive: true });
  await writeFile(file, text, { flag: 'wx' });
  await chmod(file, 0o644);
  await own(order, file);
}

/** A file of the image's /etc, empty when there is none or it is a link. */
export async function accountFile(tree: string, name: 'passwd' | 'group'): Promise<string> {
  const file = path.join(tree, 'etc', name);
  const isFile = await lstat(file).then(
    (found) => found.isFile(),
    () => false,
  );
  return isFile ? readFile(file, 'utf8') : '';
}
