/** Saving a machine: booted with its memory in a file, and written to another one once its application answers. */
import type { Limits, Probe } from '../../../../../contract/plan';
import type { RunScope } from '../../../../base/scope';
import { patienceFor } from '../../../workloads/patience';
import { cpuMs } from '../../../../base/process/cpu';
import { sleep } from '../../../../base/signals';
import { waitReady } from '../../../workloads/readiness';
import type { Mark } from '../../target';
import { machineBytes, value } from '../arguments';
import type { PreparedVm } from '../design';
import type { Machine } from '../machine/machine';
import { startMachine, type MachineStart, type StartedMachine } from '../start';
import type { SavedMemory, SnapshotFiles } from './store';

/** A VM whose machines are saved and resumed. */
export interface SavedVm extends PreparedVm {
  memory: SavedMemory;
}

/** One that is resumed cannot write to the file. */
const uses = { saved: 'share=on', resumed: 'share=off,readonly=on,rom=off' };

/** QEMU's words for a memory that lies in a file; none where it is part of the state. */
export const memoryIn = (
  { memory }: Pick<SavedVm, 'memory'>,
  file: string,
  limits: Limits,
  use: keyof typeof uses,
): string[] =>
  memory === 'copied'
    ? []
    : [
        '-object',
        `memory-backend-file,id=ram,size=${machineBytes(limits.memoryBytes)},mem-path=${value(file)},${uses[use]}`,
        ...['-machine', 'memory-backend=ram'],
      ];

/** The files of a saved machine that QEMU is given: an empty one is of no use to it. */
export const given = (
  { memory: form }: Pick<SavedVm, 'memory'>,
  { state, memory }: SnapshotFiles,
): string[] => (form === 'copied' ? [state] : [memory, state]);

/** How long a machine may take, from its start until its application is worth saving. */
const readyTimeoutMs = 120_000;

/** Boots, waits until the application answers, and saves the machine as it is then. */
export async function saveReady(
  vm: SavedVm,
  limits: Limits,
  scope: RunScope,
  files: SnapshotFiles,
): Promise<void> {
  const { signal } = scope;
  const more: MachineStart['more'] = {
    words: (place) => memoryIn(vm, place(files.memory), limits, 'saved'),
    files: new Map(given(vm, files).map((file) => [file, 'write'])),
  };
  const boot = (mark: Mark, patience: AbortSignal) =>
    startMachine(vm, { limits, mark, more, scope: { ...scope, signal: patience } });
  const machine = await bootReady(boot, vm.ready.workload.probe, signal);
  const abort = () => void machine.kill().catch(() => undefined); // the one below tells
  signal.addEventListener('abort', abort, { once: true });
  try {
    await quiet(machine.pid, signal);
    await machine.save(files.state);
  } finally {
    signal.removeEventListener('abort', abort);
    await machine.kill();
    signal.throwIfAborted();
  }
}

/** What a machine has worked so far. */
function work(pid: number): { cpuMs?: number } {
  const usedMs = cpuMs(pid);
  return usedMs === undefined ? {} : { cpuMs: usedMs };
}

const lookMs = 50;
const tickMs = 10;
/** so many looks in a row at which it had used no processor time, or one tick for what idles */
const quietLooks = 6;
const mostLooks = 100;

/**
 * Waits until the machine has nothing left to do, such as to end the tries at its application: it would go on with that at each start,
 * before it does what it is resumed for. One that is never quiet is saved as it is after 5 s.
 */
async function quiet(pid: number, signal: AbortSignal): Promise<void> {
  const used: number[] = [];
  while (used.length < mostLooks) {
    used.push(work(pid).cpuMs ?? 0);
    const before = used.at(-1 - quietLooks);
    if (before !== undefined && used.at(-1)! - before <= tickMs) return;
    await sleep(lookMs, signal);
  }
}

/**
 * Boots and waits for the first good answer, both together within `limitMs`: a guest may hang before there is anything to ask.
 * @throws {TareError} `not-ready` · `ended-early`; what `boot` throws; the reason of `stop`. The machine is gone by then.
 */
export async function bootReady(
  boot: (mark: Mark, signal: AbortSignal) => Promise<StartedMachine>,
  probe: Probe,
  stop: AbortSignal,
  limitMs = readyTimeoutMs,
): Promise<Machine> {
  let lastPhase = 'start';
  const patience = patienceFor(limitMs, stop, () => lastPhase);
  let machine: Machine | undefined;
  try {
    const started = await boot((phase) => (lastPhase = phase), patience.signal);
    machine = started.machine;
    void machine.ended.then((ending) => patience.giveUp({ code: 'ended-early', ...ending }));
    const { pid } = started.machine;
    const asked = { host: '127.0.0.1', port: started.ports[0], read: () => Promise.resolve(work(pid)) };
    await waitReady(asked, probe, patience.signal, patience.attempts);
    return machine;
  } catch (error) {
    await machine?.kill();
    throw patience.signal.aborted ? patience.signal.reason : error;
  } finally {
    patience.release();
  }
}
