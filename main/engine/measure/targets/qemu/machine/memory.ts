/**
 * Whose memory a VM's memory is. Its own is QEMU's, with all guest memory that was ever touched: the host cannot drop the guest's page
 * cache. The parts come from the mappings, the inside view from the guest.
 */
import { readFileSync } from 'node:fs';
import type { Missing, TrialMemory } from '../../../../../contract/run/run';
import { kernelBytes, memoryIn, ownShare, sharedDevices, statusBytes } from '../../../../base/process/memory';
import { mappings, type Mapping } from '../../../../base/process/smaps';
import { details, fileFigures } from '../../memory';

type Parts = TrialMemory['parts'];

/** What a guest has for memory. */
export interface GuestRam {
  /** sizes of QEMU's mappings that it lies in: more than one where some of it is plugged */
  mappings: readonly number[];
  /** how much of that it has now */
  presentBytes: () => Promise<number>;
}

/** Guest memory is the mappings of exactly these sizes, of whatever they are made; undefined unless all of them are there. */
function guestMappings(found: readonly Mapping[], sizes: readonly number[]): Mapping[] | undefined {
  const guest: Mapping[] = [];
  for (const size of sizes) {
    const mapping = found.find(
      (one) => one.sizeBytes === size && one.permissions.startsWith('rw-') && !guest.includes(one),
    );
    if (!mapping) return undefined;
    guest.push(mapping);
  }
  return guest;
}

/**
 * The same mappings with what a guest has of the kernel's pool of huge pages, which is in no figure of a mapping that others are
 * told by. QEMU uses the pool for nothing else; of several mappings one stands for all, since only their sum is told.
 */
export function withPool(found: Mapping[], sizes: readonly number[], poolBytes: number): Mapping[] {
  const [guest] = guestMappings(found, sizes) ?? [];
  if (!guest || poolBytes === 0) return found;
  const whole: Mapping = {
    ...guest,
    residentBytes: guest.residentBytes + poolBytes,
    pssBytes: guest.pssBytes + poolBytes,
    privateBytes: guest.privateBytes + poolBytes,
    hugePageBytes: guest.hugePageBytes + poolBytes,
  };
  return found.map((one) => (one === guest ? whole : one));
}

/**
 * Translated code (TCG) is what may be written and executed; what is neither that nor the guest's is QEMU itself.
 * @param ownOf        what of a mapping is QEMU's own
 * @param kernelBytes  of kernel memory for it
 */
export function splitMemory(
  found: readonly Mapping[],
  sizes: readonly number[],
  ownOf: (mapping: Mapping) => number,
  kernelBytes: number,
): { parts: Parts; missing: Missing[] } {
  const guest = guestMappings(found, sizes);
  const translation = found.filter(({ permissions }) => permissions.startsWith('rwx'));
  const sum = (list: readonly Mapping[]) => list.reduce((bytes, mapping) => bytes + ownOf(mapping), 0);
  const rest = found.filter((mapping) => !guest?.includes(mapping) && !translation.includes(mapping));
  const parts: Parts = [{ part: 'vmm', bytes: sum(rest) + kernelBytes }];
  if (translation.length > 0) parts.push({ part: 'translation', bytes: sum(translation) });
  if (!guest)
    return {
      parts,
      missing: [{ what: 'guest-ram', reason: 'no-mapping-of-qemu-has-the-size-of-the-guest' }],
    };
  return { parts: [{ part: 'guest-ram', bytes: sum(guest) }, ...parts], missing: [] };
}

/** What the guest says about itself, as in TrialMemory. */
export function insideView(
  meminfo: Record<string, number>,
): Pick<TrialMemory, 'guestUsedBytes' | 'guestCacheBytes'> {
  const {
    MemTotal: total,
    MemAvailable: available,
    Cached: cached,
    Buffers: buffers,
    Shmem: shared,
  } = meminfo;
  return {
    ...(total !== undefined && available !== undefined && { guestUsedBytes: total - available }),
    // Cached counts tmpfs pages (Shmem) too, and those are no cache: they cannot be dropped.
    ...(cached !== undefined &&
      buffers !== undefined &&
      shared !== undefined && { guestCacheBytes: cached + buffers - shared }),
  };
}

/**
 * What the guest's touched memory consists of, by the guest's own account. What the kernel keeps back at boot (the machine's size less
 * MemTotal) is its own, but need not be touched. What is touched and in no account is nobody's now: the guest freed it, and the host
 * cannot know; or the host filled it up, since it gives huge pages of 2 MiB where a part of one was touched. How much of it lies in huge
 * pages is not known, so that all that can counts as `guest-huge`, and only what cannot as `guest-idle`.
 * @param touchedBytes  of the guest's memory, as the host sees it
 * @param hugeBytes     of these, in huge pages of the host
 */
export function insideParts(
  meminfo: Record<string, number>,
  machineBytes: number,
  touchedBytes: number,
  hugeBytes: number,
): NonNullable<TrialMemory['inside']> {
  const { MemTotal, AnonPages, Shmem, Cached, Buffers, Slab, KernelStack, PageTables, Percpu = 0 } = meminfo;
  const known = [MemTotal, AnonPages, Shmem, Cached, Buffers, Slab, KernelStack, PageTables];
  if (known.some((value) => value === undefined)) return [];
  const application = AnonPages! + Shmem!;
  const cache = Math.max(0, Cached! + Buffers! - Shmem!);
  const certain = Slab! + KernelStack! + PageTables! + Percpu;
  const left = touchedBytes - application - cache - certain;
  const kept = Math.max(0, Math.min(machineBytes - MemTotal!, left));
  const unused = Math.max(0, left - kept);
  const huge = Math.min(unused, hugeBytes);
  return [
    { part: 'guest-application', bytes: application },
    { part: 'guest-cache', bytes: cache },
    { part: 'guest-kernel', bytes: certain + kept },
    ...(huge > 0 ? [{ part: 'guest-huge' as const, bytes: huge }] : []),
    { part: 'guest-idle', bytes: unused - huge },
  ];
}

/** Of a guest that has all its memory from the beginning. */
export const wholeRam = (bytes: number): GuestRam => ({
  mappings: [bytes],
  presentBytes: () => Promise.resolve(bytes),
});

/**
 * Reads a running VM. What cannot be read is missing, with the reason.
 * @param reservedBytes  what it may have at most
 * @param askGuest  absent where nothing of Tare's is in it
 */
export async function vmMemory(
  pid: number,
  reservedBytes: number,
  ram: GuestRam,
  askGuest: (() => Promise<Record<string, number>>) | undefined,
): Promise<TrialMemory> {
  const [read, guest, present] = await Promise.all([
    mappings(pid).catch(() => []),
    askGuest?.().catch(() => undefined),
    ram.presentBytes().catch(() => undefined),
  ]);
  const missing: Missing[] = [];
  if (!guest)
    missing.push({ what: 'guest', reason: askGuest ? 'the-guest-did-not-answer' : 'nobody-to-ask' });
  const inside = guest ? insideView(guest) : {};
  const status = statusOf(pid);
  if (read.length === 0 || status === undefined) {
    missing.push({ what: 'host', reason: 'smaps-cannot-be-read' });
    return { reservedBytes, ...inside, parts: [], missing };
  }
  const found = withPool(read, ram.mappings, statusBytes(status, 'HugetlbPages') ?? 0);
  const shared = { devices: sharedDevices(pid) };
  const memory = memoryIn(found, status, shared);
  const split = splitMemory(found, ram.mappings, (one) => ownShare(one, shared), kernelBytes(memory));
  missing.push(...split.missing);
  const touched = guestMappings(found, ram.mappings);
  const sum = (read: (one: Mapping) => number) => (touched ?? []).reduce((all, one) => all + read(one), 0);
  const parts =
    guest && touched && present !== undefined
      ? insideParts(
          guest,
          present,
          sum((one) => one.residentBytes + one.swapBytes),
          sum((one) => one.hugePageBytes),
        )
      : [];
  return {
    reservedBytes,
    hostBytes: split.parts.reduce((sum, { bytes }) => sum + bytes, 0),
    ...inside,
    ...details(memory),
    ...fileFigures({ mapped: memory.mapped, cachedBytes: 0, writtenBytes: 0 }),
    ...(parts.length > 0 && { inside: parts }),
    parts: split.parts,
    missing,
  };
}

function statusOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return undefined; // it has ended
  }
}
