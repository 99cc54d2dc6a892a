/** Saved machines in the cache: one folder each, with the state and what is known about it. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { markUsed } from '../../../../images/disk/cache';
import { makeFolder } from '../../../../base/folder';
import { needSpace } from '../../../../images/disk/space';
import type { Ledger } from '../../../../base/process/ledger';

/**
 * How a resumed machine comes to its memory.
 * `mapped`: it lies in a file and is no part of the saved state. Each machine maps it for itself: a page is read when the guest first
 * touches it, and what it writes stays its own, so that any number may run from one file, and share what they do not change.
 * `copied`: it is part of the state, which is read whole before the machine runs: 25 ms and 25 MB more, and each has all of it for itself
 */
export type SavedMemory = 'mapped' | 'copied';

export interface SnapshotFiles {
  /** processor and devices: what QEMU loads */
  state: string;
  /** the guest's memory: what QEMU maps; as large as it, with holes where the guest has used nothing. Empty where it is part of the state */
  memory: string;
}

export interface Snapshot extends SnapshotFiles {
  /** blocks it occupies on the host */
  bytes: number;
  /** removes it: it turned out to be of no use */
  discard(): Promise<void>;
}

const File = z.object({ bytes: z.number(), digest: z.string() });
const Manifest = z.object({ state: File, memory: File });

export const snapshotsFolder = (cacheFolder: string): string => path.join(cacheFolder, 'snapshots');
const folderOf = (cacheFolder: string, key: string): string => path.join(snapshotsFolder(cacheFolder), key);
const filesIn = (folder: string): SnapshotFiles => ({
  state: path.join(folder, 'state'),
  memory: path.join(folder, 'memory'),
});

/**
 * A state fits only the very machine it was taken of, and QEMU does not check all of it: another processor model or one device
 * more is loaded without a word. So everything that may matter is part of the name.
 */
export async function snapshotKey(of: {
  /** the command line, with a port that is always the same */
  words: string[];
  memory: SavedMemory;
  /** path of the emulator */
  qemu: string;
  qemuVersion: string;
  kernelVersion: string;
}): Promise<string> {
  const { size, mtimeMs } = await stat(of.qemu);
  const host = [os.arch(), os.release(), os.cpus()[0]?.model];
  return createHash('sha256')
    .update(JSON.stringify([of, size, mtimeMs, host]))
    .digest('hex')
    .slice(0, 24);
}

/** Snapshots found to be what was written, by path, size and time of their files. */
const sound = new Set<string>();

/** The saved machine, if there is one and it is whole; a damaged one is removed. */
export async function findSnapshot(cacheFolder: string, key: string): Promise<Snapshot | undefined> {
  const folder = folderOf(cacheFolder, key);
  const files = filesIn(folder);
  const discard = () => rm(folder, { recursive: true, force: true });
  const names = [files.state, files.memory];
  const found = await Promise.all(names.map((name) => stat(name).catch(() => undefined)));
  if (found.every((one) => one === undefined)) return undefined;
  const seen = [folder, ...found.map((one) => `${one?.ino} ${one?.size} ${one?.mtimeMs}`)].join(' ');
  if (!sound.has(seen)) {
    if (!(await isWhole(folder, files))) {
      await discard();
      return undefined;
    }
    sound.add(seen);
  }
  await markUsed(folder);
  return { ...files, bytes: found.reduce((sum, one) => sum + one!.blocks * 512, 0), discard };
}

async function isWhole(folder: string, files: SnapshotFiles): Promise<boolean> {
  try {
    const known = Manifest.parse(JSON.parse(await readFile(path.join(folder, 'snapshot.json'), 'utf8')));
    const now = await describe(files);
    return JSON.stringify(known) === JSON.stringify(now);
  } catch {
    return false;
  }
}

async function describe({ state, memory }: SnapshotFiles): Promise<z.infer<typeof Manifest>> {
  const one = async (file: string) => ({ bytes: (await stat(file)).size, digest: await digestOf(file) });
  return { state: await one(state), memory: await one(memory) };
}

const chunkBytes = 1024 * 1024;
const zeros = Buffer.alloc(chunkBytes);

/** SHA-256 in which a chunk of zeros counts as its number: most of a guest's memory is a hole, and hashing 8 GB takes long. */
async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  let number = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: chunkBytes })) {
    const bytes = chunk as Buffer;
    hash.update(`${number++} `);
    if (!bytes.equals(zeros.subarray(0, bytes.length))) hash.update(bytes);
  }
  return hash.digest('hex');
}

/** Beside the guest's memory, a state holds its devices; measured 0.1 MB. */
const devicesBytes = 16 * 1024 ** 2;

/**
 * Keeps what `save` writes. Two at once are safe: each works aside, and the first rename stands.
 * @throws {TareError} `disk-short`; what `save` throws
 */
export async function keepSnapshot(
  cacheFolder: string,
  key: string,
  memoryBytes: number,
  ledger: Ledger,
  save: (files: SnapshotFiles) => Promise<void>,
): Promise<Snapshot> {
  const folder = folderOf(cacheFolder, key);
  const snapshots = path.dirname(folder);
  makeFolder(snapshots);
  await needSpace(snapshots, memoryBytes + devicesBytes);
  const aside = path.join(snapshots, ledger.name('snapshot'));
  const strike = ledger.note('folder', aside);
  try {
    await mkdir(aside, { mode: 0o700 });
    const files = filesIn(aside);
    // all that the application had in its memory is in them
    for (const file of [files.state, files.memory]) await writeFile(file, '', { mode: 0o600 });
    await save(files);
    const manifest = await describe(files);
    await writeFile(path.join(aside, 'snapshot.json'), JSON.stringify(manifest) + '\n');
    await rename(aside, folder).catch(ignoreRival);
  } finally {
    await rm(aside, { recursive: true, force: true });
    strike();
  }
  return (await findSnapshot(cacheFolder, key))!;
}

function ignoreRival(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
}
