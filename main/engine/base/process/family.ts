/** A process and all it started, from /proc. */
import { readFileSync, readdirSync } from 'node:fs';
import { wholeCpuMs } from './cpu';
import { ownFiles, type HostFiles } from './hostFiles';
import { statFields } from './proc';

interface Member {
  pid: number;
  parent: number;
}

function member(pid: number, files: HostFiles): Member[] {
  const parent = statFields(pid, files)?.[1];
  return parent === undefined ? [] : [{ pid, parent: Number(parent) }]; // or it has ended meanwhile
}

/** All living descendants of a process, itself not included; a scan of /proc, 2 ms with 150 processes. */
export function descendants(ancestor: number, files: HostFiles = ownFiles): Member[] {
  const pids = files.folders('/proc').filter((name) => /^\d+$/.test(name));
  const all = pids.flatMap((name) => member(Number(name), files));
  const found: Member[] = [];
  for (let parents = [ancestor]; parents.length > 0;) {
    const next = all.filter(({ parent }) => parents.includes(parent));
    found.push(...next);
    parents = next.map(({ pid }) => pid);
  }
  return found;
}

/**
 * The same by the kernel's own list of children: a few hundredths of a millisecond, however many processes there are. It may leave one
 * out that appears just now (man 5 proc_pid_task), so it is for readings that are made over and over. Empty where the kernel keeps none.
 */
export function descendantsNow(ancestor: number): number[] {
  const children = childrenOf(ancestor);
  return [...children, ...children.flatMap(descendantsNow)];
}

function childrenOf(pid: number): number[] {
  try {
    const lists = readdirSync(`/proc/${pid}/task`).map((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8'),
    );
    return lists.join(' ').split(' ').filter(Boolean).map(Number);
  } catch {
    return []; // ended meanwhile
  }
}

/** CPU time of processes together, with that of the children they have already waited for, in ms; those that have ended count nothing. */
export const familyCpuMs = (pids: number[], files: HostFiles = ownFiles): number =>
  pids.reduce((sum, pid) => sum + (wholeCpuMs(pid, files) ?? 0), 0);
