/** Files for a machine whose user cannot enter the folders they lie in: it is handed them open, and opens them again by their descriptors. */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { firstLentDescriptor } from './arguments';
import { machineGroup } from './confinement';

/** By their names; `write`: made where it does not exist. */
export type Files = ReadonlyMap<string, Use>;
type Use = 'read' | 'write';

/** How a file is called where a machine runs. */
export type Place = (file: string) => string;

export interface LentFiles {
  /** for the process, in the order of its descriptors */
  readonly descriptors: readonly number[];
  readonly place: Place;
  /** closes them here; the process keeps its own */
  close(): Promise<void>;
}

/** Where a machine has Tare's own rights, each file is called as it is. */
export const asTheyAre: LentFiles = {
  descriptors: [],
  place: (file) => file,
  close: () => Promise.resolve(),
};

/**
 * Opens the files, and lets the machines' group read or write those that not everybody may.
 * @throws a system error where one cannot be opened
 */
export async function lend(files: Files): Promise<LentFiles> {
  const handles = new Map<string, FileHandle>();
  const close = async () => void (await Promise.all([...handles.values()].map((handle) => handle.close())));
  try {
    for (const [file, use] of files) {
      const handle = await open(file, use === 'write' ? constants.O_RDWR | constants.O_CREAT : 'r', 0o600);
      handles.set(file, handle);
      await admit(handle, use);
    }
  } catch (error) {
    await close();
    throw error;
  }
  const names = [...handles.keys()];
  return {
    descriptors: [...handles.values()].map(({ fd }) => fd),
    place: (file) =>
      handles.has(file) ? `/proc/self/fd/${firstLentDescriptor + names.indexOf(file)}` : file,
    close,
  };
}

const [readable, writable] = [4, 2];

/** What is opened again is asked for its own rights, though not for those of the folders above. */
async function admit(handle: FileHandle, use: Use): Promise<void> {
  const { mode, uid } = await handle.stat();
  const needed = use === 'write' ? readable | writable : readable;
  if ((mode & needed) === needed) return;
  await handle.chown(uid, machineGroup);
  await handle.chmod((mode & 0o7707) | (needed << 3));
}
