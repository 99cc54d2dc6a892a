/** What VM targets share: which kernel on which machine, the equipment they need, and how an instance of them is started. */
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { Limits } from '../../../contract/plan';
import type { TargetId } from '../../../contract/targets';
import type { Environment } from '../../../contract/run/run';
import { isAbort, TareError, toFailure } from '../../errors';
import { findDisk, makeDisk, type Disk, type DiskFormat, type DiskOrder } from '../../disk/disk';
import { openKit, type Kit } from '../../guest/kit';
import { spaceOfFiles } from '../../disk/space';
import { steps } from '../../steps';
import { cpuMs, residentBytes } from '../../process/proc';
import type { Instance, Target } from '../target';
import type { ReadyWorkload } from '../../image/facts';
import type { RunScope } from '../../scope';
import { chooseAccelerator, type Choice } from './accelerator';
import { machineBytes, qemuArguments, type VirtualMachine, type Wires } from './arguments';
import {
  guestConfiguration,
  writeInitrd,
  writeWholeInitrd,
  type BareInitrd,
  type ImageForm,
} from './kernel/initrd';
import type { Machine } from './machine/machine';
import { vmMemory } from './machine/memory';
import { PortTaken } from './machine/process';
import type { MachineProfile } from './profiles';
import { bound, needProgram, needQemu } from '../../process/programs';
import { machineRemains } from './machine/remains';

export interface VmOptions {
  /** holds the kit, disks, initrds and what is known about the accelerator */
  cacheFolder: string;
  /** the image's flattened root filesystem as a raw tar stream */
  exportImage: (ready: ReadyWorkload, scope: RunScope) => Promise<Readable>;
  /** default: the system's own for this architecture */
  qemuPath?: string;
  /** an accelerator that somebody insists on; default: what a test boot finds */
  accelerator?: string;
}

/** A kernel and what it is started with. */
interface GuestSystem {
  /** uncompressed vmlinux */
  kernel: string;
  kernelRelease: string;
  /** which build of it */
  version: string;
  /** PID 1, and the modules that the kernel needs */
  initrd: () => Promise<BareInitrd>;
}

/** One kind of VM: a machine and the system it boots. */
export interface VmDesign {
  id: TargetId;
  profile: MachineProfile;
  /** @throws {TareError} when it is not in the cache */
  system: (kit: Kit, cacheFolder: string) => Promise<GuestSystem>;
  /** how the guest gets the image; default: an EROFS disk */
  imageForm?: ImageForm;
  /** programs beside QEMU and mkfs.erofs */
  needs?: string[];
  /** what the workload's limits become on it */
  limits?: (limits: Limits) => Limits;
}

export interface VmTarget extends Target {
  /**
   * What a record says about the machinery. Asks the accelerator's memory, or the machine when `again`.
   * @throws {TareError} as `unavailable` answers
   */
  conditions(signal: AbortSignal, again?: boolean): Promise<NonNullable<Environment['qemu']>>;
}

/** A target of this design, with its own way to prepare. */
export function createVmTarget(design: VmDesign, options: VmOptions, prepare: Target['prepare']): VmTarget {
  return {
    id: design.id,
    async unavailable(signal) {
      try {
        await equip(design, options, signal);
        return undefined;
      } catch (error) {
        if (isAbort(error)) throw error;
        return toFailure(error);
      }
    },
    async conditions(signal, again) {
      const { kit, system, choice } = await equip(design, options, signal, again);
      const { accelerator, reason, qemuVersion: version } = choice;
      return { version, accelerator, reason, kernel: system.kernelRelease, kit: kit.version };
    },
    prepare,
  };
}

interface Equipment {
  qemu: string;
  kit: Kit;
  system: GuestSystem;
  choice: Choice;
}

async function equip(
  design: VmDesign,
  { cacheFolder, qemuPath, accelerator }: VmOptions,
  signal: AbortSignal,
  again = false,
): Promise<Equipment> {
  const qemu = await needQemu(qemuPath);
  for (const program of ['mkfs.erofs', ...(design.needs ?? [])]) await needProgram(program);
  const kit = await openKit(cacheFolder);
  const system = await design.system(kit, cacheFolder);
  const choice = await chooseAccelerator({
    qemu,
    probeRom: kit.probeRom,
    cacheFolder,
    forced: accelerator,
    signal,
    again,
  });
  return { qemu, kit, system, choice };
}

/** Everything that the instances of one workload share. */
export interface Model {
  design: VmDesign;
  tools: Equipment;
  /** what holds the image */
  disk: Disk;
  /** the same file as `disk` when the image is part of it */
  initrd: string;
  /** blocks on the host of the kernel, and of the initrd unless that is what holds the image */
  kernelBytes: number;
  ready: ReadyWorkload;
}

/**
 * Makes what instances of a workload share: its disk and its initrd.
 * @throws {TareError} `image-without-command`; as `unavailable` answers; as `makeDisk` and `writeInitrd` throw
 */
export async function makeModel(
  design: VmDesign,
  options: VmOptions,
  ready: ReadyWorkload,
  scope: RunScope,
): Promise<Model> {
  const { image, workload } = ready;
  if (image.entrypoint.length + image.command.length === 0) {
    throw new TareError({ code: 'image-without-command', reference: image.reference });
  }
  const tools = await equip(design, options, scope.signal);
  const { imageForm = 'erofs' } = design;
  const configuration = guestConfiguration(image, workload.name, imageForm);
  const bare = await tools.system.initrd();
  const { cacheFolder } = options;
  if (imageForm === 'initramfs') {
    const whole = { ...image, exported: () => options.exportImage(ready, scope) };
    const disk = await writeWholeInitrd(cacheFolder, bare, configuration, whole, scope.ledger);
    const { bytes: kernelBytes } = await spaceOfFiles([tools.system.kernel]);
    return { design, tools, disk, initrd: disk.path, kernelBytes, ready };
  }
  const disk = await preparedDisk(ready, scope, tools.kit, options, imageForm);
  const initrd = await writeInitrd(cacheFolder, bare, configuration, scope.ledger);
  const { bytes: kernelBytes } = await spaceOfFiles([tools.system.kernel, initrd]);
  return { design, tools, disk, initrd, kernelBytes, ready };
}

export async function preparedDisk(
  ready: ReadyWorkload,
  scope: RunScope,
  kit: Kit,
  options: VmOptions,
  format: DiskFormat = 'erofs',
): Promise<Disk> {
  const { image } = ready;
  const order: DiskOrder = {
    format,
    cacheFolder: options.cacheFolder,
    digest: image.digest,
    imageBytes: image.bytes,
    kitVersion: kit.version,
    exportImage: (signal) => options.exportImage(ready, { ...scope, signal }),
    ledger: scope.ledger,
    signal: scope.signal,
  };
  const known = await findDisk(order);
  if (known) return known;
  const step = steps(scope, 'disk', image.reference);
  const disk = await makeDisk(order);
  step.done();
  return disk;
}

const machineFor = (model: Model, limits: Limits, hostPort: number): VirtualMachine => ({
  profile: model.design.profile,
  kernel: model.tools.system.kernel,
  initrd: model.initrd,
  ...(model.disk.path !== model.initrd && { disk: model.disk.path }),
  memoryBytes: limits.memoryBytes,
  cpus: limits.cpus,
  guestPort: model.ready.image.port,
  hostPort,
  accelerator: model.tools.choice.accelerator,
});

/** The line that a person can paste into a shell. */
export const recordedLine = (
  model: Model,
  limits: Limits,
  hostPort: number,
  wires: Wires = { kind: 'terminal' },
): string[] => [
  path.basename(model.tools.qemu),
  ...qemuArguments(machineFor(model, limits, hostPort), wires),
];

/** A port that was free a moment ago may be taken by the time QEMU listens. */
const portTries = 5;

export interface Reached {
  machine: Machine;
  /** where the host reaches the application, on the loopback interface */
  port: number;
}

/**
 * Starts one machine, trying other ports when somebody is quicker.
 * @param more  QEMU's words beside the model's own
 * @param begin  boots or resumes it
 */
export async function startMachine(
  model: Model,
  limits: Limits,
  scope: RunScope,
  more: string[],
  begin: (words: string[], name: string) => Promise<Machine>,
): Promise<Reached> {
  for (let tries = 1; ; tries++) {
    const port = await scope.freePort();
    const name = scope.ledger.name('vm');
    const vm = machineFor(model, limits, port);
    const words = [model.tools.qemu, ...qemuArguments(vm, { kind: 'inherited', name }), ...more];
    try {
      return { machine: await begin(await bound(words), name), port };
    } catch (error) {
      if (!(error instanceof PortTaken)) throw error;
      const { message: output } = error;
      if (tries === portTries)
        throw new TareError({ code: 'program-failed', program: 'QEMU', exit: 'port taken', output });
    }
  }
}

export function instanceOf({ machine, port }: Reached, model: Model, limits: Limits): Instance {
  const reservedBytes = machineBytes(limits.memoryBytes);
  return {
    host: '127.0.0.1',
    port,
    ended: machine.ended,
    read() {
      const [resident, cpu] = [residentBytes(machine.pid), cpuMs(machine.pid)];
      return Promise.resolve({
        ...(resident !== undefined && { residentBytes: resident }),
        ...(cpu !== undefined && { cpuMs: cpu }),
      });
    },
    cpuMs: () => Promise.resolve(cpuMs(machine.pid)),
    measure: () => vmMemory(machine.pid, reservedBytes, () => machine.memory()),
    balloonUsedBytes: () => machine.balloonUsedBytes(),
    // What it writes goes to a tmpfs of the guest's: that is memory, and counted there.
    disk: () =>
      Promise.resolve({
        imageBytes: model.ready.image.bytes,
        vmDiskBytes: model.disk.bytes,
        vmDiskLogicalBytes: model.disk.logicalBytes,
        kernelBytes: model.kernelBytes,
      }),
    output: () => Promise.resolve(machine.output()),
    stop: () => machine.stop(),
    freezing: { pause: () => machine.pause(), unpause: () => machine.unpause() },
    remains: () => Promise.resolve(machineRemains(machine.pid)),
    [Symbol.asyncDispose]: () => machine.kill(),
  };
}
