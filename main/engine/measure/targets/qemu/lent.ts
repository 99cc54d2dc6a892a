/** Files for a machine whose user cannot enter the folders they lie in: it is handed them open, and opens them again by their descriptors. */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { firstLentDescriptor } from './arguments';
import { machineGroup } from './confinement';

/** By their names; `write`: made where it does not exist · `as-it-is`: a person's own, of which not even the rights are changed */
export type Files = ReadonlyMap<string, Use>;
type Use = 'read' | 'write' | 'as-it-is';

/** How a file is called where a machine runs. */
export type Place = (file: string) => string;

export interface LentFiles {
  /** for the process, in the order of its descriptors */
  readonly descriptors: readonly number[];
  readonly place: Place;
  /** what QEMU is told to take some of them over */
  readonly words: readonly string[];
  /** closes them here; the process keeps its own */
  close(): Promise<void>;
}

/** Where a machine has Tare's own rights, each file is called as it is. */
export const asTheyAre: Place = (file) => file;

/**
 * Opens the files, and lets the machines' group read or write those that not everybody may.
 * @throws a system error where one cannot be opened
 */
export async function lend(files: Files): Promise<LentFiles> {
  const handles = new Map<string, FileHandle>();
  const close = async () => void (await Promise.all([...handles.values()].map((handle) => handle.close())));
  try {
    for (const [file, use] of files) {
      const handle = await open(file, flags[use], 0o600);
      handles.set(file, handle);
      if (use !== 'as-it-is') await admit(handle, use);
    }
  } catch (error) {
    await close();
    throw error;
  }
  const descriptorOf = (file: string) => firstLentDescriptor + [...handles.keys()].indexOf(file);
  const isTakenOver = (file: string) => files.get(file) === 'as-it-is';
  return {
    descriptors: [...handles.values()].map(({ fd }) => fd),
    place(file) {
      if (!handles.has(file)) return file;
      return `${isTakenOver(file) ? '/dev/fdset' : '/proc/self/fd'}/${descriptorOf(file)}`;
    },
    words: [...files.keys()]
      .filter(isTakenOver)
      .flatMap((file) => ['-add-fd', `fd=${descriptorOf(file)},set=${descriptorOf(file)}`]),
    close,
  };
}

/** A pipe in the place of a file that is there already would be waited for. */
const flags: Record<Use, number> = {
  read: constants.O_RDONLY,
  write: constants.O_RDWR | constants.O_CREAT,
  'as-it-is': constants.O_RDONLY | constants.O_NONBLOCK,
};

const [readable, writable] = [4, 2];

/** What is opened again is asked for its own rights, though not for those of the folders above. */
async function admit(handle: FileHandle, use: Exclude<Use, 'as-it-is'>): Promise<void> {
  const { mode, uid } = await handle.stat();
  const needed = use === 'write' ? readable | writable : readable;
  if ((mode & needed) === needed) return;
  await handle.chown(uid, machineGroup);
  await handle.chmod((mode & 0o7707) | (needed << 3));
}
