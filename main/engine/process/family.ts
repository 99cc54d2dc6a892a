/** A process and all it started, from /proc. */
import { readFileSync, readdirSync } from 'node:fs';
import { residentBytes } from './proc';

interface Member {
  pid: number;
  parent: number;
  /** user, system, and both of the children it has waited for */
  cpuTicks: number;
}

/** Linux reports CPU time in units of USER_HZ, 100 on every architecture Tare runs on (man 5 proc_pid_stat). */
const msPerTick = 10;

function member(pid: number): Member[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const cpuTicks = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0);
    return [{ pid, parent: Number(fields[1]), cpuTicks }];
  } catch {
    return []; // ended meanwhile
  }
}

/** All living descendants of a process, itself not included; a scan of /proc, 2 ms with 150 processes. */
export function descendants(ancestor: number): Member[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const all = pids.flatMap((name) => member(Number(name)));
  const found: Member[] = [];
  for (let parents = [ancestor]; parents.length > 0;) {
    const next = all.filter(({ parent }) => parents.includes(parent));
    found.push(...next);
    parents = next.map(({ pid }) => pid);
  }
  return found;
}

/** CPU time of processes together, with that of the children they have already waited for, in ms. */
export const familyCpuMs = (members: Member[]): number =>
  members.reduce((sum, { cpuTicks }) => sum + cpuTicks, 0) * msPerTick;

/** Resident sets added up: cheap, but pages that several share are counted for each. */
export const familyResidentBytes = (members: Member[]): number =>
  members.reduce((sum, { pid }) => sum + (residentBytes(pid) ?? 0), 0);
