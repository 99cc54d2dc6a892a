/** Whose memory a VM's memory is. All of it is QEMU's PSS; the parts come from the mappings, the inside view from the guest. */
import type { Missing, TrialMemory } from '../../../../contract/run/run';
import { mappings, pageTableBytes, type Mapping } from '../../../process/proc';
import { shareOf, sharing } from '../../../process/shares';

type Parts = TrialMemory['parts'];

/**
 * Guest memory is the anonymous mapping of exactly the guest's size; translated code (TCG) is what may be written and executed;
 * the rest is QEMU itself: program, libraries, the kernel file it keeps mapped, heap.
 */
export function splitMemory(found: Mapping[], guestBytes: number): { parts: Parts; missing: Missing[] } {
  const guest = found.find(
    (mapping) => mapping.sizeBytes === guestBytes && mapping.permissions.startsWith('rw-'),
  );
  const translation = found.filter(({ permissions }) => permissions.startsWith('rwx'));
  const sum = (list: Mapping[]) => list.reduce((bytes, mapping) => bytes + mapping.pssBytes, 0);
  const rest = found.filter((mapping) => mapping !== guest && !translation.includes(mapping));
  const parts: Parts = [{ part: 'vmm', bytes: sum(rest) }];
  if (translation.length > 0) parts.push({ part: 'translation', bytes: sum(translation) });
  if (!guest)
    return {
      parts,
      missing: [{ what: 'guest-ram', reason: 'no-mapping-of-qemu-has-the-size-of-the-guest' }],
    };
  return { parts: [{ part: 'guest-ram', bytes: guest.pssBytes }, ...parts], missing: [] };
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
 * MemTotal) is its own, but need not be touched; what is touched and in no account lies idle: the guest freed it, the host cannot know.
 * @param touchedBytes  of the guest's memory, as the host sees it
 */
function insideParts(
  meminfo: Record<string, number>,
  machineBytes: number,
  touchedBytes: number,
): NonNullable<TrialMemory['inside']> {
  const { MemTotal, AnonPages, Shmem, Cached, Buffers, Slab, KernelStack, PageTables, Percpu = 0 } = meminfo;
  const known = [MemTotal, AnonPages, Shmem, Cached, Buffers, Slab, KernelStack, PageTables];
  if (known.some((value) => value === undefined)) return [];
  const application = AnonPages! + Shmem!;
  const cache = Math.max(0, Cached! + Buffers! - Shmem!);
  const certain = Slab! + KernelStack! + PageTables! + Percpu;
  const left = touchedBytes - application - cache - certain;
  const kept = Math.max(0, Math.min(machineBytes - MemTotal!, left));
  return [
    { part: 'guest-application', bytes: application },
    { part: 'guest-cache', bytes: cache },
    { part: 'guest-kernel', bytes: certain + kept },
    { part: 'guest-idle', bytes: Math.max(0, left - kept) },
  ];
}

/** Reads a running VM. What cannot be read is missing, with the reason. */
export async function vmMemory(
  pid: number,
  reservedBytes: number,
  askGuest: () => Promise<Record<string, number>>,
): Promise<TrialMemory> {
  const [found, guest, share] = await Promise.all([
    mappings(pid),
    askGuest().catch(() => undefined),
    shareOf(pid),
  ]);
  const missing: Missing[] = [];
  if (!guest) missing.push({ what: 'guest', reason: 'the-guest-did-not-answer' });
  const inside = guest ? insideView(guest) : {};
  if (!found || found.length === 0) {
    missing.push({ what: 'host', reason: 'smaps-cannot-be-read' });
    return { reservedBytes, ...inside, parts: [], missing };
  }
  const split = splitMemory(found, reservedBytes);
  const hostBytes = split.parts.reduce((sum, { bytes }) => sum + bytes, 0);
  missing.push(...split.missing);
  const touched = split.parts.find(({ part }) => part === 'guest-ram')?.bytes;
  const parts = guest && touched !== undefined ? insideParts(guest, reservedBytes, touched) : [];
  const tables = pageTableBytes(pid);
  return {
    reservedBytes,
    hostBytes,
    pssBytes: hostBytes,
    ...inside,
    ...(share && sharing(share)),
    ...(share?.fileBytes !== undefined && { reclaimableBytes: share.fileBytes }),
    ...(tables !== undefined && { pageTableBytes: tables }),
    ...(parts.length > 0 && { inside: parts }),
    parts: split.parts,
    missing,
  };
}
