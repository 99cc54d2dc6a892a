/**
 * The target `vm:full`: the VM as people know it. Firmware starts a boot loader, that starts Debian with systemd, and the
 * application is one of its units. The disk is the same for every image; the image and its unit come as two more.
 */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Failure } from '../../../../contract/failures';
import type { Limits } from '../../../../contract/plan';
import { isAbort, TareError, toFailure } from '../../../errors';
import { accountFiles } from '../../../disk/accountFiles';
import { resolveAccount } from '../../../disk/accounts';
import { openKit, type Kit } from '../../../guest/kit';
import { spaceOfFiles, type FileSpace } from '../../../disk/space';
import { openSystem, type FullSystem } from '../../../guest/system';
import { cpuMs, namelessBytes, residentBytes } from '../../../process/proc';
import type { Instance, Mark, Target } from '../../target';
import type { ReadyWorkload } from '../../../image/facts';
import type { RunScope } from '../../../scope';
import { chooseAccelerator, type Choice } from '../accelerator';
import { machineBytes } from '../arguments';
import { preparedDisk, type VmOptions } from '../design';
import { fullArguments, type FullMachine } from './arguments';
import { applicationUnit } from './unit';
import { bootMachine, type Machine } from '../machine/machine';
import { vmMemory } from '../machine/memory';
import { PortTaken } from '../machine/process';
import { bound, needProgram, needQemu } from '../../../process/programs';
import { machineRemains } from '../machine/remains';

interface Equipment {
  qemu: string;
  kit: Kit;
  system: FullSystem;
  choice: Choice;
}

async function equip(
  { cacheFolder, qemuPath, accelerator }: VmOptions,
  signal: AbortSignal,
): Promise<Equipment> {
  mustBePc();
  const qemu = await needQemu(qemuPath);
  await needProgram('mkfs.erofs');
  const kit = await openKit(cacheFolder);
  const system = await openSystem(cacheFolder);
  const choice = await chooseAccelerator({
    qemu,
    probeRom: kit.probeRom,
    cacheFolder,
    forced: accelerator,
    signal,
  });
  return { qemu, kit, system, choice };
}

/** Its firmware and boot loader are a PC's. */
function mustBePc(): void {
  if (process.arch !== 'x64')
    throw new TareError({ code: 'target-unsupported', target: 'vm:full', reason: 'architecture' });
}

/** Why the system's disk cannot be made here; undefined when it can, or is there already. */
export async function systemObstacle(cacheFolder: string): Promise<Failure | undefined> {
  try {
    mustBePc();
    const made = await openSystem(cacheFolder).catch(() => undefined);
    for (const program of made ? [] : ['mmdebstrap', 'mke2fs']) await needProgram(program);
    return undefined;
  } catch (error) {
    return toFailure(error);
  }
}

export function createFullTarget(options: VmOptions): Target {
  return {
    id: 'vm:full',
    async unavailable(signal) {
      try {
        await equip(options, signal);
        return undefined;
      } catch (error) {
        if (isAbort(error)) throw error;
        return toFailure(error);
      }
    },
    async prepare(ready, scope) {
      const { image } = ready;
      if (image.entrypoint.length + image.command.length === 0)
        throw new TareError({ code: 'image-without-command', reference: image.reference });
      const tools = await equip(options, scope.signal);
      const disk = await preparedDisk(ready, scope, tools.kit, options);
      const unit = await writeUnit(ready, scope, options);
      const space = await spaceOfFiles([tools.system.disk, disk.path, unit]);
      const model: Model = { tools, ready, unit, image: disk.path, space };
      const recorded = machineFor(model, ready.workload.limits, await scope.freePort());
      return {
        commandLine: [path.basename(tools.qemu), ...fullArguments(recorded, { kind: 'terminal' })],
        accelerator: tools.choice.accelerator,
        start: (limits, mark, scope) => startInstance(model, limits, mark, scope),
      };
    },
  };
}

/** Everything that the instances of one workload share. */
interface Model {
  tools: Equipment;
  ready: ReadyWorkload;
  unit: string;
  image: string;
  /** of the system's disk, which holds its kernel too, the image's and the unit's */
  space: FileSpace;
}

const sectorBytes = 512;

/** Kept, so that the command line that a run records can still be run by hand later. */
async function writeUnit(
  ready: ReadyWorkload,
  scope: RunScope,
  { cacheFolder, exportImage }: VmOptions,
): Promise<string> {
  const { image, workload } = ready;
  const accounts = await accountFiles(await exportImage(ready, scope));
  const text = applicationUnit(image, resolveAccount(image.user, accounts), workload.name);
  const file = path.join(
    cacheFolder,
    'units',
    `${createHash('sha256').update(text).digest('hex').slice(0, 24)}.unit`,
  );
  const content = Buffer.from(text);
  const padding = Buffer.alloc(sectorBytes - (content.length % sectorBytes));
  await mkdir(path.dirname(file), { recursive: true });
  await writeFileAtomic(file, Buffer.concat([content, padding]));
  return file;
}

const machineFor = (model: Model, limits: Limits, hostPort: number): FullMachine => ({
  system: model.tools.system.disk,
  image: model.image,
  unit: model.unit,
  memoryBytes: limits.memoryBytes,
  cpus: limits.cpus,
  guestPort: model.ready.image.port,
  hostPort,
  accelerator: model.tools.choice.accelerator,
});

/** A port that was free a moment ago may be taken by the time QEMU listens. */
const portTries = 5;

/** Services of a full system are stopped one by one, which takes seconds where it is emulated. */
const politeMs = 30_000;

async function startInstance(model: Model, limits: Limits, mark: Mark, scope: RunScope): Promise<Instance> {
  const { ledger, signal } = scope;
  for (let tries = 1; ; tries++) {
    const port = await scope.freePort();
    const name = ledger.name('vm');
    const vm = machineFor(model, limits, port);
    const words = await bound([model.tools.qemu, ...fullArguments(vm, { kind: 'inherited', name })]);
    try {
      const machine = await bootMachine({ words, name, ledger, mark, signal, politeMs });
      return instanceOf(machine, model, machineBytes(limits.memoryBytes), port);
    } catch (error) {
      if (!(error instanceof PortTaken) || tries === portTries) throw error;
    }
  }
}

/** The guest's agent is a shell that has to be scheduled among everything else. */
const answerMs = 10_000;

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
  cpuMs: () => Promise.resolve(cpuMs(machine.pid)),
  measure: () => vmMemory(machine.pid, reservedBytes, () => machine.memory(answerMs)),
  balloonUsedBytes: () => machine.balloonUsedBytes(),
  async disk() {
    // QEMU keeps what is written above the system's disk in a file that it has unlinked.
    const written = await namelessBytes(machine.pid);
    return {
      imageBytes: model.ready.image.bytes,
      vmDiskBytes: model.space.bytes,
      vmDiskLogicalBytes: model.space.logicalBytes,
      ...(written !== undefined && { writtenBytes: written }),
    };
  },
  output: () => Promise.resolve(machine.output()),
  stop: () => machine.stop(),
  freezing: { pause: () => machine.pause(), unpause: () => machine.unpause() },
  remains: () => Promise.resolve(machineRemains(machine.pid)),
  [Symbol.asyncDispose]: () => machine.kill(),
});
