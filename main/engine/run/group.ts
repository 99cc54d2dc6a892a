/** Instances that are up at the same time: started one after the other, read together, stopped together. */
import type { TargetId } from '../../contract/targets';
import type { Round, Run, Trial } from '../../contract/run/run';
import { applyLoad } from '../load/apply';
import { spareBytes } from '../sampling/host';
import type { Sampler } from '../sampling/sampler';
import { engineShareBytes } from '../targets/docker/helperProcesses';
import type { Prepared } from '../targets/target';
import type { RunContext } from './runner';
import { runLifecycle } from './lifecycle';
import type { Group, Turn } from './schedule';
import { soak, startTrial, trialId, type RunningTrial, type TrialContext } from './trial';

export interface GroupContext {
  run: Run;
  prepared: Map<string, Prepared>;
  context: RunContext;
  sampler: Sampler;
  originMs: number;
}

/** Names a workload on a target. */
export const pairOf = (turn: { workload: { name: string } | string; target: TargetId }): string =>
  `${typeof turn.workload === 'string' ? turn.workload : turn.workload.name} ${turn.target}`;

/** What the host had before a round, as far as it could be read. */
interface Before {
  spare: number | undefined;
  engine: number | undefined;
}

/** Starts the group's instances one after the other, lets them soak together, measures them all, then stops them all. */
export async function measureGroup(
  group: Group,
  within: GroupContext,
  warmup: boolean,
): Promise<{ trials: Trial[]; round?: Round }> {
  const { context, sampler } = within;
  const { plan, scope } = context;
  const running: RunningTrial[] = [];
  const before = await hostNow(within.run);
  let round: Round | undefined;
  try {
    for (const turn of group) {
      if (scope.signal.aborted) break;
      running.push(await startTurn(turn, within, warmup, scope.signal));
    }
    if (!warmup) await soak(running, plan.soakMs, scope.signal);
    // The host's own books first: reading the instances' takes a while, in which other things change.
    const after = await hostNow(within.run);
    for (const trial of running) await trial.measure();
    round = { target: group[0]!.target, index: group[0]!.round, ...changes(before, after) };
    if (!warmup && plan.load) for (const trial of running) await applyLoad(trial, plan, scope.signal);
  } catch (error) {
    running.forEach((trial) => trial.fail(error));
  }
  for (const trial of running) {
    sampler.remove(trial.record.id);
    await trial.end();
  }
  if (!warmup && plan.lifecycle) await addLives(group, running, within);
  if (round && before.spare !== undefined) {
    const left = await spareBytes();
    if (left !== undefined) round.keptBytes = before.spare - left;
  }
  return { trials: running.map(({ record }) => record), ...(round && { round }) };
}

/** Only once all is stopped: a life takes memory and processors of its own. */
async function addLives(
  group: Group,
  ended: RunningTrial[],
  { prepared, context }: GroupContext,
): Promise<void> {
  const { plan, scope } = context;
  for (const turn of group) {
    const trial = ended.find(({ record }) => record.id === trialId(turn));
    if (trial?.record.outcome !== 'ok' || scope.signal.aborted) continue;
    try {
      trial.record.lifecycle = await runLifecycle(turn, prepared.get(pairOf(turn))!, plan, scope);
    } catch (error) {
      // A stop in the middle of a life leaves the trial as it was; what could not be removed is in the way of all that follow.
      if (error !== scope.signal.reason) trial.fail(error);
    }
  }
}

/** Only where instances are up together are the books closed: it costs a look at every process. */
async function hostNow({ plan, environment }: Run): Promise<Before> {
  const isTogether = plan.arrangement === 'together';
  const engine = isTogether ? await engineShareBytes(environment.engine?.name) : undefined;
  return {
    spare: await spareBytes(),
    engine: engine && 'bytes' in engine ? engine.bytes : undefined,
  };
}

const changes = (before: Before, after: Before): Pick<Round, 'hostChangeBytes' | 'engineChangeBytes'> => ({
  ...(before.spare !== undefined &&
    after.spare !== undefined && { hostChangeBytes: before.spare - after.spare }),
  ...(before.engine !== undefined &&
    after.engine !== undefined && { engineChangeBytes: after.engine - before.engine }),
});

/** @param signal  gives the start up */
export async function startTurn(
  turn: Turn,
  { run, prepared, context, sampler, originMs }: GroupContext,
  warmup: boolean,
  signal: AbortSignal,
): Promise<RunningTrial> {
  const { plan, scope, emit } = context;
  const trialContext: TrialContext = {
    plan,
    scope: { ...scope, signal },
    originMs,
    onPhase: (trial, phase) => emit({ kind: 'phase', run: run.id, trial, phase }),
    onStarted: (instance, id) => {
      if (!warmup) sampler.add(id, instance);
    },
    onOutput: (trial, text) => emit({ kind: 'log', run: run.id, trial, text }),
  };
  emit({
    kind: 'trial-started',
    run: run.id,
    trial: trialId(turn),
    workload: turn.workload.name,
    target: turn.target,
    index: turn.round,
    warmup,
    startMs: performance.now() - originMs,
  });
  return startTrial(turn, prepared.get(pairOf(turn))!, trialContext);
}
