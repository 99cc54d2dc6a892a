/**
 * The host's own figures. On Linux they come from files that stay open, a hundredth of a millisecond each; elsewhere from
 * systeminformation, of whose readings of memory this is the only caller, and from os.cpus().
 */
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import si from 'systeminformation';
import type { HostFiles } from '../../base/process/hostFiles';
import { KeptFile } from '../../base/process/keptFile';
import { pageBytes } from '../../base/process/proc';

const [meminfo, stat] = [new KeptFile('/proc/meminfo'), new KeptFile('/proc/stat')];

/** Memory that new work could get without swapping, in bytes (Linux: MemAvailable). Undefined when it cannot be read. */
export async function availableBytes(): Promise<number | undefined> {
  if (process.platform === 'linux') return memAvailable();
  const { available } = await si.mem();
  return available > 0 ? available : undefined; // systeminformation answers 0 when it could not read
}

const memAvailable = (): number | undefined => meminfoBytes(attempted(meminfo) ?? '', 'MemAvailable');

/** A figure of /proc/meminfo. */
export function meminfoBytes(text: string, name: string): number | undefined {
  const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

function attempted(file: KeptFile): string | undefined {
  try {
    return file.text();
  } catch {
    return undefined;
  }
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

/** The same of another machine. @throws a system error when its files cannot be read */
export function spareBytesIn(files: HostFiles): number | undefined {
  const available = meminfoBytes(files.read('/proc/meminfo'), 'MemAvailable');
  const page = /^KernelPageSize:\s+(\d+) kB$/m.exec(files.read('/proc/self/smaps'))?.[1];
  if (available === undefined || page === undefined) return undefined;
  return available + pagesInLists(files.read('/proc/zoneinfo')) * Number(page) * 1024;
}

/** @param zoneinfo  /proc/zoneinfo: `count` stands there for nothing but the pages in one processor's lists */
export const pagesInLists = (zoneinfo: string): number =>
  [...zoneinfo.matchAll(/^\s+count:\s+(\d+)$/gm)].reduce((sum, [, pages]) => sum + Number(pages), 0);

interface CpuTimes {
  idle: number;
  total: number;
}

/** Since the host was booted, of all processors together; in any one unit. */
export function cpuTimes(): CpuTimes {
  const line = attempted(stat)?.split('\n', 1)[0];
  return line === undefined ? timesOfEach() : timesOf(line);
}

/** @param line  the first of /proc/stat. Waiting for a disk is no work; time that a hypervisor gave to others is nobody's here. */
export function timesOf(line: string): CpuTimes {
  const [user, nice, system, idle, waiting, interrupts, soft] = line.split(/\s+/).slice(1).map(Number) as [
    ...[number, number, number, number, number, number, number],
  ];
  const spare = idle + waiting;
  return { idle: spare, total: spare + user + nice + system + interrupts + soft };
}

function timesOfEach(): CpuTimes {
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
