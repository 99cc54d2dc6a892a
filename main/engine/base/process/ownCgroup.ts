/**
 * A control group of Tare's own, without limits: it only counts. What a process has in the kernel and in a tmpfs is on nobody's account
 * otherwise.
 */
import { accessSync, constants, mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { sleep } from '../signals';
import { hierarchyOf, type Hierarchy } from './cgroup';
import type { Ledger } from './ledger';

/**
 * Where this process may make one: below its own group, so that what limits Tare limits it too, or the nearest place above.
 * @returns undefined without the rights, or where nobody gives the memory controller to his children
 */
export function cgroupPlace(): Hierarchy | undefined {
  try {
    const membership = readFileSync('/proc/self/cgroup', 'utf8');
    const mountinfo = readFileSync('/proc/self/mountinfo', 'utf8');
    return placesIn(membership, mountinfo).find(isUsable);
  } catch {
    return undefined; // no Linux
  }
}

/** Pure: its own group and, in the unified hierarchy, those above: there a group that has processes gives its children no controllers. */
export function placesIn(membership: string, mountinfo: string): Hierarchy[] {
  const own = hierarchyOf('memory', membership, mountinfo);
  if (own?.version !== 2) return own ? [own] : [];
  const top = hierarchyOf('memory', membership, mountinfo, () => '/') ?? own;
  const places = [own];
  for (let { folder } = own; folder !== top.folder && folder.startsWith(top.folder);) {
    folder = path.posix.dirname(folder);
    places.push({ version: 2, folder });
  }
  return places;
}

function isUsable({ version, folder }: Hierarchy): boolean {
  try {
    accessSync(folder, constants.W_OK);
    const given =
      version === 2 ? readFileSync(path.join(folder, 'cgroup.subtree_control'), 'utf8') : 'memory';
    return given.split(/\s+/).includes('memory');
  } catch {
    return false;
  }
}

export interface OwnCgroup {
  memory: Hierarchy;
  /** a process that writes `0` into it is in the group from then on, and so is what it starts */
  entry: string;
  /** once no process is in it; see {@link removeCgroup} */
  remove(): Promise<void>;
}

/**
 * Makes one, and notes it in the ledger before.
 * @param name  the ledger's
 * @returns undefined when the system refuses
 */
export function openCgroup(place: Hierarchy, name: string, ledger: Ledger): OwnCgroup | undefined {
  const folder = path.join(place.folder, name);
  const strike = ledger.note('cgroup', folder);
  try {
    mkdirSync(folder);
  } catch {
    strike();
    return undefined;
  }
  return {
    memory: { ...place, folder },
    entry: path.join(folder, 'cgroup.procs'),
    async remove() {
      await removeCgroup(folder);
      strike();
    },
  };
}

/** A process that has ended is in its group until it has been waited for. */
const busyLimitMs = 5000;

/** @throws a system error: `EBUSY` while a process is in it */
export async function removeCgroup(folder: string): Promise<void> {
  const deadline = performance.now() + busyLimitMs;
  for (;;) {
    try {
      return rmdirSync(folder);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return;
      if (code !== 'EBUSY' || performance.now() > deadline) throw error;
      await sleep(5);
    }
  }
}
