/** The minimal guest kernel: Debian's kernel source with our own configuration, for machines without firmware menus, ACPI and PCI. */
import kernelConfiguration from '../../../../assets/guest/kernel.config?raw';
import kernelScript from '../../../../assets/guest/kernel.sh?raw';
import packagesScript from '../../../../assets/guest/packages.sh?raw';
import type { KitFacts } from '../../../contract/machine';
import { make, openMade, type MadePlaces, type MakingOrder, type Recipe } from './recipe';

const recipe: Recipe = {
  name: 'kernel',
  sources: {
    'kernel.config': kernelConfiguration,
    'kernel.sh': kernelScript,
    'packages.sh': packagesScript,
  },
  script: 'kernel.sh',
  tools: ['gcc', 'libc6-dev', 'make', 'flex', 'bison', 'bc', 'libelf-dev', 'xz-utils'],
  files: ['vmlinux'],
  makingBytes: 2 * 1024 ** 3, // package, sources and objects
  plainPath: { keptBytes: 48 * 1024 ** 2 },
  missing: (folder) => ({ code: 'kernel-missing', folder }),
  damaged: (file) => ({ code: 'kernel-damaged', file }),
};

export interface MinimalKernel extends KitFacts {
  /** uncompressed, stripped */
  kernel: string;
}

/**
 * The minimal kernel, checked.
 * @throws {TareError} `kernel-missing`, also when it was built by another version of Tare · `kernel-damaged` with the file
 */
export async function openKernel(places: MadePlaces): Promise<MinimalKernel> {
  const { file, folder, origin, version, kernelRelease, builtAt, bytes } = await openMade(recipe, places);
  return { folder, origin, version, kernelRelease, builtAt, bytes, kernel: file('vmlinux') };
}

/**
 * Builds it anew: minutes of compiling. The same source package, configuration and compiler give the same bytes.
 * Needs the network, Debian's apt-get, and what kernels are built with, but neither root nor any installation.
 * @throws {TareError} `tool-missing` · `kit-failed` with the step and its output · `disk-short`; AbortError when aborted
 */
export async function buildKernel(order: MakingOrder): Promise<KitFacts> {
  await make(recipe, order);
  return openKernel({ cacheFolder: order.cacheFolder });
}
