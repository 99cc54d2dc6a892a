/**
 * The target `vm:shared`: all workloads of a plan in one machine, as clouds run containers: each in namespaces of its own and in a control
 * group with its limits, under one guest kernel, with a network card of its own. The guest's first program does that; there is no
 * container engine inside.
 */
import { TareError } from '../../../../base/errors';
import { diskMakers } from '../../../../images/disk/disk';
import { commandOf, withImage, type Ready, type ReadyWorkload } from '../../../../images/image/facts';
import { needProgram } from '../../../../base/process/programs';
import type { RunScope } from '../../../../base/scope';
import type { Instance, Prepared, SharedMachine, Target } from '../../target';
import type { VmOptions } from '../design';
import { openEmulator } from '../emulator';
import { distributionKernel } from '../kernel/kernels';
import { usualBoard } from '../profiles';
import { filesOf, freePorts, recordedLine } from '../start';
import { sharedFiles } from './files';
import { limitsOfAll, openSharedMachine, type PreparedShared } from './machine';

const id = 'vm:shared';

/** A disk and a card for each, and the machine's own devices: there are 32 slots for them. */
const mostApplications = 12;

async function equip(options: VmOptions, signal: AbortSignal) {
  const { qemu, kit, choice } = await openEmulator(options, signal);
  await needProgram(diskMakers.erofs);
  return { qemu, choice, kit, kernel: await distributionKernel(kit, options) };
}

async function prepareShared(
  all: readonly ReadyWorkload[],
  options: VmOptions,
  scope: RunScope,
): Promise<PreparedShared> {
  if (all.length > mostApplications)
    throw new TareError({ code: 'target-unsupported', target: id, reason: 'too-many-applications' });
  all.forEach(({ image }) => commandOf(image));
  const { qemu, choice, kit, kernel } = await equip(options, scope.signal);
  const { files, disks } = await sharedFiles({ all, kit, kernel, options, scope });
  const [ready, ...beside] = all as [ReadyWorkload, ...ReadyWorkload[]];
  const system = { version: kernel.version, filesFor: () => Promise.resolve(files) };
  const design = { profile: usualBoard, programs: [], openSystem: () => Promise.resolve(system) };
  return {
    vm: { ready, guestPort: ready.image.port, beside, design, qemu, choice, system, files },
    all,
    disks,
  };
}

export function createSharedTarget(options: VmOptions): Target {
  const prepareTogether = async (given: readonly Ready[], scope: RunScope): Promise<Prepared[]> => {
    const all = given.map((ready) => withImage(id, ready));
    const shared = await prepareShared(all, options, scope);
    const { vm } = shared;
    const commandLine = recordedLine(vm, limitsOfAll(all), await freePorts(vm, scope));
    const openMachine: NonNullable<Prepared['openMachine']> = (mark, scope) =>
      openSharedMachine(shared, mark, scope);
    return all.map(({ workload: { name } }, place) => ({
      commandLine,
      accelerator: vm.choice.accelerator,
      openMachine,
      reads: () => Promise.resolve([...filesOf(vm.files).keys()]),
      async start(_, mark, scope) {
        const machine = await openMachine(mark, scope);
        try {
          return alone(machine, await machine.start(name, mark, scope));
        } catch (error) {
          await machine[Symbol.asyncDispose]();
          throw error;
        }
      },
      ...(place === 0 && vm.files.release && { release: vm.files.release }),
    }));
  };
  return {
    id,
    check: async (signal) => void (await equip(options, signal)),
    prepareTogether,
    prepare: async (ready, scope) => (await prepareTogether([ready], scope))[0]!,
  };
}

/** An instance that has the machine for itself: what that takes is its own. */
const alone = (machine: SharedMachine, instance: Instance): Instance => ({
  ...instance,
  read: () => machine.read(),
  cpuMs: () => machine.cpuMs(),
  measure: () => machine.measure(),
  async stop() {
    const how = await instance.stop();
    await machine.stop();
    return how;
  },
  [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose](),
});
