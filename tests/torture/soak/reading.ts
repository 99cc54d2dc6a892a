/** What a program and all that it started take, read from Linux's /proc. */
import { readdirSync } from 'node:fs';
import { residentBytes } from '../../../main/engine/base/process/proc';
import { processesOf, textOf } from '../stage/leftovers';

export interface Reading {
  atMinutes: number;
  residentBytes: number;
  descriptors: number;
  /** to disks, since each process began */
  writtenBytes: number;
  processes: number;
  /** how late a request for a small file of the page is answered, and a call into the engine; the worst of some */
  pingMs?: number;
  callMs?: number;
}

const descriptorsOf = (pid: number): number => {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
};

/** Machines and other programs of a measurement come and go: what is watched is Tare and its pages. */
const isOurs = (words: string[]): boolean => /\b(electron|node)$/.test(words[0] ?? '');

export function readAll(prefix: string): Omit<Reading, 'atMinutes'> {
  const all = processesOf(prefix).filter(({ words }) => isOurs(words));
  const sum = (of: (pid: number) => number) => all.reduce((total, { pid }) => total + of(pid), 0);
  return {
    processes: all.length,
    residentBytes: sum((pid) => residentBytes(textOf(`/proc/${pid}/statm`)) || 0),
    descriptors: sum(descriptorsOf),
    writtenBytes: sum((pid) => Number(/^write_bytes: (\d+)$/m.exec(textOf(`/proc/${pid}/io`))?.[1] ?? 0)),
  };
}
