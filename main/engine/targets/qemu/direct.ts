/** The target `vm:direct`: QEMU's q35, the distribution's cloud kernel booted directly, the image as root disk. */
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { Environment } from '../../../contract/run';
import { isAbort, TareError, toFailure } from '../../errors';
import { findDisk, makeDisk, type Disk, type DiskOrder } from '../../image/disk';
import { openKit, type Kit } from '../../image/kit';
import { steps } from '../../image/steps';
import { cpuMs, residentBytes } from '../../process/proc';
import type { Instance, Mark, Prepared, ReadyWorkload, Target, Workshop } from '../target';
import { chooseAccelerator, type Choice } from './accelerator';
import { machineBytes, qemuArguments, type VirtualMachine } from './arguments';
import { guestConfiguration, writeInitrd } from './configuration';
import { bootMachine, PortTaken, type Machine } from './machine';
import { vmMemory } from './memory';
import { bound, needProgram, qemuProgram } from './programs';

export interface DirectOptions {
  /** holds the kit, disks, initrds and what is known about the accelerator */
  cacheFolder: string;
  /** the image's flattened root filesystem as a raw tar stream */
  exportImage: (ready: ReadyWorkload, workshop: Workshop) => Promise<Readable>;
  /** default: the system's own for this architecture */
  qemuPath?: string;
}

export interface DirectTarget extends Target {
  /**
   * What a record says about the machinery. Asks the accelerator's memory, or the machine when `again`.
   * @throws {TareError} as `unavailable` answers
   */
  conditions(signal: AbortSignal, again?: boolean): Promise<NonNullable<Environment['qemu']>>;
}

export function createDirectTarget(options: DirectOptions): DirectTarget {
  const { cacheFolder, qemuPath } = options;

  async function equipment(signal: AbortSignal, again = false): Promise<Equipment> {
    const qemu = await needProgram(qemuPath ?? qemuProgram);
    await needProgram('mkfs.erofs');
    const kit = await openKit(cacheFolder);
    const choice = await chooseAccelerator({ qemu, probeRom: kit.probeRom, cacheFolder, signal, again });
    return { qemu, kit, choice };
  }

  return {
    id: 'vm:direct',
    async unavailable(signal) {
      try {
        await equipment(signal);
        return undefined;
      } catch (error) {
        if (isAbort(error)) throw error;
        return toFailure(error);
      }
    },
    async conditions(signal, again) {
      const { kit, choice } = await equipment(signal, again);
      const { accelerator, reason, qemuVersion: version } = choice;
      return { version, accelerator, reason, kernel: kit.kernelRelease, kit: kit.version };
    },
    async prepare(ready, workshop) {
      const { image, workload } = ready;
      if (image.entrypoint.length + image.command.length === 0) {
        throw new TareError({ code: 'image-without-command', reference: image.reference });
      }
      const tools = await equipment(workshop.signal);
      const disk = await preparedDisk(ready, workshop, tools.kit, options);
      const configuration = guestConfiguration(image, workload.name);
      const initrd = await writeInitrd(cacheFolder, tools.kit, configuration, workshop.ledger);
      const model = { tools, disk, initrd, ready };
      const recorded = machineFor(model, ready.workload.limits, await workshop.freePort());
      return {
        commandLine: [path.basename(tools.qemu), ...qemuArguments(recorded, { kind: 'terminal' })],
        accelerator: tools.choice.accelerator,
        start: (limits, mark, shop) => startInstance(model, limits, mark, shop),
      } satisfies Prepared;
    },
  };
}

interface Equipment {
  qemu: string;
  kit: Kit;
  choice: Choice;
}

/** Everything that the instances of one workload share. */
interface Model {
  tools: Equipment;
  disk: Disk;
  initrd: string;
  ready: ReadyWorkload;
}

async function preparedDisk(
  ready: ReadyWorkload,
  workshop: Workshop,
  kit: Kit,
  options: DirectOptions,
): Promise<Disk> {
  const { image } = ready;
  const order: DiskOrder = {
    cacheFolder: options.cacheFolder,
    digest: image.digest,
    imageBytes: image.bytes,
    kitVersion: kit.version,
    exportImage: (signal) => options.exportImage(ready, { ...workshop, signal }),
    ledger: workshop.ledger,
    signal: workshop.signal,
  };
  const known = await findDisk(order);
  if (known) return known;
  const step = steps(workshop, 'disk', image.reference);
  const disk = await makeDisk(order);
  step.done();
  return disk;
}

const machineFor = (
  model: Model,
  limits: { memoryBytes: number; cpus: number },
  hostPort: number,
): VirtualMachine => ({
  kernel: model.tools.kit.kernel,
  initrd: model.initrd,
  disk: model.disk.path,
  memoryBytes: limits.memoryBytes,
  cpus: limits.cpus,
  guestPort: model.ready.image.port,
  hostPort,
  accelerator: model.tools.choice.accelerator,
});

/** A port that was free a moment ago may be taken by the time QEMU listens. */
const portTries = 5;

async function startInstance(
  model: Model,
  limits: { memoryBytes: number; cpus: number },
  mark: Mark,
  workshop: Workshop,
): Promise<Instance> {
  const { ledger, signal } = workshop;
  for (let tries = 1; ; tries++) {
    const port = await workshop.freePort();
    const name = ledger.name('vm');
    const vm = machineFor(model, limits, port);
    const words = await bound([model.tools.qemu, ...qemuArguments(vm, { kind: 'inherited', name })]);
    try {
      const machine = await bootMachine({ words, name, ledger, mark, signal });
      return instanceOf(machine, model, machineBytes(limits.memoryBytes), port);
    } catch (error) {
      if (!(error instanceof PortTaken)) throw error;
      const { message: output } = error;
      if (tries === portTries)
        throw new TareError({ code: 'program-failed', program: 'QEMU', exit: 'port taken', output });
    }
  }
}

const instanceOf = (machine: Machine, model: Model, reservedBytes: number, port: number): Instance => ({
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
  measure: () => vmMemory(machine.pid, reservedBytes, () => machine.memory()),
  disk: () => Promise.resolve({ imageBytes: model.ready.image.bytes, vmDiskBytes: model.disk.bytes }),
  output: () => Promise.resolve(machine.output()),
  stop: () => machine.stop(),
  [Symbol.asyncDispose]: () => machine.kill(),
});
