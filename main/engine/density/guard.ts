/** When a ladder must not go on: decided before each start, and watched while one is under way. */
import type { Capacity, DensityStep, Guard } from '../../contract/run/density';
import type { HostCapacity } from './hostCapacity';

/** Share of ten seconds in which a process waited for memory, in percent. Desktop systems end processes at 20 to 60. */
const mostPressure = 10;
/** Share of all CPUs in use although nobody asks anything of the instances. */
const mostLoad = 0.95;
/** Threads that the rest of the system may need. */
const spareThreads = 1000;
const sparePorts = 100;
const spareDiskBytes = 1024 ** 3;
/** The next instance may take more than those before it did. */
const caution = 1.25;

/** What one more instance would take, as far as those that are up tell. */
export interface NextCost {
  bytes: number;
  threads: number;
}

/** @param steps  readings so far; the first instance is judged by `limitBytes` */
export function nextCost(steps: readonly DensityStep[], limitBytes: number): NextCost {
  const last = steps.at(-1);
  if (!last) return { bytes: limitBytes, threads: 0 };
  // By its own accounts and by the host's: whichever says more. What it may take is bounded by its limit only in theory.
  const each = Math.max(last.hostBytes ?? 0, last.hostChangeBytes ?? 0) / last.count;
  return {
    bytes: each > 0 ? each * caution : limitBytes,
    threads: Math.max(0, (last.threads ?? 0) / last.count) * caution,
  };
}

/** Why not even what is up is safe; undefined while it is. Cheap enough for some times a second. */
export async function danger(host: HostCapacity, floorBytes: number): Promise<Guard | undefined> {
  const available = await host.availableBytes();
  if (available !== undefined && available < floorBytes) return 'memory';
  return (host.memoryPressure() ?? 0) > mostPressure ? 'pressure' : undefined;
}

/** Why one more instance is not started; undefined when it may be. */
export async function mayNotStart(
  host: HostCapacity,
  capacity: Capacity,
  next: NextCost,
  count: number,
): Promise<Guard | undefined> {
  const { floorBytes } = capacity;
  const [available, disk] = await Promise.all([host.availableBytes(), host.diskBytes()]);
  if (available !== undefined && available - next.bytes < floorBytes) return 'memory';
  if ((host.memoryPressure() ?? 0) > mostPressure) return 'pressure';
  const { threads, ports } = capacity;
  if (threads !== undefined && threads - next.threads * (count + 1) < spareThreads) return 'threads';
  if (ports !== undefined && ports - count < sparePorts) return 'ports';
  return disk !== undefined && disk < spareDiskBytes ? 'disk' : undefined;
}

/**
 * Whether the instances alone keep the processors busy: other work on the host is none of their doing.
 * @param load  of all CPUs while the instances only sat there, 0 to 1
 * @param cpuMsPerSecond  what they took of it; undefined where it cannot be read
 */
export function tooBusy(
  load: number | undefined,
  cpuMsPerSecond: number | undefined,
  cores: number | undefined,
): Guard | undefined {
  if (load === undefined || load <= mostLoad) return undefined;
  const share = cpuMsPerSecond === undefined || cores === undefined ? 1 : cpuMsPerSecond / 1000 / cores;
  return share > 0.5 ? 'cpu' : undefined;
}
