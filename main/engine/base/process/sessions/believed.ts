/**
 * Whether what a dead session's list names can be what that session made. A list may come from a backup, from another user, or from
 * whoever could write into the data folder: nothing is killed or removed merely because it is named.
 */
import { lstatSync, realpathSync, statfsSync } from 'node:fs';
import path from 'node:path';
import type { Leftover } from '../../../../contract/machine';

/** Why it is left alone; worded as a failure's reason. */
export type LeftoverDoubt = 'not-sessions-name' | 'not-tares-place' | 'others-own';

/** A name as `Ledger.name` gives it. */
const isNameOf = (session: string, name: string): boolean =>
  name.startsWith(`tare-${session}-`) && /^[\w.-]+$/.test(name);

/** Where sessions make folders. */
export interface Places {
  /** Tare's own: anywhere below them */
  own: readonly string[];
  /** for everybody's temporary files: directly in them */
  temporary: readonly string[];
}

/**
 * @param leftover  of a folder or control group: one that is there
 * @throws a system error when it goes meanwhile
 */
export function doubtAbout({ kind, name, session }: Leftover, places: Places): LeftoverDoubt | undefined {
  const own = kind === 'folder' || kind === 'cgroup' ? path.basename(name) : name;
  if (!isNameOf(session, own)) return 'not-sessions-name';
  if (kind === 'cgroup') return isControlGroup(name) ? undefined : 'not-tares-place';
  return kind === 'folder' ? doubtAboutPlace(name, places) : undefined;
}

/** `CGROUP_SUPER_MAGIC` and `CGROUP2_SUPER_MAGIC` of linux/magic.h. */
const cgroupFileSystems: readonly number[] = [0x27e0eb, 0x63677270];

function isControlGroup(folder: string): boolean {
  return !lstatSync(folder).isSymbolicLink() && cgroupFileSystems.includes(statfsSync(folder).type);
}

/**
 * Links above it are followed; one in its own place would be removed itself, and not what it leads to. It, or the folder that it is in,
 * must be this user's: somebody else could exchange it while it is removed.
 */
function doubtAboutPlace(name: string, { own, temporary }: Places): LeftoverDoubt | undefined {
  const parent = realpathSync(path.dirname(name));
  const isBelow = (place: string) => parent === place || parent.startsWith(place + path.sep);
  if (own.flatMap(realOrNone).some(isBelow)) return isOwn(parent) ? undefined : 'others-own';
  if (!temporary.flatMap(realOrNone).includes(parent)) return 'not-tares-place';
  return isOwn(name) ? undefined : 'others-own';
}

function isOwn(file: string): boolean {
  const own = process.geteuid?.();
  return own === undefined || lstatSync(file).uid === own;
}

function realOrNone(folder: string): string[] {
  try {
    return [realpathSync(folder)];
  } catch {
    return []; // nothing was ever made there
  }
}
