/**
 * The target `vm:snapshot`: the machine of `vm:micro`, saved once it was ready, and resumed for each start. What is measured is
 * the return of a machine that has already booted and already served, not a boot.
 */
import type { Limits } from '../../../../contract/plan';
import { TareError } from '../../../errors';
import type { RunScope } from '../../../scope';
import { steps } from '../../../steps';
import type { Instance } from '../../target';
import type { PreparedVm, StartUp, VmDesign } from '../design';
import { kernelVm, micro } from '../kernel/design';
import { resumeMachine } from '../machine/machine';
import { scriptedLoad } from '../machine/migration';
import { machineRemains } from '../machine/remains';
import { resumableMicrovm } from '../profiles';
import { instanceOf, recordedLine, startMachine, type MachineStart } from '../start';
import { memoryIn, saveReady } from './save';
import { findSnapshot, keepSnapshot, snapshotKey, type Snapshot } from './store';

/** Each machine is the saved one, resumed. */
const resumes: StartUp = async (vm, { cacheFolder }, scope) => {
  const { limits } = vm.ready.workload;
  const snapshot = await snapshotOf(vm, limits, cacheFolder, scope);
  const line = recordedLine(vm, limits, await scope.freePort(), { kind: 'scripted' });
  return {
    commandLine: scriptedLoad([...line, ...memoryIn(snapshot.memory, limits, 'resumed')], snapshot.state),
    async start(asked, mark, scope) {
      const same = asked.memoryBytes === limits.memoryBytes && asked.cpus === limits.cpus;
      // Another size is another machine, which is saved now and makes this start a long one.
      const saved = same ? snapshot : await snapshotOf(vm, asked, cacheFolder, scope);
      return resume(vm, saved, { limits: asked, mark, scope });
    },
  };
};

export const snapshot: VmDesign = {
  ...kernelVm({ ...micro, profile: resumableMicrovm }),
  startUp: resumes,
};

async function resume(vm: PreparedVm, snapshot: Snapshot, start: MachineStart): Promise<Instance> {
  const { limits } = start;
  try {
    const more: MachineStart['more'] = {
      words: (place) => [...memoryIn(place(snapshot.memory), limits, 'resumed'), '-incoming', 'defer'],
      files: new Map([snapshot.memory, snapshot.state].map((file) => [file, 'read'])),
    };
    const started = await startMachine(vm, { ...start, more }, (order) =>
      resumeMachine(order, snapshot.state),
    );
    const instance = instanceOf(started, vm, limits);
    return {
      ...instance,
      disk: async () => ({ ...(await instance.disk()), snapshotBytes: snapshot.bytes }),
      // The guest's memory is mapped from a file that stays for the next start: it is not this machine's.
      remains: () => Promise.resolve(machineRemains(started.machine.pid, snapshot.memory)),
    };
  } catch (error) {
    // QEMU could not make sense of it, whatever its checksum says: the next start saves another one.
    if (error instanceof TareError && error.failure.code === 'program-failed') await snapshot.discard();
    throw error;
  }
}

/** The saved machine of these limits, made now if there is none or if it is damaged. */
async function snapshotOf(
  vm: PreparedVm,
  limits: Limits,
  cacheFolder: string,
  scope: RunScope,
): Promise<Snapshot> {
  const key = await snapshotKey({
    words: recordedLine(vm, limits, 0),
    qemu: vm.qemu,
    qemuVersion: vm.choice.qemuVersion,
    kernelVersion: vm.system.version,
  });
  const known = await findSnapshot(cacheFolder, key);
  if (known) return known;
  const step = steps(scope, 'snapshot', vm.ready.image.reference);
  const snapshot = await keepSnapshot(cacheFolder, key, limits.memoryBytes, scope.ledger, (files) =>
    saveReady(vm, limits, scope, files),
  );
  step.done();
  return snapshot;
}
