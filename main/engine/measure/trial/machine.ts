/** The machine of a round whose instances are in it together: started before the first of them, read after the last, ended when all have. */
import type { Plan } from '../../../contract/plan';
import type { RoundMachine } from '../../../contract/run/run';
import type { Mark, Prepared, SharedMachine } from '../targets/target';
import type { RunScope } from '../../base/scope';
import { patienceFor } from '../workloads/patience';

export interface MachineContext {
  plan: Plan;
  scope: RunScope;
  /** performance.now() at which the run began */
  originMs: number;
}

export interface RunningMachine {
  readonly record: RoundMachine;
  /** see SharedMachine.start. @throws why the machine itself did not come up */
  start: SharedMachine['start'];
  /** reads memory and CPU into the record */
  measure(): Promise<void>;
  /** @throws what keeps it from being ended */
  end(): Promise<void>;
}

/** Undefined where instances of this kind have no machine together. Never rejects: each instance's start tells what went wrong. */
export async function startMachine(
  prepared: Prepared,
  { plan, scope: given, originMs }: MachineContext,
): Promise<RunningMachine | undefined> {
  if (!prepared.openMachine) return undefined;
  const startedAtMs = performance.now();
  const record: RoundMachine = {
    startMs: startedAtMs - originMs,
    phases: [],
    memory: { parts: [], missing: [] },
  };
  const mark: Mark = (name, atMs = performance.now()) => {
    record.phases.push({ name, atMs: atMs - startedAtMs });
    record.phases.sort((a, b) => a.atMs - b.atMs);
  };
  const lastPhase = () => record.phases.at(-1)?.name ?? 'start';
  const patience = patienceFor(plan.readyTimeoutMs, given.signal, lastPhase, startedAtMs);
  mark('start', startedAtMs);
  try {
    const machine = await prepared.openMachine(mark, { ...given, signal: patience.signal });
    record.upMs = performance.now() - startedAtMs;
    return running(machine, record);
  } catch (error) {
    const reason = (patience.signal.aborted ? patience.signal.reason : error) as Error;
    return {
      record,
      start: () => Promise.reject(reason),
      measure: () => Promise.resolve(),
      end: () => Promise.resolve(),
    };
  } finally {
    patience.release();
  }
}

const running = (machine: SharedMachine, record: RoundMachine): RunningMachine => ({
  record,
  start: (workload, mark, scope) => machine.start(workload, mark, scope),
  async measure() {
    const [memory, cpuMs] = await Promise.all([machine.measure(), machine.cpuMs()]);
    record.memory = memory;
    if (cpuMs !== undefined) record.cpuMs = cpuMs;
  },
  async end() {
    try {
      await machine.stop();
    } finally {
      await machine[Symbol.asyncDispose]();
    }
  },
});
