/** How one machine of a prepared VM is started, and what can be asked of it then. */
import path from 'node:path';
import type { Limits } from '../../../../contract/plan';
import { TareError } from '../../../base/errors';
import { imageOnDisk } from '../../../images/image/facts';
import { ProcessCounters } from '../../../base/process/counters';
import { wholeCpuMs } from '../../../base/process/cpu';
import { namelessBytes } from '../../../base/process/proc';
import { bound } from '../../../base/process/programs';
import type { RunScope } from '../../../base/scope';
import type { Instance, Mark, Reading } from '../target';
import {
  machineBytes,
  memoryOf,
  qemuArguments,
  type BootFiles,
  type VirtualMachine,
  type Wires,
} from './arguments';
import { userOf } from './confinement';
import type { MachineParts, StartUp } from './design';
import { stayingBytes, type MemoryLayout } from './hotplug';
import { asTheyAre, lend, type Files, type Place } from './lent';
import { bootMachine, type Machine, type MachineOrder } from './machine/machine';
import { vmMemory, wholeRam, type GuestRam } from './machine/memory';
import { PortTaken } from './machine/process';
import { machineRemains } from './machine/remains';

/** Each machine boots. */
export const boots: StartUp = async (vm, _, scope) => ({
  commandLine: recordedLine(vm, vm.ready.workload.limits, [await scope.freePort()]),
  reads: () => Promise.resolve([...filesOf(vm.files).keys()]),
  start: async (limits, mark, scope) =>
    instanceOf(await startMachine(vm, { limits, mark, scope }), vm, limits),
});

/** What a machine boots and reads, as it is called where it runs. */
const placed = ({ boot, drives }: BootFiles, place: Place): BootFiles => ({
  ...(boot && { boot: { kernel: place(boot.kernel), initrd: place(boot.initrd) } }),
  drives: drives.map((drive) => ({ ...drive, file: place(drive.file) })),
});

/** One for each of its applications, in their order. */
export type HostPorts = readonly [number, ...number[]];

const networkOf = ({ ready, guestPort }: Pick<MachineParts, 'ready' | 'guestPort'>, hostPort: number) => ({
  guestPort,
  hostPort,
  outgoing: ready.workload.openings?.outgoing ?? false,
});

const machineFor = (
  vm: MachineParts,
  limits: Limits,
  [hostPort, ...others]: HostPorts,
  place: Place = asTheyAre,
): VirtualMachine => ({
  ...placed(vm.files, place),
  profile: vm.design.profile,
  memoryBytes: limits.memoryBytes,
  cpus: limits.cpus,
  ...networkOf(vm, hostPort),
  ...(vm.beside && {
    beside: vm.beside.map((ready, at) => networkOf({ ready, guestPort: ready.image.port }, others[at]!)),
  }),
  accelerator: vm.choice.accelerator,
  confinement: vm.choice.confinement,
});

/** The line that a person can paste into a shell. */
export const recordedLine = (
  vm: MachineParts,
  limits: Limits,
  hostPorts: HostPorts,
  wires: Wires = { kind: 'terminal' },
): string[] => {
  const shown = { ...vm, files: { ...vm.files, ...vm.files.shown } };
  return [path.basename(vm.qemu), ...qemuArguments(machineFor(shown, limits, hostPorts), wires)];
};

/** What a machine reads of this computer, and whether it may write to it. */
export const filesOf = ({ boot, drives }: BootFiles): Files =>
  new Map(
    [
      ...(boot ? [boot.kernel, boot.initrd] : []),
      ...drives.filter(({ own }) => !own).map(({ file }) => file),
    ].map((file) => [file, 'read']),
  );

/** Handed over by whoever looked at it, and so the very file that was looked at. */
const ownFilesOf = ({ drives }: BootFiles): Files =>
  new Map(drives.filter(({ own }) => own).map(({ file }) => [file, 'as-it-is']));

/** One start of a machine. */
export interface MachineStart {
  limits: Limits;
  mark: Mark;
  scope: RunScope;
  /** QEMU's words beside those of the VM itself, and the files in them */
  more?: { words: (place: Place) => readonly string[]; files: Files };
}

export interface StartedMachine {
  machine: Machine;
  /** where the host reaches its applications, on the loopback interface */
  ports: HostPorts;
}

/** Each at once, so that none of them is given twice. */
export const freePorts = async (vm: Pick<MachineParts, 'beside'>, scope: RunScope): Promise<HostPorts> => [
  await scope.freePort(),
  ...(await Promise.all((vm.beside ?? []).map(() => scope.freePort()))),
];

/** A port that was free a moment ago may be taken by the time QEMU listens. */
const portTries = 5;

/**
 * Starts one machine, trying other ports when somebody is quicker.
 * @param begin  boots or resumes it
 * @throws {TareError} `program-failed` when each of five ports was taken; as `begin` throws
 */
export async function startMachine(
  vm: MachineParts,
  { limits, mark, scope, more }: MachineStart,
  begin: (order: MachineOrder) => Promise<Machine> = bootMachine,
): Promise<StartedMachine> {
  const { ledger, signal, watch } = scope;
  const { timeouts } = vm.design;
  for (let tries = 1; ; tries++) {
    const ports = await freePorts(vm, scope);
    const name = ledger.name('vm');
    const as = await userOf(vm.choice.confinement, vm.choice.accelerator, ports[0]);
    const hidden = as ? [...filesOf(vm.files), ...(more?.files ?? [])] : [];
    const lent = await lend(new Map([...ownFilesOf(vm.files), ...hidden]));
    try {
      const given = qemuArguments(machineFor(vm, limits, ports, lent.place), { kind: 'inherited', name });
      const words = await bound([vm.qemu, ...given, ...lent.words, ...(more?.words(lent.place) ?? [])], as);
      const order = { words, lent, name, ledger, mark, signal, ...(timeouts && { timeouts }) };
      const machine = await begin(watch ? { ...order, spawned: watchProcess(vm, watch) } : order);
      return { machine, ports };
    } catch (error) {
      if (!(error instanceof PortTaken)) throw error;
      const { message: output } = error;
      if (tries === portTries)
        throw new TareError({ code: 'program-failed', program: 'QEMU', exit: 'port taken', output });
    } finally {
      await lent.close();
    }
  }
}

/** Its resident set lacks the pool's pages, and so its guest: nothing is told rather than that. */
function readingOf({ design }: MachineParts, counters: ProcessCounters): Reading {
  const { residentBytes, cpuMs } = counters.read() ?? {};
  return {
    ...(residentBytes !== undefined && !design.profile.hugePages && { residentBytes }),
    ...(cpuMs !== undefined && { cpuMs }),
  };
}

/** While a machine boots, its resident set grows: two small files of the host, which its guest does not notice. */
const watchProcess =
  (vm: MachineParts, watch: NonNullable<RunScope['watch']>): NonNullable<MachineOrder['spawned']> =>
  (pid, gone) => {
    const counters = new ProcessCounters(pid);
    void gone.then(() => counters.close());
    watch({ read: () => Promise.resolve(readingOf(vm, counters)) });
  };

/** What there is of a machine's memory, and what it can be asked for. */
function guestMemory(
  machine: Machine,
  { bootBytes, plugged }: MemoryLayout,
): { ram: GuestRam; giveBack?: () => Promise<void> } {
  if (!plugged) return { ram: wholeRam(bootBytes) };
  return {
    ram: {
      mappings: [bootBytes, plugged.regionBytes],
      presentBytes: async () => bootBytes + (await machine.pluggedBytes()),
    },
    async giveBack() {
      const inside = (await machine.memory?.()) ?? {};
      const stays = stayingBytes(inside, bootBytes + plugged.bytes, await machine.pluggedBytes());
      await machine.resizePlugged(stays);
    },
  };
}

export function instanceOf(
  { machine, ports: [port] }: StartedMachine,
  vm: MachineParts,
  limits: Limits,
): Instance {
  const { pid, reachable } = machine;
  const { image } = vm.ready;
  const { drives, space, kernelBytes } = vm.files;
  const { ram, giveBack } = guestMemory(machine, memoryOf(vm.design.profile, limits.memoryBytes));
  const counters = new ProcessCounters(pid);
  void machine.gone.then(() => counters.close());
  return {
    host: '127.0.0.1',
    port,
    ...(reachable && { reachable }),
    ended: machine.ended,
    read: () => Promise.resolve(readingOf(vm, counters)),
    cpuMs: () => Promise.resolve(wholeCpuMs(pid)),
    measure: () => vmMemory(pid, machineBytes(limits.memoryBytes), ram, machine.memory),
    ...(giveBack && { giveBack }),
    balloonUsedBytes: () => machine.balloonUsedBytes(),
    async disk() {
      // What is written anywhere else goes to a tmpfs of the guest's: that is memory, and counted there.
      const written = drives.some(({ writes }) => writes === 'aside') ? await namelessBytes(pid) : undefined;
      return {
        ...(image && imageOnDisk(image)),
        vmDiskBytes: space.bytes,
        vmDiskLogicalBytes: space.logicalBytes,
        ...(kernelBytes !== undefined && { kernelBytes }),
        ...(written !== undefined && { writtenBytes: written }),
      };
    },
    output: () => Promise.resolve(machine.output()),
    stop: () => machine.stop(),
    freezing: { pause: () => machine.pause(), unpause: () => machine.unpause() },
    remains: () => Promise.resolve(machineRemains(pid)),
    [Symbol.asyncDispose]: () => machine.kill(),
  };
}
