/** The kernels that QEMU can be told to boot directly, and what each is started with. */
import { readFile } from 'node:fs/promises';
import { cpio } from '../../../../images/disk/cpio';
import { openKernel } from '../../../../images/guest/kernel';
import type { Kit } from '../../../../images/guest/kit';
import type { MadePlaces } from '../../../../images/guest/recipe';
import { TareError } from '../../../../base/errors';
import type { BareInitrd } from './initrd';

export interface BootableKernel {
  /** uncompressed vmlinux, unless tuned */
  file: string;
  /** which build of it */
  version: string;
  /** PID 1, and the modules that the kernel needs */
  initrd: () => Promise<BareInitrd>;
}

/** What its machine has beside disk and network, and needs a driver. */
export interface Drivers {
  balloon?: true;
  virtioMem?: true;
}

/** @throws {TareError} when it is not here */
export type OpenKernel = (kit: Kit, places: MadePlaces, drivers?: Drivers) => Promise<BootableKernel>;

/** The distribution's cloud kernel, with the modules it needs. */
export const distributionKernel: OpenKernel = (kit, _, drivers = {}) => {
  const wanted = (['balloon', 'virtioMem'] as const).filter((driver) => drivers[driver]);
  return Promise.resolve({
    file: kit.kernel,
    version: kit.version,
    initrd: async () => ({
      version: [kit.version, ...wanted].join(' with '),
      content: Buffer.concat(
        await Promise.all([kit.initrd, ...wanted.map((driver) => kit[driver])].map((file) => readFile(file))),
      ),
    }),
  });
};

const executable = 0o100755;

/** Our own small kernel, which has everything built in but what would make it larger for all. */
export const minimalKernel: OpenKernel = async (kit, places, drivers) => {
  if (drivers?.virtioMem) throw new TareError({ code: 'guest-refused', reason: 'no-virtio-mem', output: '' });
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
