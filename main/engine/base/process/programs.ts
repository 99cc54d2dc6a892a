import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { TareError } from '../errors';
import { missingTool } from './child';

/** The emulator for this computer's own architecture. */
export const qemuProgram = process.arch === 'arm64' ? 'qemu-system-aarch64' : 'qemu-system-x86_64';

/** Windows takes both separators. */
const isPath = (name: string): boolean => name.includes('/') || name.includes(path.sep);

/**
 * Where a program is, as a shell of the system would find it: Windows finds `qemu` as `qemu.exe`, by PATHEXT.
 * @returns undefined when it is nowhere
 */
export async function findProgram(
  name: string,
  environment = process.env,
  system = process.platform,
): Promise<string | undefined> {
  const folders = isPath(name) ? [''] : (environment.PATH ?? '').split(path.delimiter).filter(Boolean);
  const endings = system === 'win32' ? (environment.PATHEXT ?? '.COM;.EXE').split(';') : [];
  const names = [
    ...(path.extname(name) || system !== 'win32' ? [name] : []),
    ...endings.map((end) => name + end),
  ];
  for (const file of folders.flatMap((folder) => names.map((one) => path.join(folder, one)))) {
    try {
      await access(file, constants.X_OK);
      return file;
    } catch {
      // not here
    }
  }
  return undefined;
}

/** @throws {TareError} `tool-missing` */
export async function needProgram(name: string): Promise<string> {
  const found = await findProgram(name);
  if (found === undefined) throw missingTool(path.basename(name));
  return found;
}

/**
 * The emulator: the file that is set, or else the one that a shell would find.
 * @throws {TareError} `qemu-path-wrong`, `tool-missing`
 */
export async function needQemu(set: string | undefined): Promise<string> {
  if (set === undefined || !isPath(set)) return needProgram(set ?? qemuProgram);
  const found = await findProgram(set);
  if (found === undefined) throw new TareError({ code: 'qemu-path-wrong', path: set });
  return found;
}

/** Another user for a program. */
export interface RunAs {
  uid: number;
  gid: number;
  /** beside `gid` */
  groups: readonly number[];
}

/** The words that start a program as another user, who can never become anybody else again. Root's to use, on Linux. */
export const userWords = ({ uid, gid, groups }: RunAs, ...options: string[]): string[] => [
  'setpriv',
  ...['--reuid', String(uid), '--regid', String(gid)],
  ...(groups.length > 0 ? ['--groups', groups.join(',')] : ['--clear-groups']),
  ...['--no-new-privs', ...options, '--'],
];

/**
 * The words that start `words` so that the kernel kills it when this process dies, where that can be had (Linux, util-linux).
 * The signal follows the starting *thread*: call from the main thread only.
 * @param as  whom it is run as; default: this process's own user
 */
export async function bound(words: string[], as?: RunAs): Promise<string[]> {
  const setpriv = process.platform === 'linux' ? await findProgram('setpriv') : undefined;
  const ends = ['--pdeathsig', 'KILL'];
  if (as) return [...userWords(as, ...ends), ...words];
  return setpriv ? [setpriv, ...ends, '--', ...words] : words;
}

/** Where systems keep programs that anybody may start, such as chroot and mke2fs, and that a user's PATH need not name. */
const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Pure: a PATH that ends with the system's folders. */
export function withSystemFolders(searchPath = ''): string {
  const folders = searchPath.split(':').filter(Boolean);
  return [...folders, ...systemFolders.filter((folder) => !folders.includes(folder))].join(':');
}
