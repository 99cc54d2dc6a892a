/** The guest kit: kernel, initrd with our own PID 1, static busybox, what starts plain processes, what makes starts cold, and the ROM that tests accelerators. */
import commonSource from '../../../../assets/guest/common.h?raw';
import initSource from '../../../../assets/guest/init.c?raw';
import kitScript from '../../../../assets/guest/kit.sh?raw';
import pageCacheSource from '../../../../assets/guest/pagecache.c?raw';
import packagesScript from '../../../../assets/guest/packages.sh?raw';
import processSource from '../../../../assets/guest/process.c?raw';
import probeSource from '../../../../assets/guest/probe.S?raw';
import arm64ProbeSource from '../../../../assets/guest/probe-arm64.S?raw';
import type { KitFacts } from '../../../contract/machine';
import { make, openMade, type Made, type MadePlaces, type MakingOrder, type Recipe } from './recipe';

const recipe: Recipe = {
  name: 'kit',
  sources: {
    'common.h': commonSource,
    'init.c': initSource,
    'kit.sh': kitScript,
    'packages.sh': packagesScript,
    'pagecache.c': pageCacheSource,
    'process.c': processSource,
    'probe.S': probeSource,
    'probe-arm64.S': arm64ProbeSource,
  },
  script: 'kit.sh',
  tools: ['gcc', 'libc6-dev', 'zstd'],
  files: [
    'vmlinux',
    'vmlinuz',
    'initrd',
    'balloon',
    'virtio-mem',
    'init',
    'process',
    'busybox',
    'pagecache',
    'probe.rom',
  ],
  makingBytes: 400 * 1024 * 1024, // downloads, their unpacked trees and the kit; measured 230 MB
  missing: (folder) => ({ code: 'kit-missing', folder }),
  damaged: (file) => ({ code: 'kit-damaged', file }),
};

export interface Kit extends KitFacts {
  /** uncompressed kernel of the distribution */
  kernel: string;
  /** the same as the distribution ships it, compressed */
  compressedKernel: string;
  /** modules and PID 1, to be followed by a configuration (see targets/qemu/kernel/initrd.ts) */
  initrd: string;
  /** the driver of a balloon, to stand between `initrd` and its configuration */
  balloon: string;
  /** the driver of memory that is plugged, in the same place */
  virtioMem: string;
  /** PID 1 alone, for a kernel that has no modules */
  init: string;
  /** starts an image's command as a plain process (assets/guest/process.c) */
  process: string;
  busybox: string;
  /** drops files from this computer's page cache */
  pageCache: string;
  probeRom: string;
  packages: Made['packages'];
}

/**
 * The kit, checked.
 * @throws {TareError} `kit-missing`, also when the kit was made by another version of Tare · `kit-damaged` with the file
 */
export async function openKit(places: MadePlaces): Promise<Kit> {
  const { file, ...facts } = await openMade(recipe, places);
  return {
    ...facts,
    kernel: file('vmlinux'),
    compressedKernel: file('vmlinuz'),
    initrd: file('initrd'),
    balloon: file('balloon'),
    virtioMem: file('virtio-mem'),
    init: file('init'),
    process: file('process'),
    busybox: file('busybox'),
    pageCache: file('pagecache'),
    probeRom: file('probe.rom'),
  };
}

export type KitOrder = MakingOrder;

/**
 * Makes the kit anew and puts it in the place of an older one in one step. Needs the network, a C compiler and Debian's apt-get,
 * but neither root nor any installation.
 * @throws {TareError} `tool-missing` · `kit-failed` with the step and its output · `disk-short`; AbortError when aborted
 */
export async function buildKit(order: KitOrder): Promise<KitFacts> {
  await make(recipe, order);
  return openKit({ cacheFolder: order.cacheFolder });
}
