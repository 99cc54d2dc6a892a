/** What of physical memory processes have, and what of that they share. */
import { closeSync, openSync } from 'node:fs';
import type { TrialMemory } from '../../contract/run/run';
import { whole } from './proc';

/** A process's share of physical memory, in bytes. */
export interface Share {
  /** proportional set size: each shared page is divided among its users */
  pssBytes: number;
  /**
   * of it, page cache of files: program, libraries, what it maps. The kernel can drop it, so MemAvailable never counted it as taken.
   * Absent where the kernel does not tell (before 5.12)
   */
  fileBytes?: number;
  /** of it, its share of pages that other processes have too: it would not all be given back if this one ended */
  sharedBytes: number;
  /** of what it has mapped, in full, what the kernel merged with equal pages (KSM). Absent where the kernel does not tell (before 6.7) */
  mergedBytes?: number;
}

/** Costs 3 ms at 128 MiB, 26 ms at 2 GiB. Undefined when the process has ended, or is not ours to read. */
export async function shareOf(pid: number): Promise<Share | undefined> {
  return parseRollup(await whole(`/proc/${pid}/smaps_rollup`).catch(() => ''));
}

/** Pure part of {@link shareOf}. */
export function parseRollup(rollup: string): Share | undefined {
  const bytes = (name: string): number | undefined => {
    const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  };
  const [pssBytes, fileBytes, mergedBytes] = [bytes('Pss'), bytes('Pss_File'), bytes('KSM')];
  if (pssBytes === undefined) return undefined;
  const ownBytes = (bytes('Private_Clean') ?? 0) + (bytes('Private_Dirty') ?? 0);
  return {
    pssBytes,
    ...(fileBytes !== undefined && { fileBytes }),
    sharedBytes: Math.max(0, pssBytes - ownBytes),
    ...(mergedBytes !== undefined && { mergedBytes }),
  };
}

/** The shares of several processes together. Those that have ended count nothing; one that may not be read spoils the sum. */
export async function sharesOfAll(pids: number[]): Promise<Share | { reason: string }> {
  let sum: Share | undefined;
  for (const pid of pids) {
    const own = await shareOf(pid);
    const reason = own === undefined ? refusalToRead(pid) : undefined;
    if (reason !== undefined) return { reason };
    if (own) sum = sum ? together(sum, own) : own;
  }
  return sum ?? { reason: 'ESRCH' };
}

/** What is known of one of them only is not known of both. */
function together(a: Share, b: Share): Share {
  const sum = (name: 'fileBytes' | 'mergedBytes') =>
    a[name] === undefined || b[name] === undefined ? {} : { [name]: a[name] + b[name] };
  return {
    pssBytes: a.pssBytes + b.pssBytes,
    sharedBytes: a.sharedBytes + b.sharedBytes,
    ...sum('fileBytes'),
    ...sum('mergedBytes'),
  };
}

/** PSS of several processes together, as `sharesOfAll` reads it. */
export async function pssOfAll(pids: number[]): Promise<{ bytes: number } | { reason: string }> {
  const shares = await sharesOfAll(pids);
  return 'reason' in shares ? shares : { bytes: shares.pssBytes };
}

/** Why a process's memory may not be read; undefined when it is just ending, or has become a zombie, and has none. */
function refusalToRead(pid: number): string | undefined {
  try {
    closeSync(openSync(`/proc/${pid}/smaps_rollup`, 'r'));
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' || code === 'EPERM' ? code : undefined;
  }
}

/** What a record says of memory that is not one instance's alone. */
export const sharing = ({
  sharedBytes,
  mergedBytes,
}: Share): Pick<TrialMemory, 'sharedBytes' | 'mergedBytes'> => ({
  sharedBytes,
  ...(mergedBytes !== undefined && { mergedBytes }),
});
