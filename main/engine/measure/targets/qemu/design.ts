/** What makes one kind of VM different from another; what all of them share is in target.ts and start.ts. */
import type { Kit } from '../../../images/guest/kit';
import type { FileSpace } from '../../../images/disk/space';
import type { Ready, ReadyWorkload } from '../../../images/image/facts';
import type { RunScope } from '../../../base/scope';
import type { Tools } from '../launcher';
import type { Prepared } from '../target';
import type { Choice } from './accelerator';
import type { BootFiles } from './arguments';
import type { GuestTimeouts } from './machine/machine';
import type { MachineProfile } from './profiles';

/** `cacheFolder` holds the kit, disks, initrds and what is known about the accelerator. */
export type VmOptions = Pick<
  Tools,
  'cacheFolder' | 'shippedFolder' | 'exportImage' | 'qemuPath' | 'accelerator'
>;

/** One kind of VM: a machine and the system it boots. */
export interface VmDesign {
  profile: MachineProfile;
  /** that make its disks */
  programs: readonly string[];
  /** how long its guest is waited for; default: as long as one that runs nothing but the application */
  timeouts?: GuestTimeouts;
  /** @throws {TareError} when what it boots is not in the cache, or cannot run on this computer */
  openSystem: (kit: Kit, options: VmOptions) => Promise<GuestSystem>;
  /** default: they boot */
  startUp?: StartUp;
}

/** What a VM boots, whatever the workload. */
interface GuestSystem {
  /** which build of it */
  version: string;
  /** makes what a workload's machines boot and read, unless it is in the cache */
  filesFor: (ready: ReadyWorkload, scope: RunScope) => Promise<GuestFiles>;
}

/** What the machines of one workload boot and read, and what that takes on the host. */
export interface GuestFiles extends BootFiles {
  space: FileSpace;
  /** what the line of a record names instead: the same without the values of variables */
  shown?: BootFiles;
  /** removes what was made for these machines alone */
  release?: () => Promise<void>;
  /** blocks of the kernel, and of the initrd unless that is what holds the image; absent where they are on a disk among the others */
  kernelBytes?: number;
}

/** What machines are made of that start the same. */
export interface MachineParts {
  ready: Ready;
  /** where the application listens inside */
  guestPort: number;
  /** further ones in the same machine */
  beside?: readonly ReadyWorkload[];
  design: Pick<VmDesign, 'profile' | 'timeouts'>;
  /** the emulator's program */
  qemu: string;
  choice: Choice;
  files: GuestFiles;
}

/** A workload made ready for one kind of VM: all that its machines share. */
export interface PreparedVm extends MachineParts {
  ready: ReadyWorkload;
  design: VmDesign;
  system: GuestSystem;
}

/** How the machines of a prepared VM come up. */
export type StartUp = (
  vm: PreparedVm,
  options: VmOptions,
  scope: RunScope,
) => Promise<Pick<Prepared, 'commandLine' | 'start' | 'release' | 'reads'>>;
