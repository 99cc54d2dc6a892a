/** What a host has of everything that instances use up, and how much of it is left now. */
import { readFileSync } from 'node:fs';
import { readFile, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { kindOf, type TargetId } from '../../../contract/targets';
import type { Capacity, PressureName } from '../../../contract/run/density';
import { availableBytes, cpuTimes, load, spareBytes } from '../sampling/host';
import { stall, type Stall } from './pressure';

/** The host as a density ladder sees it; a test may put a small one in its place. */
export interface HostCapacity {
  /** MemAvailable: the guard trusts in no more */
  availableBytes(): Promise<number | undefined>;
  /** all that could be given, of which a change is what instances took */
  spareBytes(): Promise<number | undefined>;
  /** threads that exist now */
  threads(): number | undefined;
  /** files that are open now */
  files(): number | undefined;
  /** how long work waits for a resource; undefined where the kernel does not tell */
  stall(name: PressureName): Stall | undefined;
  /** share of all CPUs in use since the last call, 0 to 1 */
  load(): number | undefined;
  /** free where instances write */
  diskBytes(): Promise<number | undefined>;
  capacity(target: TargetId, floorBytes: number): Promise<Capacity>;
}

const number = (file: string): number | undefined => {
  try {
    const value = Number(readFileSync(file, 'utf8').trim()); // `max` is no number
    return Number.isFinite(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const text = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

/** The fourth field of /proc/loadavg is `running/existing` threads (man 5 proc_loadavg). */
const threads = (): number | undefined => {
  const existing = Number(/^\S+ \S+ \S+ \d+\/(\d+)/.exec(text('/proc/loadavg') ?? '')?.[1]);
  return Number.isNaN(existing) ? undefined : existing;
};

/** /proc/sys/fs/file-nr: open, of them unused, and the bound (man 5 proc). A bound near 2^63 is none. */
const openFiles = (): { open: number; most: number } | undefined => {
  const [open, unused, most] = (text('/proc/sys/fs/file-nr') ?? '').trim().split(/\s+/).map(Number);
  if (open === undefined || unused === undefined || most === undefined) return undefined;
  return { open: open - unused, most: most > Number.MAX_SAFE_INTEGER ? Infinity : most };
};

const files = (): number | undefined => openFiles()?.open;

const freeFiles = (): number | undefined => {
  const found = openFiles();
  return found && Number.isFinite(found.most) ? found.most - found.open : undefined;
};

/**
 * Threads that Tare's own control group, and each above it, still takes: systemd bounds them per session and service (TasksMax).
 * @returns undefined where nothing bounds them
 */
function freePids(): number | undefined {
  const groups = text('/proc/self/cgroup') ?? '';
  const first = /^\d+:[^:]*\bpids\b[^:]*:(.*)$/m.exec(groups)?.[1]; // a hierarchy of its own in cgroup v1
  const own = first ?? /^0::(.*)$/m.exec(groups)?.[1];
  if (own === undefined) return undefined;
  const root = first === undefined ? '/sys/fs/cgroup' : '/sys/fs/cgroup/pids';
  const rooms: (number | undefined)[] = [];
  for (let group = own; group !== '/' && group !== '.'; group = path.dirname(group)) {
    const most = number(path.join(root, group, 'pids.max'));
    const now = number(path.join(root, group, 'pids.current'));
    rooms.push(most === undefined || now === undefined ? undefined : Math.max(0, most - now));
  }
  return least(rooms);
}

const least = (values: (number | undefined)[]): number | undefined => {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
};

/** Every thread needs an id of its own: the smaller of the kernel's bounds on ids and on threads is what counts. */
const mostThreads = (): number | undefined =>
  least([number('/proc/sys/kernel/pid_max'), number('/proc/sys/kernel/threads-max')]);

/** Ports that the system hands out by itself: each instance is reached through one. */
const freePorts = (): number | undefined => {
  const [from, to] = (text('/proc/sys/net/ipv4/ip_local_port_range') ?? '').split(/\s+/).map(Number);
  if (!from || !to) return undefined;
  const sockets = Number(/^TCP: inuse (\d+)/m.exec(text('/proc/net/sockstat') ?? '')?.[1] ?? 0);
  return Math.max(0, to - from + 1 - sockets);
};

/** linux/net/bridge/br_private.h: BR_PORT_BITS is 10, and port 0 is none. */
const mostBridgePorts = 1023;

/** Interfaces on Docker's own bridge now; undefined where there is none, as with another engine. */
async function freeBridgePorts(): Promise<number | undefined> {
  const all = await readFile('/proc/net/dev', 'utf8').catch(() => undefined);
  if (all === undefined || !/^\s*docker0:/m.test(all)) return undefined;
  return mostBridgePorts - (all.match(/^\s*veth\w+:/gm)?.length ?? 0);
}

/** @param folder  on the file system that instances write to */
export function hostCapacity(folder: string): HostCapacity {
  let before = cpuTimes();
  const diskBytes = async () => {
    const found = await statfs(folder).catch(() => undefined);
    return found && found.bavail * found.bsize;
  };
  const host: HostCapacity = {
    availableBytes,
    spareBytes,
    threads,
    files,
    stall,
    load() {
      const now = cpuTimes();
      const share = load(before, now);
      before = now;
      return share;
    },
    diskBytes,
    async capacity(target, floorBytes) {
      const [available, spare, disk] = await Promise.all([availableBytes(), spareBytes(), diskBytes()]);
      const [most, existing] = [mostThreads(), threads()];
      const isContainer = kindOf(target) === 'container';
      const facts = {
        availableBytes: available,
        spareBytes: spare,
        cores: os.cpus().length || undefined,
        threads: most === undefined || existing === undefined ? undefined : Math.max(0, most - existing),
        pids: isContainer ? undefined : freePids(),
        files: freeFiles(),
        ports: freePorts(),
        bridge: isContainer ? await freeBridgePorts() : undefined,
        diskBytes: disk,
      };
      const known = Object.entries(facts).filter(([, value]) => value !== undefined);
      return { floorBytes, ...Object.fromEntries(known) };
    },
  };
  return host;
}
