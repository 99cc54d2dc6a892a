/** A control group, read directly: some tenths of a millisecond, where an engine's statistics take five or more. */
import path from 'node:path';
import { ownFiles, type HostFiles } from './hostFiles';

export interface Hierarchy {
  version: 1 | 2;
  folder: string;
}

/** Where its counters lie. On a hybrid host memory and CPU may be in hierarchies of different versions. */
export interface Cgroup {
  memory: Hierarchy;
  cpu: Hierarchy;
}

/**
 * Finds a container's cgroup.
 * @param membership  /proc/PID/cgroup of a process in the container, read on the host
 * @param mountinfo   /proc/self/mountinfo
 * @param id          the container's full id: the path is cut below it, so that groups made inside are counted too
 * @returns undefined when the process is not in that container, as when the engine runs on another machine
 */
export function locateCgroup(membership: string, mountinfo: string, id: string): Cgroup | undefined {
  const memory = hierarchy('memory', membership, mountinfo, id);
  const cpu = hierarchy('cpuacct', membership, mountinfo, id);
  return memory && cpu && { memory, cpu };
}

function hierarchy(
  controller: string,
  membership: string,
  mountinfo: string,
  id: string,
): Hierarchy | undefined {
  return hierarchyOf(controller, membership, mountinfo, (inside) => {
    const until = inside.indexOf(id);
    if (until < 0) return undefined;
    const end = inside.indexOf('/', until);
    return end < 0 ? inside : inside.slice(0, end);
  });
}

/**
 * Where a controller counts a process.
 * @param choose  of the process's path within the hierarchy, the group that is meant; default: its own
 * @returns undefined when there is none, or it is outside of what is mounted here
 */
export function hierarchyOf(
  controller: string,
  membership: string,
  mountinfo: string,
  choose: (inside: string) => string | undefined = (inside) => inside,
): Hierarchy | undefined {
  const entries = membership.split('\n').map((line) => /^(\d+):([^:]*):(.*)$/.exec(line)?.slice(1) ?? []);
  const first = entries.find(([, controllers]) => controllers?.split(',').includes(controller));
  // A controller that no v1 hierarchy has is in the unified one, whose line has number 0 and no names.
  const [, , inside] = first ?? entries.find(([number]) => number === '0') ?? [];
  const chosen = inside === undefined ? undefined : choose(inside);
  const mount = mountOf(first ? controller : undefined, mountinfo);
  if (chosen === undefined || !mount) return undefined;
  const below = path.posix.relative(mount.root, chosen);
  if (below.startsWith('..')) return undefined; // outside what is mounted here
  return { version: first ? 1 : 2, folder: path.posix.join(mount.point, below) };
}

/** The mount of a v1 controller, or of the unified hierarchy. */
function mountOf(
  controller: string | undefined,
  mountinfo: string,
): { root: string; point: string } | undefined {
  for (const line of mountinfo.split('\n')) {
    // Fields: id, parent, device, root, mount point, options, optional fields … "-", type, source, super options
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root = '', point = ''] = before.split(' ');
    const [type, , options = ''] = after.split(' ');
    const fits = controller
      ? type === 'cgroup' && options.split(',').includes(controller)
      : type === 'cgroup2';
    if (fits) return { root: unescape(root), point: unescape(point) };
  }
  return undefined;
}

/** Blanks and backslashes of a path are written as octal numbers there. */
const unescape = (text: string): string =>
  text.replace(/\\(\d{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));

/** Gives the text of one of a hierarchy's files. */
type Read = (file: string) => string;

export const openingIn =
  (folder: string, files: HostFiles = ownFiles): Read =>
  (file) =>
    files.read(path.posix.join(folder, file));

/**
 * Memory in use less the file cache that the kernel would give up first: what `docker stats` shows.
 * @param read  gives a file of the memory hierarchy: one that is read over and over has it open
 * @throws a system error when a counter cannot be read, as when the memory controller is not delegated
 */
export function workingSetBytes({ memory }: Cgroup, read: Read = openingIn(memory.folder)): number {
  const [usage, inactive] =
    memory.version === 2
      ? ['memory.current', 'inactive_file']
      : ['memory.usage_in_bytes', 'total_inactive_file'];
  const used = Number(read(usage));
  return Math.max(0, used - field(read('memory.stat'), inactive));
}

/** What is charged to a cgroup, in bytes, by its own statistics: these do not have the pages that each processor holds in stock. */
export interface Charged {
  /** anonymous memory, and shared memory with all that lies in a tmpfs */
  anonymousBytes: number;
  sharedMemoryBytes: number;
  /** absent where the kernel does not count it, as without the accounting of swap */
  swapBytes?: number;
  /** slabs, stacks, page tables, socket buffers; absent where the kernel was told not to count them (`cgroup.memory=nokmem`) */
  kernelBytes?: number;
  /** page cache of files, which the kernel can drop: whoever touched a page first has it on his account */
  cacheBytes: number;
  /** of what is charged here, what some process has mapped: of `cacheBytes` and of `sharedMemoryBytes` */
  mappedBytes: number;
}

/** @throws a system error when a counter cannot be read */
export function chargedTo(
  { memory: { version, folder } }: Pick<Cgroup, 'memory'>,
  files: HostFiles = ownFiles,
): Charged {
  const read = openingIn(folder, files);
  return version === 2 ? chargedInUnified(read) : chargedInFirst(read);
}

/** @see the kernel's Documentation/admin-guide/cgroup-v2.rst, memory.stat */
function chargedInUnified(read: Read): Charged {
  const stat = read('memory.stat');
  const sharedMemoryBytes = field(stat, 'shmem');
  // `kernel` came with Linux 5.18; before it, the sum of what is told. Socket buffers were never in it.
  const kernel =
    optional(stat, 'kernel') ??
    field(stat, 'slab') + total(stat, ['kernel_stack', 'pagetables', 'percpu', 'vmalloc']);
  const swap = attempt(() => Number(read('memory.swap.current')));
  return {
    anonymousBytes: field(stat, 'anon'),
    sharedMemoryBytes,
    ...(swap !== undefined && { swapBytes: swap }),
    kernelBytes: kernel + total(stat, ['sock']),
    cacheBytes: field(stat, 'file') - sharedMemoryBytes,
    mappedBytes: field(stat, 'file_mapped'),
  };
}

/** @see the kernel's Documentation/admin-guide/cgroup-v1/memory.rst, 5.2 */
function chargedInFirst(read: Read): Charged {
  const stat = read('memory.stat');
  const sharedMemoryBytes = field(stat, 'total_shmem');
  const kernel = attempt(() => Number(read('memory.kmem.usage_in_bytes')));
  const swap = optional(stat, 'total_swap');
  return {
    anonymousBytes: field(stat, 'total_rss'),
    sharedMemoryBytes,
    ...(swap !== undefined && { swapBytes: swap }),
    // A group with a process has at least its stack: 0 means that nobody counts.
    ...(kernel !== undefined && kernel > 0 && { kernelBytes: kernel }),
    cacheBytes: field(stat, 'total_cache') - sharedMemoryBytes,
    mappedBytes: field(stat, 'total_mapped_file'),
  };
}

const optional = (text: string, name: string): number | undefined => attempt(() => field(text, name));
const total = (text: string, names: string[]): number =>
  names.reduce((sum, name) => sum + (optional(text, name) ?? 0), 0);

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/**
 * CPU time of all its processes, also of those that have ended, in ms.
 * @param read  gives a file of the CPU hierarchy
 * @throws a system error when the counter cannot be read
 */
export function cpuMs({ cpu }: Cgroup, read: Read = openingIn(cpu.folder)): number {
  return cpu.version === 2
    ? field(read('cpu.stat'), 'usage_usec') / 1e3
    : Number(read('cpuacct.usage')) / 1e6;
}

/** Every process of the group, also of groups made inside it; empty when it has ended. */
export function processesOf({ memory }: Pick<Cgroup, 'memory'>, files: HostFiles = ownFiles): number[] {
  try {
    return pidsBelow(memory.folder, files);
  } catch {
    return [];
  }
}

function pidsBelow(folder: string, files: HostFiles): number[] {
  const inner = files.folders(folder);
  const own = openingIn(folder, files)('cgroup.procs').split('\n').filter(Boolean).map(Number);
  return [...own, ...inner.flatMap((name) => pidsBelow(path.posix.join(folder, name), files))];
}

/** A counter of a `name value` file; a counter that is not there cannot be taken for 0. */
function field(text: string, name: string): number {
  const value = new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1];
  if (value === undefined) throw Object.assign(new Error(`no ${name}`), { code: 'ENODATA' });
  return Number(value);
}
