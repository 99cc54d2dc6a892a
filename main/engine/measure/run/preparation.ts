/** What is made ready once for all trials of a run: images, disks, accelerators, and the record of what they were taken on. */
import { isTogether, pairKey } from '../../../contract/planning';
import { workloadsOn, type Plan } from '../../../contract/plan';
import type { Environment, Run } from '../../../contract/run/run';
import { sharesMachine, type TargetId } from '../../../contract/targets';
import { TareError } from '../../base/errors';
import type { Ready } from '../../images/image/facts';
import type { Clients } from '../load/clients';
import type { Prepared } from '../targets/target';
import type { DropCached } from './coldStarts';

/** A workload that can be started on a target. */
export interface PreparedPair {
  workload: string;
  target: TargetId;
  prepared: Prepared;
}

/** What a run has made for it by the engine that it belongs to. */
export interface Preparation {
  /** removes what would take memory from what is measured */
  clean(): Promise<void>;
  /** the workloads as they were asked for: the record's plan lacks the values of their variables */
  resolve(): Promise<Map<string, Ready>>;
  /** the container engine's other runtimes, as targets */
  runtimes(): Promise<TargetId[]>;
  prepare(ready: Ready, target: TargetId): Promise<Prepared>;
  /** the same for workloads that are in one machine, in their order */
  prepareTogether(all: readonly Ready[], target: TargetId): Promise<Prepared[]>;
  /** what makes starts cold; @throws {TareError} `not-cold` */
  coldStarts(): Promise<DropCached>;
  /** what loads the instances */
  clients(plan: Plan): Promise<Clients>;
  environment(plan: Plan, pairs: PreparedPair[], ready: Map<string, Ready>): Promise<Environment>;
}

/**
 * Makes everything ready. What cannot be used is named in `run.skipped`, `run.plan` keeps the targets that can, and `run.environment` is
 * what they stand on.
 * @returns what to start, by the pair's key
 * @throws {TareError} what stands in the way of a target, unless the plan leaves such a one out
 */
export async function prepareRun(
  run: Run,
  preparation: Preparation,
  signal: AbortSignal,
): Promise<Map<string, Prepared>> {
  const asked = run.plan;
  const ready = await preparation.resolve();
  const others = asked.wholeLadder ? await preparation.runtimes() : [];
  const pairsOn = async (target: TargetId): Promise<PreparedPair[]> => {
    const found: PreparedPair[] = [];
    const workloads = workloadsOn(asked, target).map(({ name }) => name);
    if (isTogether(asked) && sharesMachine(target)) {
      const all = await preparation.prepareTogether(
        workloads.map((workload) => ready.get(workload)!),
        target,
      );
      return workloads.map((workload, place) => ({ workload, target, prepared: all[place]! }));
    }
    for (const workload of workloads) {
      signal.throwIfAborted();
      const prepared = await preparation.prepare(ready.get(workload)!, target);
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
      run.skipped.push({ target, failure: error.failure });
    }
  }
  const targets = [...new Set(pairs.map(({ target }) => target))];
  if (targets.length === 0) throw new TareError(run.skipped[0]!.failure);
  run.plan = { ...asked, targets };
  run.environment = await preparation.environment(run.plan, pairs, ready);
  return new Map(pairs.map(({ workload, target, prepared }) => [pairKey(workload, target), prepared]));
}
