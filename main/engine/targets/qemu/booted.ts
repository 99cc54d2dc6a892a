/** VMs that boot at each start: `vm:direct` with the distribution's cloud kernel, `vm:micro` with the smallest machine and kernel. */
import { readFile } from 'node:fs/promises';
import { cpio } from '../../image/cpio';
import { openKernel } from '../../image/kernel';
import {
  createVmTarget,
  instanceOf,
  makeModel,
  recordedLine,
  startMachine,
  type VmDesign,
  type VmOptions,
  type VmTarget,
} from './design';
import { bootMachine } from './machine';
import { microvm, q35 } from './profiles';

const direct: VmDesign = {
  id: 'vm:direct',
  profile: q35,
  system: (kit) =>
    Promise.resolve({
      kernel: kit.kernel,
      kernelRelease: kit.kernelRelease,
      version: kit.version,
      initrd: async () => ({ version: kit.version, content: await readFile(kit.initrd) }),
    }),
};

const executable = 0o100755;

export const micro: VmDesign = {
  id: 'vm:micro',
  profile: microvm,
  async system(kit, cacheFolder) {
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
  },
};

function createBootedTarget(design: VmDesign, options: VmOptions): VmTarget {
  return createVmTarget(design, options, async (ready, workshop) => {
    const model = await makeModel(design, options, ready, workshop);
    return {
      commandLine: recordedLine(model, ready.workload.limits, await workshop.freePort()),
      accelerator: model.tools.choice.accelerator,
      async start(limits, mark, shop) {
        const { ledger, signal } = shop;
        const reached = await startMachine(model, limits, shop, [], (words, name) =>
          bootMachine({ words, name, ledger, mark, signal }),
        );
        return instanceOf(reached, model, limits);
      },
    };
  });
}

export const createDirectTarget = (options: VmOptions): VmTarget => createBootedTarget(direct, options);
export const createMicroTarget = (options: VmOptions): VmTarget => createBootedTarget(micro, options);
