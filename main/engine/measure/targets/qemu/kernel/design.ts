/** VMs whose kernel QEMU boots directly: `vm:direct` with the distribution's cloud kernel, `vm:micro` with the smallest machine and kernel. */
import { diskMakers, type DiskFormat } from '../../../../images/disk/disk';
import { spaceOfFiles } from '../../../../images/disk/space';
import type { Kit } from '../../../../images/guest/kit';
import type { ReadyWorkload } from '../../../../images/image/facts';
import type { RunScope } from '../../../../base/scope';
import type { GuestFiles, VmDesign, VmOptions } from '../design';
import { imageDisk } from '../imageDisk';
import { microvm, usualBoard, type MachineProfile } from '../profiles';
import { isGiven, withoutGiven } from '../given';
import { givenInitrd, guestConfiguration, writeInitrd, writeWholeInitrd, type ImageForm } from './initrd';
import {
  distributionKernel,
  minimalKernel,
  type BootableKernel,
  type Drivers,
  type OpenKernel,
} from './kernels';

export interface KernelDesign {
  profile: MachineProfile;
  kernel: OpenKernel;
  drivers?: Drivers;
  /** how the guest gets the image */
  imageForm: ImageForm;
}

export const direct: KernelDesign = { profile: usualBoard, kernel: distributionKernel, imageForm: 'erofs' };
export const micro: KernelDesign = { profile: microvm, kernel: minimalKernel, imageForm: 'erofs' };

export const kernelVm = ({ profile, kernel: openKernel, drivers, imageForm }: KernelDesign): VmDesign => ({
  profile,
  programs: imageForm === 'initramfs' ? [] : [diskMakers[imageForm]],
  async openSystem(kit, options) {
    const kernel = await openKernel(kit, options, drivers);
    return {
      version: kernel.version,
      filesFor(ready, scope) {
        const order: FilesOrder = { ready, scope, kit, kernel, options };
        return withValues(order, imageForm);
      },
    };
  },
});

interface FilesOrder {
  ready: ReadyWorkload;
  scope: RunScope;
  kit: Kit;
  kernel: BootableKernel;
  options: VmOptions;
}

/** What is kept knows no values: where there are any, its machines boot another initrd. */
async function withValues(order: FilesOrder, form: ImageForm): Promise<GuestFiles> {
  const { ready, scope } = order;
  const keeping = { ...order, ready: withoutGiven(ready) };
  const kept = await (form === 'initramfs' ? wholeInMemory(keeping) : onDisk(keeping, form));
  if (!isGiven(ready) || !kept.boot) return kept;
  const configuration = guestConfiguration(ready.image, ready.workload, form);
  const { path: initrd, release } = await givenInitrd(kept.boot.initrd, configuration, scope.ledger);
  return { ...kept, boot: { ...kept.boot, initrd }, shown: kept, release };
}

async function onDisk(order: FilesOrder, format: DiskFormat): Promise<GuestFiles> {
  const { ready, scope, kit, kernel, options } = order;
  const { path: file, ...space } = await imageDisk(ready, scope, kit, options, format);
  const configuration = guestConfiguration(ready.image, ready.workload, format);
  const initrd = await writeInitrd(options.cacheFolder, await kernel.initrd(), configuration, scope.ledger);
  const { bytes: kernelBytes } = await spaceOfFiles([kernel.file, initrd]);
  const boot = { kernel: kernel.file, initrd };
  return { boot, drives: [{ id: 'root', file, writes: 'refused' }], space, kernelBytes };
}

/** The image is part of the initrd. */
async function wholeInMemory({ ready, scope, kernel, options }: FilesOrder): Promise<GuestFiles> {
  const { image, workload } = ready;
  const { path: initrd, ...space } = await writeWholeInitrd(
    options.cacheFolder,
    await kernel.initrd(),
    guestConfiguration(image, workload, 'initramfs'),
    { ...image, exported: () => options.exportImage(ready, scope) },
    scope.ledger,
  );
  const { bytes: kernelBytes } = await spaceOfFiles([kernel.file]);
  return { boot: { kernel: kernel.file, initrd }, drives: [], space, kernelBytes };
}
