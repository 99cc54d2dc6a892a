/** CPU time of processes, from /proc. */
import { ownFiles, type HostFiles } from './hostFiles';
import { statFields } from './proc';

/** Linux reports CPU time in units of USER_HZ, which is 100 on every architecture Tare runs on (man 5 proc_pid_stat). */
const msPerTick = 10;

/** Where in `statFields` the times stand: of a process, and of the children that it has waited for; and how often those faulted. */
const [user, system, childrenUser, childrenSystem, childrenFaults] = [11, 12, 13, 14, 8];

const sumMs = (fields: string[], ...places: number[]): number =>
  places.reduce((ticks, place) => ticks + Number(fields[place]), 0) * msPerTick;

/** CPU time of one process in ms, to a tick of 10 ms. */
const tickedCpuMs = (fields: string[]): number => sumMs(fields, user, system);
/** The same with that of the children it has waited for. @param fields  what `statFields` gives */
export const tickedWholeCpuMs = (fields: string[]): number => tickedCpuMs(fields) + childrenMs(fields);

/** A program that starts faults a hundred times and more, in a millisecond. */
const msPerFault = 0.01;

/**
 * Of the children it has waited for. The kernel cuts either time off to whole ticks, of many short children together too: half a tick is
 * put back to each, which is what is missing on the average, but no more than the children's page faults can have taken: to those that did
 * next to nothing next to nothing.
 */
const childrenMs = (fields: string[]): number =>
  sumMs(fields, childrenUser, childrenSystem) +
  Math.min(msPerTick, Number(fields[childrenFaults]) * msPerFault);

/**
 * CPU time (user + system) of a process in ms, to the nanosecond of the threads that still live: what takes only a few milliseconds is
 * nothing when it is told in ticks. Never less than the ticks, which hold ended threads too; those alone where the kernel keeps no such
 * statistics. Undefined when the process is gone.
 */
export function cpuMs(pid: number, files: HostFiles = ownFiles): number | undefined {
  const fields = statFields(pid, files);
  if (!fields) return undefined;
  let nanoseconds = 0;
  for (const thread of threadsOf(pid, files)) nanoseconds += onCpu(pid, thread, files);
  return Math.max(tickedCpuMs(fields), nanoseconds / 1e6);
}

/**
 * CPU time in ms, to ± 10 ms, of the children that a process has waited for, with those they had waited for: of those alone that have
 * ended. Undefined when the process is gone.
 */
export function waitedForCpuMs(pid: number, files: HostFiles = ownFiles): number | undefined {
  const fields = statFields(pid, files);
  return fields && childrenMs(fields);
}

/** Of the process and the children it has waited for. Undefined when the process is gone. */
export function wholeCpuMs(pid: number, files: HostFiles = ownFiles): number | undefined {
  const [itself, children] = [cpuMs(pid, files), waitedForCpuMs(pid, files)];
  return itself === undefined || children === undefined ? undefined : itself + children;
}

function threadsOf(pid: number, files: HostFiles): string[] {
  try {
    return files.folders(`/proc/${pid}/task`);
  } catch {
    return []; // ended just now
  }
}

function onCpu(pid: number, thread: string, files: HostFiles): number {
  try {
    return Number(files.read(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[0]);
  } catch {
    return 0; // ended, or the kernel keeps none
  }
}
