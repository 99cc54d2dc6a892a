/** The kernels that a VM can be booted with directly, and what each is started with. */
import { readFile } from 'node:fs/promises';
import type { Failure } from '../../../../contract/failures';
import { toFailure } from '../../../errors';
import { cpio } from '../../../disk/cpio';
import { openKernel } from '../../../guest/kernel';
import type { VmDesign } from '../design';

/** The distribution's cloud kernel, with the modules it needs. */
export const distributionSystem: VmDesign['system'] = (kit) =>
  Promise.resolve({
    kernel: kit.kernel,
    kernelRelease: kit.kernelRelease,
    version: kit.version,
    initrd: async () => ({ version: kit.version, content: await readFile(kit.initrd) }),
  });

const executable = 0o100755;

/** Why machines with our own kernel cannot be started: nobody but the user builds it, since it takes minutes. */
export async function kernelObstacle(cacheFolder: string): Promise<Failure | undefined> {
  try {
    await openKernel(cacheFolder);
    return undefined;
  } catch (error) {
    return toFailure(error);
  }
}

/** Our own small kernel, which has everything built in. */
export const microSystem: VmDesign['system'] = async (kit, cacheFolder) => {
  const { kernel, kernelRelease, version } = await openKernel(cacheFolder);
  return {
    kernel,
    kernelRelease,
    version,
    initrd: async () => ({
      version: `${kit.version} without modules`,
      content: cpio([{ name: 'init', mode: executable, data: await readFile(kit.init) }]),
    }),
  };
};
