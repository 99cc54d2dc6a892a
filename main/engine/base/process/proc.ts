/** Linux's /proc, read directly: a reading costs hundredths of a millisecond and starts no process. */
import { readFileSync } from 'node:fs';
import { readdir, readlink, stat } from 'node:fs/promises';
import { ownFiles, type HostFiles } from './hostFiles';

const text = (path: string, files: HostFiles = ownFiles): string | undefined => {
  try {
    return files.read(path);
  } catch {
    return undefined; // the process has ended, or this is not Linux
  }
};

const foldersOf = (folder: string, files: HostFiles): string[] => {
  try {
    return files.folders(folder);
  } catch {
    return [];
  }
};

/** Identifies this boot of the host; empty where there is no /proc. */
export const bootId = (): string => text('/proc/sys/kernel/random/boot_id')?.trim() ?? '';

/** Fields of /proc/PID/stat after the command name, which may itself contain spaces and brackets; index 0 is the state. */
export const fieldsOf = (stat: string): string[] => stat.slice(stat.lastIndexOf(')') + 2).split(' ');

/** Of a process; undefined when it is gone. */
export const statFields = (pid: number, files: HostFiles = ownFiles): string[] | undefined => {
  const stat = text(`/proc/${pid}/stat`, files);
  return stat === undefined ? undefined : fieldsOf(stat);
};

/** Undefined when the process has ended. */
export function parentOf(pid: number, files: HostFiles = ownFiles): number | undefined {
  const parent = statFields(pid, files)?.[1];
  return parent === undefined ? undefined : Number(parent);
}

/** Start time in clock ticks after boot: with the pid it names one process for ever. Undefined for zombies and the dead. */
export function startTicks(pid: number, files: HostFiles = ownFiles): number | undefined {
  const fields = statFields(pid, files);
  return fields && fields[0] !== 'Z' ? Number(fields[19]) : undefined;
}

/** Of the host, in bytes: `AT_PAGESZ` (6) of the pairs that the kernel gives each program (man 3 getauxval). */
export const pageBytes = pageSize();

function pageSize(): number {
  try {
    const words = new BigUint64Array(new Uint8Array(readFileSync('/proc/self/auxv')).buffer);
    const at = words.findIndex((word, place) => place % 2 === 0 && word === 6n);
    return at < 0 ? 4096 : Number(words[at + 1]);
  } catch {
    return 4096; // no Linux
  }
}

/** Resident set in bytes: cheap, but counts shared pages in full. @param statm  /proc/PID/statm */
export const residentBytes = (statm: string): number => Number(statm.split(' ')[1]) * pageBytes;

/**
 * Blocks of the files that a process holds open though they have no name any more, each file once; memory files are none of them.
 * Undefined when the process has ended, is not ours to look into, or where there is no /proc.
 */
export async function namelessBytes(pid: number): Promise<number | undefined> {
  const folder = `/proc/${pid}/fd`;
  const descriptors = await readdir(folder).catch(() => undefined);
  if (!descriptors) return undefined;
  const bytesOf = new Map<string, number>();
  for (const descriptor of descriptors) {
    const link = `${folder}/${descriptor}`;
    const [name, found] = await Promise.all([
      readlink(link).catch(() => ''),
      stat(link).catch(() => undefined), // closed meanwhile
    ]);
    if (!found?.isFile() || found.nlink > 0 || name.startsWith('/memfd:')) continue;
    bytesOf.set(`${found.dev} ${found.ino}`, found.blocks * 512);
  }
  return [...bytesOf.values()].reduce((sum, bytes) => sum + bytes, 0);
}

export interface ProcessLine {
  pid: number;
  /** argument list */
  words: string[];
}

/** All processes with a command line (kernel threads have none). */
export function processes(files: HostFiles = ownFiles): ProcessLine[] {
  return foldersOf('/proc', files)
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const words = wordsOf(Number(name), files);
      return words.length > 0 ? [{ pid: Number(name), words }] : [];
    });
}

/** Argument list of a process; empty when it has ended, and for a thread of the kernel. */
export function wordsOf(pid: number, files: HostFiles = ownFiles): string[] {
  const line = text(`/proc/${pid}/cmdline`, files);
  return line ? line.replace(/\0$/, '').split('\0') : [];
}
