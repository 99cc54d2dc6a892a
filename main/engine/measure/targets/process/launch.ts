/** Pure: how an image's command is started as a plain process. What happens then stands in assets/guest/process.c. */
import os from 'node:os';
import type { Account } from '../../../images/disk/accounts';
import type { Hierarchy } from '../../../base/process/cgroup';
import { applicationEnvironment } from '../../../images/image/environment';
import { commandOf, type ImageFacts } from '../../../images/image/facts';

export interface Launch {
  image: ImageFacts;
  account: Account;
  /** the image's unpacked root; the words are to be started there, since no other than its maker may go by its path */
  tree: string;
  /** the guest kit's program that builds the walls, and starts the command behind them */
  program: string;
  /** an empty folder, for files without a name */
  place: string;
  /** where a control group that counts it may be made; absent where none may */
  groupPlace?: Hierarchy | undefined;
  /** by what names it reaches others on this computer, itself among them */
  names?: readonly string[];
  /** Tare is root: all users of the image exist; otherwise only its root does, and is this user */
  privileged: boolean;
}

/** What the program expects to be open beside the usual three, in this order. */
export const descriptors = {
  /** marks go out */
  marks: 3,
  /** {@link settingsOf} */
  settings: 4,
  /** the namespace of imageIds(), where Tare is root */
  ids: 5,
  /** the entry of the group that counts it; absent where there is none */
  group: 6,
} as const;

/**
 * What the application is to find, NUL-ended: never in words, which everybody on the computer could read. Of the host's own environment
 * it gets the name only, as a container gets its own.
 */
export function settingsOf({ image, account, names = [], privileged }: Launch): string {
  const environment = applicationEnvironment(image, account.home, { HOSTNAME: os.hostname() });
  const { uid, gid, groups } = account;
  const user = { uid, gid, groups: [gid, ...groups].join(',') };
  const entries = [
    ['cwd', image.workingDir || '/'],
    ['names', names.join(' ')],
    ...(privileged ? Object.entries(user) : []),
    ...[...environment].map(([name, value]) => ['env', `${name}=${value}`] as const),
  ] as const;
  // what holds a NUL could say more than one thing
  return entries.map(([key, value]) => `${key}=${value}`.replaceAll('\0', '') + '\0').join('');
}

/**
 * Program and arguments; nothing of them tells what this computer is called. The tree is among them because a cache leaves alone what a
 * running program was told about.
 * @param name  how a sweep recognises the process
 */
export const launchWords = ({ program, tree, image }: Launch, name: string): string[] => [
  program,
  name,
  tree,
  ...commandOf(image),
];
