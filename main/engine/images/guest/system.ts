/** The full system: a disk with Debian on it, made once and booted by every VM of the target `vm:full`. */
import buildScript from '../../../../assets/guest/full/build.sh?raw';
import setupScript from '../../../../assets/guest/full/setup.sh?raw';
import { TareError } from '../../base/errors';
import { make, openMade, type MadePlaces, type MakingOrder, type Recipe } from './recipe';

const recipe: Recipe = {
  name: 'system',
  sources: { 'build.sh': buildScript, 'setup.sh': setupScript },
  script: 'build.sh',
  files: ['disk.img'],
  makingBytes: 1600 * 1024 * 1024, // unpacked tree, packages, tar and disk; measured 1.2 GB
  missing: (folder) => ({ code: 'kit-missing', folder }),
  damaged: (file) => ({ code: 'kit-damaged', file }),
};

export interface FullSystem {
  /** a disk with partition table, boot loader and root file system */
  disk: string;
  kernelRelease: string;
  /** changes with our sources and with the version of any package on it */
  version: string;
}

/** Never shipped: it is larger than all the rest. @throws {TareError} `kit-missing` · `kit-damaged` with the file */
export async function openSystem({ cacheFolder }: MadePlaces): Promise<FullSystem> {
  const { file, kernelRelease, version } = await openMade(recipe, { cacheFolder });
  return { disk: file('disk.img'), kernelRelease, version };
}

/**
 * Makes the disk unless it is there, from Debian's archive with mmdebstrap: two minutes and 70 MB of downloads. Needs no root where users may
 * have namespaces and subordinate ids.
 * @throws {TareError} `tool-missing` · `kit-failed` with the step and its output · `disk-short`; AbortError when aborted
 */
export async function ensureSystem(order: MakingOrder): Promise<FullSystem> {
  try {
    return await openSystem(order);
  } catch (error) {
    if (!(error instanceof TareError)) throw error;
  }
  await make(recipe, order);
  return openSystem(order);
}
