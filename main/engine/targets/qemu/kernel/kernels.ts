/** The kernels that QEMU can be told to boot directly, and what each is started with. */
import { readFile } from 'node:fs/promises';
import { cpio } from '../../../disk/cpio';
import { openKernel } from '../../../guest/kernel';
import type { Kit } from '../../../guest/kit';
import type { MadePlaces } from '../../../guest/recipe';
import type { BareInitrd } from './initrd';

export interface BootableKernel {
  /** uncompressed vmlinux, unless tuned */
  file: string;
  /** which build of it */
  version: string;
  /** PID 1, and the modules that the kernel needs */
  initrd: () => Promise<BareInitrd>;
}

/** @throws {TareError} when it is not here */
export type OpenKernel = (kit: Kit, places: MadePlaces) => Promise<BootableKernel>;

/** The distribution's cloud kernel, with the modules it needs. */
export const distributionKernel: OpenKernel = (kit) =>
  Promise.resolve({
    file: kit.kernel,
    version: kit.version,
    initrd: async () => ({ version: kit.version, content: await readFile(kit.initrd) }),
  });

const executable = 0o100755;

/** Our own small kernel, which has everything built in. */
export const minimalKernel: OpenKernel = async (kit, places) => {
  const { kernel: file, version } = await openKernel(places);
  return {
    file,
    version,
    initrd: async () => ({
      version: `${kit.version} without modules`,
      content: cpio([{ name: 'init', mode: executable, data: await readFile(kit.init) }]),
    }),
  };
};
