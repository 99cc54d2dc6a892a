/**
 * The target `vm:snapshot`: the machine of `vm:micro`, saved once it was ready, and resumed for each start. What is measured is
 * the return of a machine that has already booted and already served, not a boot.
 */
import type { Limits, Probe } from '../../../../contract/plan';
import { TareError } from '../../../errors';
import { steps } from '../../../steps';
import { patienceFor } from '../../../workloads/patience';
import { waitReady } from '../../../workloads/readiness';
import type { Instance, Mark } from '../../target';
import type { RunScope } from '../../../scope';
import { micro } from '../kernel/booted';
import {
  createVmTarget,
  instanceOf,
  makeModel,
  recordedLine,
  startMachine,
  type Model,
  type Reached,
  type VmDesign,
  type VmOptions,
  type VmTarget,
} from '../design';
import { machineBytes, value } from '../arguments';
import { bootMachine, resumeMachine, type Machine } from '../machine/machine';
import { scriptedLoad } from '../machine/migration';
import { resumableMicrovm } from '../profiles';
import { machineRemains } from '../machine/remains';
import { findSnapshot, keepSnapshot, snapshotKey, type Snapshot, type SnapshotFiles } from './store';

const design: VmDesign = { ...micro, id: 'vm:snapshot', profile: resumableMicrovm };

/**
 * The guest's memory lies in a file and is no part of the saved state. A resumed machine maps it for itself: a page is read when
 * the guest first touches it, and what it writes stays its own, so any number may run from one file. Reading all of it before
 * the machine runs would cost 25 ms and 25 MB more.
 */
const memoryIn = (file: string, limits: Limits, share: 'on' | 'off'): string[] => [
  ...[
    '-object',
    `memory-backend-file,id=ram,size=${machineBytes(limits.memoryBytes)},mem-path=${value(file)},share=${share}`,
  ],
  ...['-machine', 'memory-backend=ram'],
];

/** How long a machine may take, from its start until its application is worth saving. */
const readyTimeoutMs = 120_000;

export function createSnapshotTarget(options: VmOptions): VmTarget {
  return createVmTarget(design, options, async (ready, scope) => {
    const model = await makeModel(design, options, ready, scope);
    const { limits } = ready.workload;
    const snapshot = await snapshotOf(model, limits, options, scope);
    return {
      commandLine: scriptedLoad(
        [
          ...recordedLine(model, limits, await scope.freePort(), { kind: 'scripted' }),
          ...memoryIn(snapshot.memory, limits, 'off'),
        ],
        snapshot.state,
      ),
      accelerator: model.tools.choice.accelerator,
      async start(asked, mark, scope) {
        const same = asked.memoryBytes === limits.memoryBytes && asked.cpus === limits.cpus;
        // Another size is another machine, which is saved now and makes this start a long one.
        return resume(
          model,
          asked,
          same ? snapshot : await snapshotOf(model, asked, options, scope),
          mark,
          scope,
        );
      },
    };
  });
}

async function resume(
  model: Model,
  limits: Limits,
  snapshot: Snapshot,
  mark: Mark,
  scope: RunScope,
): Promise<Instance> {
  const { ledger, signal } = scope;
  try {
    const more = [...memoryIn(snapshot.memory, limits, 'off'), '-incoming', 'defer'];
    const reached = await startMachine(model, limits, scope, more, (words, name) =>
      resumeMachine({ words, name, ledger, mark, signal }, snapshot.state),
    );
    const instance = instanceOf(reached, model, limits);
    return {
      ...instance,
      disk: async () => ({ ...(await instance.disk()), snapshotBytes: snapshot.bytes }),
      // The guest's memory is mapped from a file that stays for the next start: it is not this machine's.
      remains: () => Promise.resolve(machineRemains(reached.machine.pid, snapshot.memory)),
    };
  } catch (error) {
    // QEMU could not make sense of it, whatever its checksum says: the next start saves another one.
    if (error instanceof TareError && error.failure.code === 'program-failed') await snapshot.discard();
    throw error;
  }
}

/** The saved machine of these limits, made now if there is none or if it is damaged. */
async function snapshotOf(
  model: Model,
  limits: Limits,
  options: VmOptions,
  scope: RunScope,
): Promise<Snapshot> {
  const key = await snapshotKey({
    words: recordedLine(model, limits, 0),
    qemu: model.tools.qemu,
    qemuVersion: model.tools.choice.qemuVersion,
    kernelVersion: model.tools.system.version,
  });
  const known = await findSnapshot(options.cacheFolder, key);
  if (known) return known;
  const step = steps(scope, 'snapshot', model.ready.image.reference);
  const snapshot = await keepSnapshot(options.cacheFolder, key, limits.memoryBytes, scope.ledger, (files) =>
    saveReady(model, limits, scope, files),
  );
  step.done();
  return snapshot;
}

/** Boots, waits until the application answers, and saves the machine as it is then. */
async function saveReady(model: Model, limits: Limits, scope: RunScope, files: SnapshotFiles): Promise<void> {
  const { ledger, signal } = scope;
  const memory = memoryIn(files.memory, limits, 'on');
  const boot = (mark: Mark, patience: AbortSignal) =>
    startMachine(model, limits, scope, memory, (words, name) =>
      bootMachine({ words, name, ledger, mark, signal: patience }),
    );
  const machine = await bootReady(boot, model.ready.workload.probe, signal);
  const abort = () => void machine.kill().catch(() => undefined); // the one below tells
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    await machine.save(files.state);
  } finally {
    signal.removeEventListener('abort', abort);
    await machine.kill();
    signal.throwIfAborted();
  }
}

/**
 * Boots and waits for the first good answer, both together within `limitMs`: a guest may hang before there is anything to ask.
 * @throws {TareError} `not-ready` · `ended-early`; what `boot` throws; the reason of `stop`. The machine is gone by then.
 */
export async function bootReady(
  boot: (mark: Mark, signal: AbortSignal) => Promise<Reached>,
  probe: Probe,
  stop: AbortSignal,
  limitMs = readyTimeoutMs,
): Promise<Machine> {
  let lastPhase = 'start';
  const patience = patienceFor(limitMs, stop, () => lastPhase);
  let machine: Machine | undefined;
  try {
    const reached = await boot((phase) => (lastPhase = phase), patience.signal);
    machine = reached.machine;
    void machine.ended.then((ending) => patience.giveUp({ code: 'ended-early', ...ending }));
    await waitReady({ host: '127.0.0.1', port: reached.port }, probe, patience.signal, patience.attempts);
    return machine;
  } catch (error) {
    await machine?.kill();
    throw patience.signal.aborted ? patience.signal.reason : error;
  } finally {
    patience.release();
  }
}
