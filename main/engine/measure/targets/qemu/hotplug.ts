/**
 * A guest that boots with a part of its memory and is plugged the rest by virtio-mem, which can be asked for again, a page block at a
 * time: virtio 1.3, "Memory Device"; Linux drivers/virtio/virtio_mem.c.
 */
import { TareError } from '../../../base/errors';
import type { GuestMemory } from './machine/questions';

const mebibyte = 1024 ** 2;

/** The least that can be plugged or taken: what the guest's kernel keeps together. */
const blockBytes = 2 * mebibyte;
/** What the guest's kernel adds memory in; of the last one only a part may be plugged. */
const sectionBytes = 128 * mebibyte;

/**
 * Plugged memory holds nothing of the kernel's own, or it could not be taken again: the part that is there from the beginning has to do for that.
 * Linux itself goes to three times as much at most (memory_hotplug.auto_movable_ratio).
 */
const bootShare = 1 / 4;
/** Less does not boot the distribution's kernel with its initrd. */
const leastBootBytes = 128 * mebibyte;

/** What a guest's memory consists of. */
export interface MemoryLayout {
  bootBytes: number;
  /** absent where it has all from the beginning */
  plugged?: {
    bytes: number;
    /** the device's, of which so much is plugged */
    regionBytes: number;
  };
}

/** @param memoryBytes  all of it, in whole MiB */
export function layoutOf({ hotplug }: { hotplug?: true }, memoryBytes: number): MemoryLayout {
  const most = Math.max(0, memoryBytes - Math.max(leastBootBytes, memoryBytes * bootShare));
  const bytes = Math.floor(most / blockBytes) * blockBytes;
  if (!hotplug || bytes === 0) return { bootBytes: memoryBytes };
  const regionBytes = Math.ceil(bytes / sectionBytes) * sectionBytes;
  return { bootBytes: memoryBytes - bytes, plugged: { bytes, regionBytes } };
}

/** @throws {TareError} `nothing-to-plug` */
export function needPlugged(layout: MemoryLayout): void {
  if (layout.plugged) return;
  throw new TareError({ code: 'nothing-to-plug', memoryBytes: layout.bootBytes, bootBytes: leastBootBytes });
}

/** QEMU's id of the device. */
export const hotplugId = 'hotplug';

/** QEMU's words for the device; what it is made of is the backend `plugged`. */
export const hotplugWords = ({ bytes }: NonNullable<MemoryLayout['plugged']>): string[] => [
  '-device',
  `virtio-mem-pci,id=${hotplugId},memdev=plugged,block-size=${blockBytes},requested-size=${bytes}`,
];

/** PID 1 waits until so much is plugged (assets/guest/init.c). */
export const hotplugKernelWords = ({ bytes }: NonNullable<MemoryLayout['plugged']>): string[] => [
  'memhp_default_state=online_movable', // the kernel makes use of it at once, and not for itself
  'swiotlb=noforce', // it lies above 4 GiB, for which the kernel would set 32 MiB aside that no virtio device needs
  `plugged=${bytes}`,
];

/** What a guest keeps at hand when it is asked for what is free, as a share of its memory: or its kernel would drop what it has cached. */
const keptShare = 1 / 16;

/** Pure: how much is to stay plugged where all that is free is asked for. */
export function stayingBytes(
  { MemFree = 0 }: GuestMemory,
  memoryBytes: number,
  pluggedBytes: number,
): number {
  const spare = Math.max(0, MemFree - memoryBytes * keptShare);
  return Math.max(0, pluggedBytes - Math.floor(spare / blockBytes) * blockBytes);
}
