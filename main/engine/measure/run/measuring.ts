/** What a run's trials share while they are measured, and the one way in which each of them begins. */
import type { TareEvent } from '../../../contract/events';
import { pairKey, trialId, type Pair } from '../../../contract/planning';
import type { Run } from '../../../contract/run/run';
import { keptPlan } from '../../results/history/kept';
import type { RunWriter } from '../../results/history/store';
import type { Clients } from '../load/clients';
import type { Sampler } from '../sampling/sampler';
import type { RunScope } from '../../base/scope';
import type { Prepared } from '../targets/target';
import type { DropCached } from './coldStarts';
import type { HostAccounts } from './engineMachine';
import { startTrial, type RunningTrial, type Turn } from '../trial/trial';

export interface Measuring {
  run: Run;
  /** by the pair's key */
  prepared: ReadonlyMap<string, Prepared>;
  /** what loads the instances */
  clients: Clients;
  scope: RunScope;
  writer: RunWriter;
  emit: (event: TareEvent) => void;
  sampler: Sampler;
  /** performance.now() at which the run began */
  originMs: number;
  accounts: HostAccounts;
  /** where starts are to be cold */
  dropCached?: DropCached;
  /** looks for what of the host has changed; to be called while no instance is up */
  look(): Promise<void>;
}

/** A run's beginning as others are told of it: without the values in its plan. */
export const startOf = ({ id, plan }: Run, trials: number): TareEvent => ({
  kind: 'run-started',
  run: id,
  plan: keptPlan(plan),
  trials,
});

export const preparedFor = ({ workload, target }: Pair, { prepared }: Measuring): Prepared =>
  prepared.get(pairKey(workload.name, target))!;

/**
 * Starts an instance, tells of it, and has it sampled unless it is a warm-up.
 * @param signal  gives the start up
 * @param start   default: as it was prepared
 * @param isSampled  not where its machine is, of which it is a part
 */
export async function startTurn(
  turn: Turn,
  measuring: Measuring,
  warmup: boolean,
  signal: AbortSignal,
  start?: Prepared['start'],
  isSampled = !warmup,
): Promise<RunningTrial> {
  const { run, scope, emit, sampler, originMs } = measuring;
  const prepared = preparedFor(turn, measuring);
  const id = trialId(turn, turn.round);
  emit({
    kind: 'trial-started',
    run: run.id,
    trial: id,
    workload: turn.workload.name,
    target: turn.target,
    index: turn.round,
    warmup,
    startMs: performance.now() - originMs,
  });
  return startTrial(turn, start ? { ...prepared, start } : prepared, {
    plan: run.plan,
    scope: { ...scope, signal, ...(isSampled && { watch: (started) => sampler.add(id, started) }) },
    originMs,
    onPhase: (trial, phase) => emit({ kind: 'phase', run: run.id, trial, phase }),
    onStarted: (instance) => {
      if (isSampled) sampler.add(id, instance);
    },
    onOutput: (trial, text) => emit({ kind: 'log', run: run.id, trial, text }),
  });
}
