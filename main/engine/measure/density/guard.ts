/** When a ladder must not go on: decided before each start, and watched while one is under way. */
import type { Capacity, DensityStep, Guard, LimitName } from '../../../contract/run/density';
import type { HostCapacity } from './hostCapacity';

/** Share of ten seconds in which a process waited for memory, in percent. Desktop systems end processes at 20 to 60. */
const mostPressure = 10;
/** Share of all CPUs in use although nobody asks anything of the instances. */
const mostLoad = 0.95;
/** What is counted beforehand and taken one by one, and how much of it the rest of the system may need. */
const spared = {
  threads: 1000,
  pids: 100,
  files: 1000,
  ports: 100,
  bridge: 10,
} satisfies Partial<Record<LimitName, number>>;
const spareDiskBytes = 1024 ** 3;
/** The next instance may take more than those before it did. */
const caution = 1.25;

/** What one more instance would take, as far as those that are up tell. */
export interface NextCost {
  bytes: number;
  threads: number;
  files: number;
}

/** @param steps  readings so far; the first instance is judged by `limitBytes` */
export function nextCost(steps: readonly DensityStep[], limitBytes: number): NextCost {
  const last = steps.at(-1);
  if (!last) return { bytes: limitBytes, threads: 0, files: 0 };
  // By its own accounts and by the host's: whichever says more. What it may take is bounded by its limit only in theory.
  const each = Math.max(last.hostBytes ?? 0, last.hostChangeBytes ?? 0) / last.count;
  const cautious = (taken = 0) => Math.max(0, taken / last.count) * caution;
  return {
    bytes: each > 0 ? each * caution : limitBytes,
    threads: cautious(last.threads),
    files: cautious(last.files),
  };
}

/** Why not even what is up is safe; undefined while it is. Cheap enough for some times a second. */
export async function danger(host: HostCapacity, floorBytes: number): Promise<Guard | undefined> {
  const available = await host.availableBytes();
  if (available !== undefined && available < floorBytes) return 'memory';
  return isPressed(host) ? 'pressure' : undefined;
}

const isPressed = (host: HostCapacity): boolean => (host.stall('memory')?.someAvg10 ?? 0) > mostPressure;

/** Why one more instance is not started; undefined when it may be. */
export async function mayNotStart(
  host: HostCapacity,
  capacity: Capacity,
  next: NextCost,
  count: number,
): Promise<Guard | undefined> {
  const [available, disk] = await Promise.all([host.availableBytes(), host.diskBytes()]);
  // The prediction's room holds the free pages in the processors' own lists, too; before a start no more is trusted than MemAvailable.
  if (available !== undefined && available - next.bytes < capacity.floorBytes) return 'memory';
  if (isPressed(host)) return 'pressure';
  const each = { threads: next.threads, pids: next.threads, files: next.files, ports: 1, bridge: 1 };
  for (const limit of Object.keys(spared) as (keyof typeof spared)[]) {
    const room = capacity[limit];
    if (room !== undefined && room - each[limit] * (count + 1) < spared[limit]) return limit;
  }
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
