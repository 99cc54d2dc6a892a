/**
 * The target `vm:snapshot`: the machine of `vm:micro`, saved once it was ready, and resumed for each start. What is measured is
 * the return of a machine that has already booted and already served, not a boot.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Limits } from '../../../../../contract/plan';
import { TareError } from '../../../../base/errors';
import type { RunScope } from '../../../../base/scope';
import { steps } from '../../../../base/steps';
import type { Instance } from '../../target';
import type { StartUp, VmDesign } from '../design';
import { isGiven, passingFile, type PassingFile } from '../given';
import { kernelVm, micro } from '../kernel/design';
import { resumeMachine } from '../machine/machine';
import { scriptedLoad } from '../machine/migration';
import { machineRemains } from '../machine/remains';
import { resumableMicrovm } from '../profiles';
import { filesOf, instanceOf, recordedLine, startMachine, type MachineStart } from '../start';
import { given, memoryIn, saveReady, type SavedVm } from './save';
import {
  findSnapshot,
  keepSnapshot,
  snapshotKey,
  snapshotsFolder,
  type SavedMemory,
  type Snapshot,
} from './store';

/** Each machine is the saved one, resumed. */
const resumes =
  (memory: SavedMemory): StartUp =>
  async (prepared, { cacheFolder }, scope) => {
    const vm: SavedVm = { ...prepared, memory };
    const { limits } = vm.ready.workload;
    const own = isGiven(vm.ready) ? new OwnSnapshots() : undefined;
    const savedWith = (asked: Limits, scope: RunScope) =>
      own ? own.of(vm, asked, cacheFolder, scope) : snapshotOf(vm, asked, cacheFolder, scope);
    const snapshot = await savedWith(limits, scope);
    const line = recordedLine(vm, limits, [await scope.freePort()], { kind: 'scripted' });
    return {
      commandLine: scriptedLoad(
        [...line, ...memoryIn(vm, snapshot.memory, limits, 'resumed')],
        snapshot.state,
      ),
      async start(asked, mark, scope) {
        const same = asked.memoryBytes === limits.memoryBytes && asked.cpus === limits.cpus;
        // Another size is another machine, which is saved now and makes this start a long one.
        const saved = same ? snapshot : await savedWith(asked, scope);
        return resume(vm, saved, { limits: asked, mark, scope });
      },
      reads: () => Promise.resolve([...filesOf(vm.files).keys(), ...given(vm, snapshot)]),
      ...(own && { release: () => own.release() }),
    };
  };

export const snapshotVm = (memory: SavedMemory = 'mapped'): VmDesign => ({
  ...kernelVm({ ...micro, profile: resumableMicrovm }),
  startUp: resumes(memory),
});

async function resume(vm: SavedVm, snapshot: Snapshot, start: MachineStart): Promise<Instance> {
  const { limits } = start;
  try {
    const more: MachineStart['more'] = {
      words: (place) => [...memoryIn(vm, place(snapshot.memory), limits, 'resumed'), '-incoming', 'defer'],
      files: new Map(given(vm, snapshot).map((file) => [file, 'read'])),
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

/**
 * Saved machines whose memory holds the values of a workload's variables, as the application was given them: for one run, and removed with
 * it. By their limits.
 */
class OwnSnapshots {
  private readonly made = new Map<string, Snapshot>();
  private readonly places: PassingFile[] = [];

  async of(vm: SavedVm, limits: Limits, cacheFolder: string, scope: RunScope): Promise<Snapshot> {
    const key = JSON.stringify(limits);
    const known = this.made.get(key);
    if (known) return known;
    const place = await passingFile(snapshotsFolder(cacheFolder), scope.ledger, (folder) =>
      mkdir(folder, { mode: 0o700 }),
    );
    this.places.push(place);
    const snapshot = await saved(vm, limits, cacheFolder, scope, path.join(path.basename(place.path), 'own'));
    this.made.set(key, snapshot);
    return snapshot;
  }

  async release(): Promise<void> {
    for (const place of this.places) await place.release();
  }
}

/** The saved machine of these limits, made now if there is none or if it is damaged. */
async function snapshotOf(
  vm: SavedVm,
  limits: Limits,
  cacheFolder: string,
  scope: RunScope,
): Promise<Snapshot> {
  const key = await snapshotKey({
    words: recordedLine(vm, limits, [0]),
    memory: vm.memory,
    qemu: vm.qemu,
    qemuVersion: vm.choice.qemuVersion,
    kernelVersion: vm.system.version,
  });
  const known = await findSnapshot(cacheFolder, key);
  return known ?? saved(vm, limits, cacheFolder, scope, key);
}

async function saved(
  vm: SavedVm,
  limits: Limits,
  cacheFolder: string,
  scope: RunScope,
  key: string,
): Promise<Snapshot> {
  const step = steps(scope, 'snapshot', vm.ready.image.reference);
  const snapshot = await keepSnapshot(cacheFolder, key, limits.memoryBytes, scope.ledger, (files) =>
    saveReady(vm, limits, scope, files),
  );
  step.done();
  return snapshot;
}
