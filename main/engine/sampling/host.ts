/**
 * The host's own figures: the only caller of systeminformation, whose currentLoad() keeps its previous reading in a module
 * variable (two callers would spoil each other) and starts a process (9 ms), so the load comes from os.cpus() instead.
 */
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import si from 'systeminformation';
import { pageBytes } from '../process/proc';

/** Memory that new work could get without swapping, in bytes (Linux: MemAvailable). Undefined when it cannot be read. */
export async function availableBytes(): Promise<number | undefined> {
  const { available } = await si.mem();
  return available > 0 ? available : undefined; // systeminformation answers 0 when it could not read
}

/**
 * All that the host could still give, in bytes: MemAvailable, and the free pages that each processor keeps at hand for itself. The kernel
 * counts the latter neither as free nor as available, and they come and go by tens of megabytes, more than a container weighs: a change
 * of MemAvailable alone would blame it for them. Undefined when MemAvailable cannot be read.
 */
export async function spareBytes(): Promise<number | undefined> {
  const [available, zones] = await Promise.all([
    availableBytes(),
    readFile('/proc/zoneinfo', 'utf8').catch(() => ''), // only Linux has such lists
  ]);
  return available && available + pagesInLists(zones) * pageBytes;
}

/** @param zoneinfo  /proc/zoneinfo: `count` stands there for nothing but the pages in one processor's lists */
export const pagesInLists = (zoneinfo: string): number =>
  [...zoneinfo.matchAll(/^\s+count:\s+(\d+)$/gm)].reduce((sum, [, pages]) => sum + Number(pages), 0);

interface CpuTimes {
  idle: number;
  total: number;
}

export function cpuTimes(): CpuTimes {
  let idle = 0;
  let total = 0;
  for (const { times } of os.cpus()) {
    idle += times.idle;
    total += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idle, total };
}

/** Share of all CPUs in use between two readings, 0 to 1; undefined when no time passed. */
export function load(from: CpuTimes, to: CpuTimes): number | undefined {
  const total = to.total - from.total;
  return total > 0 ? 1 - (to.idle - from.idle) / total : undefined;
}
