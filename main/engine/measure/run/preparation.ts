/** What is made ready once for all trials of a run: images, disks, accelerators, and the record of what they were taken on. */
import { isTogether, pairKey } from '../../../contract/planning';
import { workloadsOn, type Plan } from '../../../contract/plan';
import type { Environment, Run } from '../../../contract/run/run';
import { sharesMachine, type TargetId } from '../../../contract/targets';
import { TareError } from '../../base/errors';
import type { Prepared } from '../targets/target';
import type { PreparedPair } from './environment';
import type { RunServices } from './services';

/** What of a plan can be run here, and what it stands on. */
export interface PreparedPlan {
  /** with the targets that can be used */
  plan: Plan;
  environment: Environment;
  /** what to start, by the pair's key */
  prepared: Map<string, Prepared>;
}

/**
 * Makes everything ready.
 * @param skipped  targets that cannot be used are noted in it, where the plan leaves such out
 * @throws {TareError} what stands in the way of a target, unless the plan leaves such a one out
 */
export async function preparePlan(
  asked: Plan,
  skipped: Run['skipped'],
  services: RunServices,
  signal: AbortSignal,
): Promise<PreparedPlan> {
  const ready = await services.resolve(asked);
  const others = asked.wholeLadder ? await services.runtimes() : [];
  const pairsOn = async (target: TargetId): Promise<PreparedPair[]> => {
    const found: PreparedPair[] = [];
    const workloads = workloadsOn(asked, target).map(({ name }) => name);
    if (isTogether(asked) && sharesMachine(target)) {
      const all = await services.prepareTogether(
        workloads.map((workload) => ready.get(workload)!),
        target,
      );
      return workloads.map((workload, place) => ({ workload, target, prepared: all[place]! }));
    }
    for (const workload of workloads) {
      signal.throwIfAborted();
      const prepared = await services.prepare(ready.get(workload)!, target);
      if (asked.cold) await prepared.reads(); // one that cannot be cold is not held against those that are
      found.push({ workload, target, prepared });
    }
    return found;
  };
  const pairs: PreparedPair[] = [];
  for (const target of new Set([...asked.targets, ...others])) {
    try {
      pairs.push(...(await pairsOn(target)));
    } catch (error) {
      if (!(asked.wholeLadder || asked.skipUnusable) || !(error instanceof TareError)) throw error;
      skipped.push({ target, failure: error.failure });
    }
  }
  const targets = [...new Set(pairs.map(({ target }) => target))];
  if (targets.length === 0) throw new TareError(skipped[0]!.failure);
  const plan = { ...asked, targets };
  return {
    plan,
    environment: await services.environment(plan, pairs, ready),
    prepared: new Map(pairs.map(({ workload, target, prepared }) => [pairKey(workload, target), prepared])),
  };
}
