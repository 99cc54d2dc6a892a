/** The rounds of a plan, group by group, until all are made, the budget is spent, or everything is known well enough. */
import { mostFailures, pairKey, roundsOf } from '../../../contract/planning';
import type { Trial } from '../../../contract/run/run';
import { sleep } from '../../base/signals';
import type { Turn } from '../trial/trial';
import { measureGroup } from './group';
import { startOf, type Measuring } from './measuring';
import { schedule, warmups } from './schedule';
import { Pace } from './stopping';

const keyOf = ({ workload, target }: Turn): string => pairKey(workload.name, target);

/** Keeps each group on disk as it comes. @throws the signal's reason when the user stops */
export async function measureRounds(measuring: Measuring): Promise<void> {
  const { run, emit, scope, sampler, writer, originMs } = measuring;
  const { plan } = run;
  const pace = new Pace(run, originMs);
  emit(startOf(run, pace.of));
  const failedInARow = new Map<string, number>();
  let done = 0;
  const ended = (trial: Trial, warmup: boolean) => {
    const failed = trial.outcome !== 'ok';
    const pair = pairKey(trial.workload, trial.target);
    failedInARow.set(pair, failed ? (failedInARow.get(pair) ?? 0) + 1 : 0);
    (warmup && !failed ? run.warmups : run.trials).push(trial);
    done += 1;
    emit({ kind: 'trial-ended', run: run.id, trial, warmup, done, of: pace.of });
  };
  for (const group of [...warmups(plan), ...schedule(plan, roundsOf(plan))]) {
    scope.signal.throwIfAborted();
    const [{ round: index }] = group as [Turn];
    const warmup = index < 0;
    if (pace.isOver(index)) break;
    const turns = group.filter((turn) => (failedInARow.get(keyOf(turn)) ?? 0) < mostFailures);
    if (turns.length === 0) continue;
    await measuring.look();
    const { trials, round } = await measureGroup(turns, measuring, warmup);
    for (const trial of trials) ended(trial, warmup);
    if (round && !warmup) run.rounds.push(round);
    run.samplerLoad = sampler.ownLoad();
    await writer.save(run);
    await sleep(plan.coolDownMs, scope.signal);
  }
}
