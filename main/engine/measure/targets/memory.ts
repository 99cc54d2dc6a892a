/**
 * What an instance takes of the host's memory, by the one definition that holds on every rung: its own memory is what ending it gives
 * back; pages of files, which the kernel can drop, are told beside it.
 */
import type { Missing, TrialMemory } from '../../../contract/run/run';
import { chargedTo, type Cgroup, type Charged } from '../../base/process/cgroup';
import { ownFiles, type HostFiles } from '../../base/process/hostFiles';
import {
  isRefused,
  kernelBytes,
  mappedByEither,
  mappedBytes,
  memoryOf,
  ownBytes,
  type Mapped,
  type ProcessMemory,
  type Refused,
} from '../../base/process/memory';

type Inside = NonNullable<TrialMemory['inside']>;

/** The processes of a control group, with all that is charged to it; or processes that have no group, added up. */
export interface GroupMemory {
  own: { bytes: number } | Refused;
  /** what `own` consists of */
  inside: Inside;
  processes: ProcessMemory | Refused;
  files: FilePages | Refused;
  missing: Missing[];
}

/** Pages of files that an instance uses. */
export interface FilePages {
  /** what is mapped, by file, whoever has it on his account */
  mapped: ReadonlyMap<string, Mapped>;
  /** what is only cached, and on this instance's account */
  cachedBytes: number;
  /** of these, what it wrote itself, at most */
  writtenBytes: number;
}

/** @param isInRoot  see InMemory */
export async function groupMemory(
  cgroup: Pick<Cgroup, 'memory'>,
  pids: readonly number[],
  isInRoot?: (name: string) => boolean,
  from: HostFiles = ownFiles,
): Promise<GroupMemory> {
  const processes = await memoryOf(pids, isInRoot, from);
  let charged: Charged;
  try {
    charged = chargedTo(cgroup, from);
  } catch (error) {
    const refused = { reason: (error as NodeJS.ErrnoException).code ?? 'ENODATA' };
    return { own: refused, inside: [], processes, files: refused, missing: [] };
  }
  return {
    ...ownOf(charged, processes),
    processes,
    files: isRefused(processes) ? processes : filePagesOf(charged, processes, bytesWritten(pids, from)),
  };
}

/** Pure: where the group has no counter, its processes' own figures stand in. */
export function ownOf(
  charged: Charged,
  processes: ProcessMemory | Refused,
): Pick<GroupMemory, 'own' | 'inside' | 'missing'> {
  const told = isRefused(processes) ? undefined : processes;
  const swap = charged.swapBytes ?? told?.swapBytes;
  const kernel = charged.kernelBytes ?? (told && kernelBytes(told));
  if (swap === undefined || kernel === undefined) {
    const { reason } = processes as Refused;
    return { own: { reason }, inside: [], missing: [] };
  }
  const application = charged.anonymousBytes + charged.sharedMemoryBytes;
  return {
    own: { bytes: application + swap + kernel },
    inside: [
      { part: 'application', bytes: application },
      ...(swap > 0 ? [{ part: 'swap' as const, bytes: swap }] : []),
      { part: 'kernel-memory', bytes: kernel },
    ],
    missing: charged.kernelBytes === undefined ? [{ what: 'kernel-slab', reason: 'not-counted' }] : [],
  };
}

/**
 * Pure: processes without a group. What the kernel has for them beside page tables and stacks is not known, nor which files are cached
 * for them alone.
 * @param besideBytes  what is theirs in memory and in no mapping; undefined where that cannot be told
 * @param reason  why there is no group
 */
export function addedUp(
  processes: ProcessMemory | Refused,
  besideBytes: number | undefined,
  reason: string,
): GroupMemory {
  if (isRefused(processes)) return { own: processes, inside: [], processes, files: processes, missing: [] };
  const files = { reason };
  if (besideBytes === undefined)
    return { own: { reason: 'ENODATA' }, inside: [], processes, files, missing: [] };
  return {
    own: { bytes: ownBytes(processes) + besideBytes },
    inside: [],
    processes,
    files,
    missing: [{ what: 'kernel-slab', reason }],
  };
}

/** Pure: what is mapped counts in full, whoever touched it first and has it on his account. */
export function filePagesOf(
  { cacheBytes, mappedBytes: chargedAndMapped }: Charged,
  { mapped }: ProcessMemory,
  writtenBytes: number,
): FilePages {
  const mappedFiles = Math.max(0, chargedAndMapped - mappedBytes(mapped, 'shared'));
  const cachedBytes = Math.max(0, cacheBytes - mappedFiles);
  return { mapped, cachedBytes, writtenBytes: Math.min(cachedBytes, writtenBytes) };
}

/**
 * The record's figures of file pages: of these shared are those that one more instance finds in memory, own those that it alone wrote.
 * @param others  of processes beside it that exist for it alone
 */
export function fileFigures(
  { mapped, cachedBytes, writtenBytes }: FilePages,
  ...others: ReadonlyMap<string, Mapped>[]
): Pick<TrialMemory, 'fileBytes' | 'sharedFileBytes'> {
  const all = others.reduce<ReadonlyMap<string, Mapped>>(mappedByEither, mapped);
  const fileBytes = cachedBytes + mappedBytes(all, 'file');
  const ownBytes = writtenBytes + mappedBytes(all, 'file', ({ written }) => written);
  return { fileBytes, sharedFileBytes: fileBytes - ownBytes };
}

/** What a record says of processes beside the sum: no part of it. */
export const details = (of: ProcessMemory): Partial<TrialMemory> => ({
  pssBytes: of.pssBytes,
  sharedBytes: of.sharedBytes,
  // what is neither anonymous nor shared memory is a file's
  filePssBytes: Math.max(0, of.pssBytes - of.anonymousBytes - of.sharedMemoryBytes),
  hugePageBytes: of.hugePageBytes,
  pageTableBytes: of.pageTableBytes,
  ...(of.mergedBytes !== undefined && { mergedBytes: of.mergedBytes }),
});

/** What processes, and their children that have ended, made dirty of files on disks; a tmpfs is none. */
function bytesWritten(pids: readonly number[], files: HostFiles): number {
  const written = pids.map((pid) => {
    try {
      const io = files.read(`/proc/${pid}/io`);
      const field = (name: string) => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(io)?.[1] ?? 0);
      return field('write_bytes') - field('cancelled_write_bytes');
    } catch {
      return 0; // it has ended
    }
  });
  return Math.max(
    0,
    written.reduce((sum, bytes) => sum + bytes, 0),
  );
}
