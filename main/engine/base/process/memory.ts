/**
 * What of the host's memory processes have. Their own is what ending them gives back; the pages of files that they map are told beside
 * it, in full, since the kernel can drop those, and keeps them for whoever maps them next. Neither depends on who else runs.
 */
import { ownFiles, type HostFiles } from './hostFiles';
import { mappings, type Mapping } from './smaps';

/** All in bytes. */
export interface ProcessMemory {
  /** own: anonymous memory, and its share of shared memory and tmpfs (proportional, of those who map it) */
  anonymousBytes: number;
  sharedMemoryBytes: number;
  /** own: its share of what lies in swap */
  swapBytes: number;
  /** own: page tables, and the stacks that its threads have in the kernel. Other memory of the kernel cannot be told by process */
  pageTableBytes: number;
  stackBytes: number;
  /** what it has mapped, in full, by what nothing else has: device and inode */
  mapped: Map<string, Mapped>;
  /** proportional set size: each shared page is divided among its users, whoever they are */
  pssBytes: number;
  /** of it, its share of pages that other processes have too */
  sharedBytes: number;
  /** of `anonymousBytes`, in huge pages */
  hugePageBytes: number;
  /** of what it has mapped, in full, what the kernel merged with equal pages (KSM). Absent where the kernel does not tell (before 6.7) */
  mergedBytes?: number;
}

export interface Mapped {
  /** resident pages */
  bytes: number;
  /** `file`: the kernel can drop them · `shared`: shared memory, or a file that lies in memory, on a tmpfs */
  kind: 'file' | 'shared';
  /** through a mapping whose changes reach the file */
  written: boolean;
  /** proportional share of those who map it here, in memory and in swap; adds up where several do */
  shareBytes: number;
}

/** The system's code for why there is none. */
export interface Refused {
  reason: string;
}

export const isRefused = (answer: object): answer is Refused => 'reason' in answer;

export const ownBytes = (of: ProcessMemory): number =>
  of.anonymousBytes + of.sharedMemoryBytes + of.swapBytes + kernelBytes(of);

export const kernelBytes = ({ pageTableBytes, stackBytes }: ProcessMemory): number =>
  pageTableBytes + stackBytes;

/** What is mapped of one kind, in full. */
export const mappedBytes = (
  mapped: ReadonlyMap<string, Mapped>,
  kind: Mapped['kind'],
  which: (one: Mapped) => boolean = () => true,
): number =>
  [...mapped.values()].reduce((sum, one) => sum + (one.kind === kind && which(one) ? one.bytes : 0), 0);

/**
 * Of several processes together. Those that have ended count nothing; one that may not be read spoils the sum.
 * `ESRCH` when none is left.
 */
export async function memoryOf(
  pids: readonly number[],
  isInRoot?: InMemory['isInRoot'],
  files: HostFiles = ownFiles,
): Promise<ProcessMemory | Refused> {
  let sum: ProcessMemory | undefined;
  for (const pid of pids) {
    const one = await memoryOfOne(pid, isInRoot, files);
    if (one && isRefused(one)) return one;
    if (one) sum = sum ? together(sum, one) : one;
  }
  return sum ?? { reason: 'ESRCH' };
}

/** Undefined when it has ended, or is just ending. */
async function memoryOfOne(
  pid: number,
  isInRoot: InMemory['isInRoot'],
  files: HostFiles,
): Promise<ProcessMemory | Refused | undefined> {
  try {
    const found = await mappings(pid, files);
    const status = files.read(`/proc/${pid}/status`);
    return found.length === 0
      ? undefined
      : memoryIn(found, status, { devices: sharedDevices(pid, files), isInRoot });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' || code === 'EPERM' ? { reason: code } : undefined;
  }
}

/** Of a thread in the kernel: 16 KiB on x86-64 and arm64 with pages of 4 KiB (THREAD_SIZE). */
const stackBytesEach = 16 * 1024;

/** Stacks that a process's threads have in the kernel, by its /proc/PID/status. */
export const stackBytesIn = (status: string): number =>
  Number(/^Threads:\s+(\d+)$/m.exec(status)?.[1] ?? 0) * stackBytesEach;

/** Which files lie in memory, and are never dropped. */
export interface InMemory {
  /** of their file systems, as mappings write them */
  devices: ReadonlySet<string>;
  /** by its name, whether a file lies in a root that is in memory as a whole, and is weighed with that: its pages are in no process's figure */
  isInRoot?: ((name: string) => boolean) | undefined;
}

/**
 * Pure part of {@link memoryOf}.
 * @param status  /proc/PID/status
 */
export function memoryIn(found: readonly Mapping[], status: string, shared: InMemory): ProcessMemory {
  const sum = (read: (mapping: Mapping) => number) => found.reduce((all, one) => all + read(one), 0);
  const mapped: ProcessMemory['mapped'] = new Map();
  for (const mapping of found) {
    const kind = kindOf(mapping, shared);
    if (kind !== 'file' && kind !== 'shared') continue;
    const key = `${mapping.device} ${mapping.inode}`;
    const before = mapped.get(key);
    mapped.set(key, {
      bytes: (before?.bytes ?? 0) + Math.max(0, mapping.residentBytes - mapping.anonymousBytes),
      kind,
      written: (before?.written ?? false) || /^.w.s/.test(mapping.permissions),
      shareBytes: (before?.shareBytes ?? 0) + mapping.pssBytes + mapping.swapBytes,
    });
  }
  const pssBytes = sum((one) => one.pssBytes);
  return {
    anonymousBytes: sum((one) => anonymousShare(one, shared)),
    sharedMemoryBytes: sum((one) => sharedShare(one, shared)),
    swapBytes: sum((one) => one.swapBytes),
    pageTableBytes: statusBytes(status, 'VmPTE') ?? 0,
    stackBytes: stackBytesIn(status),
    mapped,
    pssBytes,
    sharedBytes: Math.max(0, pssBytes - sum((one) => one.privateBytes)),
    hugePageBytes: sum((one) => one.hugePageBytes),
    ...(found.some(({ mergedBytes }) => mergedBytes !== undefined) && {
      mergedBytes: sum((one) => one.mergedBytes ?? 0),
    }),
  };
}

/** A figure of /proc/PID/status in bytes. */
export function statusBytes(status: string, name: string): number | undefined {
  const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

/** What a mapping takes of its own: what ending the process gives back of it, kernel memory aside. */
export const ownShare = (mapping: Mapping, shared: InMemory): number =>
  anonymousShare(mapping, shared) + sharedShare(mapping, shared) + mapping.swapBytes;

/** Shared memory without a name of its own in the file system: memfd_create, shmget, MAP_SHARED | MAP_ANONYMOUS, and its huge pages. */
const namelessShared = /^\/(memfd:|SYSV[0-9a-f]{8}|dev\/zero \(deleted\)|anon_hugepage)|^anon_inode:/;
/** Pages of the kernel's that every process has. */
const ofTheKernel = /^\[v(dso|var|syscall|var_vclock)\]$/;

function kindOf(
  { device, inode, name }: Mapping,
  { devices, isInRoot }: InMemory,
): 'anonymous' | 'shared' | 'file' | 'kernel' {
  if (ofTheKernel.test(name)) return 'kernel';
  if (namelessShared.test(name)) return 'shared';
  if (inode === 0) return 'anonymous';
  return devices.has(device) || isInRoot?.(name) ? 'shared' : 'file';
}

/**
 * Of a private mapping of a file, what was changed is anonymous. Its share is not told beside that of the file's own pages, but such
 * pages have been written to, and pages of a file that is mapped so have hardly.
 */
function anonymousShare(mapping: Mapping, shared: InMemory): number {
  const kind = kindOf(mapping, shared);
  if (kind === 'anonymous') return mapping.pssBytes;
  if (kind === 'kernel' || !mapping.permissions.endsWith('p')) return 0;
  return Math.min(mapping.anonymousBytes, mapping.pssDirtyBytes ?? mapping.anonymousBytes);
}

const sharedShare = (mapping: Mapping, shared: InMemory): number =>
  kindOf(mapping, shared) === 'shared' && !shared.isInRoot?.(mapping.name)
    ? Math.max(0, mapping.pssBytes - anonymousShare(mapping, shared))
    : 0;

/** Devices of the file systems in memory that a process sees, as its mappings write them. */
export function sharedDevices(pid: number, files: HostFiles = ownFiles): Set<string> {
  let mountinfo = '';
  try {
    mountinfo = files.read(`/proc/${pid}/mountinfo`);
  } catch {
    // it has ended
  }
  return devicesIn(mountinfo);
}

/** Pure part of {@link sharedDevices}. */
export function devicesIn(mountinfo: string): Set<string> {
  const found = new Set<string>();
  for (const line of mountinfo.split('\n')) {
    const [, , numbers = ''] = line.split(' ');
    const [major, minor] = numbers.split(':').map(Number);
    if (/ - (tmpfs|ramfs|devtmpfs|hugetlbfs) /.test(line))
      found.add([major!, minor!].map((number) => number.toString(16).padStart(2, '0')).join(':'));
  }
  return found;
}

/** Of what two have mapped it counts the larger, since it is the same pages; shares add up. */
function together(a: ProcessMemory, b: ProcessMemory): ProcessMemory {
  const sum = (name: Exclude<keyof ProcessMemory, 'mapped' | 'mergedBytes'>) => a[name] + b[name];
  return {
    anonymousBytes: sum('anonymousBytes'),
    sharedMemoryBytes: sum('sharedMemoryBytes'),
    swapBytes: sum('swapBytes'),
    pageTableBytes: sum('pageTableBytes'),
    stackBytes: sum('stackBytes'),
    mapped: mappedByEither(a.mapped, b.mapped),
    pssBytes: sum('pssBytes'),
    sharedBytes: sum('sharedBytes'),
    hugePageBytes: sum('hugePageBytes'),
    // what is known of one of them only is not known of both
    ...(a.mergedBytes !== undefined &&
      b.mergedBytes !== undefined && { mergedBytes: a.mergedBytes + b.mergedBytes }),
  };
}

export function mappedByEither(
  a: ReadonlyMap<string, Mapped>,
  b: ReadonlyMap<string, Mapped>,
): Map<string, Mapped> {
  const both = new Map(a);
  for (const [key, one] of b) {
    const other = both.get(key);
    both.set(
      key,
      other
        ? {
            ...one,
            bytes: Math.max(other.bytes, one.bytes),
            written: other.written || one.written,
            shareBytes: other.shareBytes + one.shareBytes,
          }
        : one,
    );
  }
  return both;
}
