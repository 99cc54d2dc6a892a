/** A density plan's ladders, one after the other: they must not share the host. */
import type { TareEvent } from '../../../contract/events';
import { pairKey, trialsOf } from '../../../contract/planning';
import type { DensityPlan } from '../../../contract/plan';
import type { Run, Trial } from '../../../contract/run/run';
import { sleep } from '../../base/signals';
import type { RunningTrial, Turn } from '../trial/trial';
import { startOf } from '../run/measuring';
import { climb, emptyLadder } from './climb';
import type { HostCapacity } from './hostCapacity';

export interface DensityContext {
  run: Run;
  plan: DensityPlan;
  /** every pair of the plan once per ladder, in the order in which they are climbed */
  turns: readonly Turn[];
  host: HostCapacity;
  signal: AbortSignal;
  emit: (event: TareEvent) => void;
  start: (turn: Turn, warmup: boolean, signal: AbortSignal) => Promise<RunningTrial>;
  /** told when an instance is about to end, so that nothing reads a dying process */
  ending: (trial: string) => void;
  save: () => Promise<void>;
}

/**
 * Climbs every ladder of the plan into `run.density`. Each pair's first begins with a start that is not counted, which fills the caches
 * that the first instance would otherwise pay for.
 * @throws {TareError} when the user stops; what went wrong with an instance is in its record
 */
export async function climbAll(context: DensityContext): Promise<void> {
  const { run, plan, turns, signal, emit } = context;
  const fromMs = performance.now();
  const progress = { done: 0, of: trialsOf(plan) };
  const ended = (warmup: boolean) => (trial: Trial) => {
    progress.done += 1;
    progress.of = Math.max(progress.of, progress.done);
    (warmup && trial.outcome === 'ok' ? run.warmups : run.trials).push(trial);
    emit({ kind: 'trial-ended', run: run.id, trial, warmup, ...progress });
  };
  emit(startOf(run, progress.of));
  run.density = [];
  const isOver = () => plan.budgetMs !== undefined && performance.now() - fromMs > plan.budgetMs;
  const hopeless = new Set<string>();
  for (const turn of turns) {
    signal.throwIfAborted();
    const { workload, target, round } = turn;
    const pair = pairKey(workload.name, target);
    if (hopeless.has(pair)) continue; // it would fail as slowly again
    if (round > 0 && isOver()) break;
    if (plan.warmups > 0 && round === 0) {
      const warmup = await context.start({ ...turn, round: -1 }, true, signal);
      context.ending(warmup.record.id);
      ended(true)(await warmup.end());
      await sleep(plan.coolDownMs, signal);
      if (warmup.record.failure) {
        hopeless.add(pair);
        continue;
      }
    }
    const ladder = emptyLadder(workload, target, round);
    run.density.push(ladder);
    await climb(ladder, workload, plan, {
      host: context.host,
      signal,
      ending: context.ending,
      // only the last ladder of a pair may go on beyond `most`, so that no number comes twice
      start: (index, patience) =>
        context.start({ ...turn, round: round * plan.density.most + index }, false, patience),
      ended: ended(false),
      isOver,
    });
    if (ladder.reached === 0) hopeless.add(pair);
    await context.save();
    await sleep(plan.coolDownMs, signal);
  }
}
