/** A container's cgroup, read directly: some tenths of a millisecond, where the engine's statistics take five or more. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

interface Hierarchy {
  version: 1 | 2;
  folder: string;
}

/** Where a container's counters lie. On a hybrid host memory and CPU may be in hierarchies of different versions. */
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
  const entries = membership.split('\n').map((line) => /^(\d+):([^:]*):(.*)$/.exec(line)?.slice(1) ?? []);
  const first = entries.find(([, controllers]) => controllers?.split(',').includes(controller));
  // A controller that no v1 hierarchy has is in the unified one, whose line has number 0 and no names.
  const [, , inside] = first ?? entries.find(([number]) => number === '0') ?? [];
  const until = inside?.indexOf(id) ?? -1;
  if (inside === undefined || until < 0) return undefined;
  const end = inside.indexOf('/', until);
  const mount = mountOf(first ? controller : undefined, mountinfo);
  if (!mount) return undefined;
  const below = path.posix.relative(mount.root, end < 0 ? inside : inside.slice(0, end));
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

const openingIn =
  (folder: string): Read =>
  (file) =>
    readFileSync(path.join(folder, file), 'utf8');

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

/** What a container's memory consists of, by its cgroup. */
export interface CgroupParts {
  /** anonymous and shared memory */
  applicationBytes: number;
  /** page cache of files that were read more than once: part of the working set, and the kernel can still drop it */
  activeFileBytes: number;
  /** slabs, stacks, page tables, socket buffers; absent where they are not counted */
  kernelBytes?: number;
  /** whether page tables are among them */
  countsPageTables: boolean;
}

/** @throws a system error when a counter cannot be read */
export function partsOf({ memory: { version, folder } }: Cgroup): CgroupParts {
  const read = openingIn(folder);
  const stat = read('memory.stat');
  if (version === 2) {
    const kernel = ['slab', 'kernel_stack', 'pagetables', 'sock', 'percpu'].map((name) =>
      optional(stat, name),
    );
    return {
      applicationBytes: field(stat, 'anon') + field(stat, 'shmem'),
      activeFileBytes: field(stat, 'active_file'),
      kernelBytes: kernel.reduce((sum, bytes) => sum + bytes, 0),
      countsPageTables: true,
    };
  }
  const kernel = attempt(() => Number(read('memory.kmem.usage_in_bytes')));
  return {
    applicationBytes: field(stat, 'total_rss') + optional(stat, 'total_shmem'),
    activeFileBytes: field(stat, 'total_active_file'),
    ...(kernel !== undefined && { kernelBytes: kernel }),
    countsPageTables: kernel !== undefined && kernel > 0,
  };
}

const optional = (text: string, name: string): number => attempt(() => field(text, name)) ?? 0;

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

/** Every process of the container, also of groups made inside it; empty when it has ended. */
export function processesOf({ memory }: Cgroup): number[] {
  try {
    return pidsBelow(memory.folder);
  } catch {
    return [];
  }
}

function pidsBelow(folder: string): number[] {
  const own = openingIn(folder)('cgroup.procs').split('\n').filter(Boolean).map(Number);
  const inner = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...own, ...inner.flatMap((entry) => pidsBelow(path.join(folder, entry.name)))];
}

/** A counter of a `name value` file; a counter that is not there cannot be taken for 0. */
function field(text: string, name: string): number {
  const value = new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1];
  if (value === undefined) throw Object.assign(new Error(`no ${name}`), { code: 'ENODATA' });
  return Number(value);
}
