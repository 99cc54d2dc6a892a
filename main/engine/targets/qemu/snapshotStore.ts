/** Saved machines in the cache: one folder each, with the state and what is known about it. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { sha256 } from '../../image/recipe';
import { needSpace } from '../../image/space';
import type { Ledger } from '../../process/ledger';

export interface Snapshot {
  /** what QEMU loads */
  file: string;
  /** blocks it occupies on the host */
  bytes: number;
  /** removes it: it turned out to be of no use */
  discard(): Promise<void>;
}

const Manifest = z.object({ bytes: z.number(), sha256: z.string() });

const folderOf = (cacheFolder: string, key: string): string => path.join(cacheFolder, 'snapshots', key);

/**
 * A state fits only the very machine it was taken of, and QEMU does not check all of it: another processor model or one device
 * more is loaded without a word. So everything that may matter is part of the name.
 */
export async function snapshotKey(of: {
  /** the command line, with a port that is always the same */
  words: string[];
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

/** States whose content was found to be what was written, by path, size and time. */
const sound = new Set<string>();

/** The saved machine, if there is one and it is whole; a damaged one is removed. */
export async function findSnapshot(cacheFolder: string, key: string): Promise<Snapshot | undefined> {
  const folder = folderOf(cacheFolder, key);
  const file = path.join(folder, 'state');
  const discard = () => rm(folder, { recursive: true, force: true });
  const found = await stat(file).catch(() => undefined);
  if (!found) return undefined;
  const seen = `${file} ${found.ino} ${found.size} ${found.mtimeMs}`;
  if (!sound.has(seen)) {
    if (!(await isWhole(folder, file, found.size))) {
      await discard();
      return undefined;
    }
    sound.add(seen);
  }
  return { file, bytes: found.blocks * 512, discard };
}

async function isWhole(folder: string, file: string, size: number): Promise<boolean> {
  try {
    const known = Manifest.parse(JSON.parse(await readFile(path.join(folder, 'snapshot.json'), 'utf8')));
    return known.bytes === size && known.sha256 === (await sha256(file));
  } catch {
    return false;
  }
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
  save: (file: string) => Promise<void>,
): Promise<Snapshot> {
  const folder = folderOf(cacheFolder, key);
  const snapshots = path.dirname(folder);
  await mkdir(snapshots, { recursive: true });
  await needSpace(snapshots, memoryBytes + devicesBytes);
  const aside = path.join(snapshots, ledger.name('snapshot'));
  const strike = ledger.note('folder', aside);
  try {
    await mkdir(aside);
    const file = path.join(aside, 'state');
    await save(file);
    const manifest = { bytes: (await stat(file)).size, sha256: await sha256(file) };
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
