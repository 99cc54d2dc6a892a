/** Which processes are a container's, and whether its control group counts these and no others. */
import { processesOf, type Cgroup } from '../../../base/process/cgroup';
import { descendants } from '../../../base/process/family';
import { ownFiles, type HostFiles } from '../../../base/process/hostFiles';
import { isShim } from '../../../base/process/neighbours';
import { parentOf, processes, startTicks, wordsOf } from '../../../base/process/proc';

export interface OwnProcesses {
  /** the control group that counts the container alone; undefined where there is none */
  group?: Cgroup;
  /** its processes: those in the group, or all where there is no group */
  counted: number[];
  /** those of its processes that are in another group than this */
  outside: number[];
}

/**
 * @param first  the container's first process
 * @param id  the container's full id
 * @param named  the control group that is called after it
 */
export function ownProcesses(
  first: number,
  id: string,
  named: Cgroup | undefined,
  files: HostFiles = ownFiles,
): OwnProcesses {
  // Listed before the group: one that is started meanwhile is in the group when that is read.
  const started = startedWith(first, files);
  const counted = named ? processesOf(named, files) : [];
  if (!named || hasStrangers(counted, id, files)) return { counted: started, outside: [] };
  const inside = new Set(counted);
  const isOutside = (pid: number) => !inside.has(pid) && startTicks(pid, files) !== undefined; // and has not just ended
  return { group: named, counted, outside: started.filter(isOutside) };
}

/** What stands for a container has its id among its words: containerd's shim, Podman's conmon, another one for what is executed in it. */
const isShimOf = (words: readonly string[], id: string): boolean => isShim(words) && words.includes(id);

/** Whether the container's shim started a process: the engine may run on another machine, where the number is another process's. */
export const isStartedFor = (id: string, pid: number, files: HostFiles = ownFiles): boolean =>
  isShimOf(wordsOf(parentOf(pid, files) ?? 0, files), id);

/**
 * A container's first process, those that its runtime started beside it (gVisor's gofer, a file server of Kata's), and what all of them
 * started. What its shim starts later is the runtime at work, as for a health check: what that executes is in the container's group.
 */
function startedWith(first: number, files: HostFiles): number[] {
  const shim = parentOf(first, files);
  const since = startTicks(first, files);
  if (shim === undefined || since === undefined) return [];
  const family = descendants(shim, files);
  const roots = family.filter(
    ({ pid, parent }) => parent === shim && (startTicks(pid, files) ?? Infinity) <= since,
  );
  const found = roots.map(({ pid }) => pid);
  for (const pid of found) found.push(...family.filter(({ parent }) => parent === pid).map((one) => one.pid));
  return found;
}

/** Whether there is a process among them that none of the container's shims has started. Where no shim is to be seen it cannot be told. */
function hasStrangers(pids: readonly number[], id: string, files: HostFiles): boolean {
  const shims = processes(files).flatMap(({ pid, words }) => (isShimOf(words, id) ? [pid] : []));
  return shims.length > 0 && pids.some((pid) => !isBelow(pid, shims, files));
}

/** One that has ended is nobody's stranger, and a parent that has ended under way has left its child to another one. */
function isBelow(pid: number, ancestors: readonly number[], files: HostFiles, isSecondLook = false): boolean {
  let parent = parentOf(pid, files);
  while (parent !== undefined && parent > 1 && !ancestors.includes(parent)) parent = parentOf(parent, files);
  if (parent !== undefined && ancestors.includes(parent)) return true;
  if (startTicks(pid, files) === undefined) return true;
  return parent === undefined && !isSecondLook && isBelow(pid, ancestors, files, true);
}
