/** A process's mappings with what of physical memory they have, from /proc/PID/smaps: 3 ms at 128 MiB, 26 ms at 2 GiB. */
import { ownFiles, type HostFiles } from './hostFiles';

/** Bytes, unless it says otherwise. */
export interface Mapping {
  sizeBytes: number;
  /** in physical memory, shared pages in full */
  residentBytes: number;
  /** proportional set size: each shared page is divided among its users */
  pssBytes: number;
  /** of `residentBytes`, what belongs to no file: anonymous memory, and pages of a file that the process has changed for itself alone */
  anonymousBytes: number;
  /** of `pssBytes`, what has been written to; absent before Linux 6.0 */
  pssDirtyBytes?: number;
  /** of `residentBytes`, what nobody else has */
  privateBytes: number;
  /** proportional share of what lies in swap */
  swapBytes: number;
  /** of `anonymousBytes`, in huge pages */
  hugePageBytes: number;
  /** in full, what the kernel merged with equal pages (KSM); absent before Linux 6.7 */
  mergedBytes?: number;
  /** `rwxp` and the like */
  permissions: string;
  /** of the file: `MAJOR:MINOR` in hexadecimal; `00:00` for none */
  device: string;
  inode: number;
  /** file, `[heap]`, or empty for anonymous memory */
  name: string;
}

const header = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ (\S+) (\d+) *(.*)$/;

/** Where a line's kibibytes belong; several lines may belong to one field. */
const fields: Record<string, keyof Mapping & `${string}Bytes`> = {
  Rss: 'residentBytes',
  Pss: 'pssBytes',
  Pss_Dirty: 'pssDirtyBytes',
  Private_Clean: 'privateBytes',
  Private_Dirty: 'privateBytes',
  Anonymous: 'anonymousBytes',
  AnonHugePages: 'hugePageBytes',
  SwapPss: 'swapBytes',
  KSM: 'mergedBytes',
};

/**
 * Every mapping of a process.
 * @throws a system error: `ESRCH` or `ENOENT` when the process has ended, `EACCES` when it is not ours to read
 */
export const mappings = async (pid: number, files: HostFiles = ownFiles): Promise<Mapping[]> =>
  parseSmaps(await files.readLong(`/proc/${pid}/smaps`));

/** Pure part of {@link mappings}. */
export function parseSmaps(smaps: string): Mapping[] {
  const found: Mapping[] = [];
  for (const line of smaps.split('\n')) {
    const start = header.exec(line);
    if (start) {
      found.push(empty(start.slice(1)));
      continue;
    }
    const colon = line.indexOf(':');
    const field = fields[line.slice(0, colon)];
    const last = found.at(-1);
    if (field && last) last[field] = (last[field] ?? 0) + parseInt(line.slice(colon + 1), 10) * 1024;
  }
  return found;
}

function empty([from, to, permissions = '', device = '', inode, name = '']: string[]): Mapping {
  return {
    // Addresses need 48 bits: safe in a double, not in a 32-bit integer.
    sizeBytes: Number(`0x${to}`) - Number(`0x${from}`),
    ...{ residentBytes: 0, pssBytes: 0, anonymousBytes: 0, privateBytes: 0, swapBytes: 0, hugePageBytes: 0 },
    ...{ permissions, device, inode: Number(inode), name },
  };
}
