import { isOn, workloadsOn, type Plan, type Workload } from '../../contract/plan';
import type { TargetId } from '../../contract/targets';
import { shuffle } from '../statistics/random';

/** One start of one workload on one target. */
export interface Turn {
  round: number;
  target: TargetId;
  workload: Workload;
}

/** Turns that are up at the same time: one when the plan says `alone`, all workloads of a target when it says `together`. */
export type Group = Turn[];

/**
 * The order of a plan's rounds: what drifts (clock speed, caches, neighbours) must not favour a target, so targets
 * alternate within each round, in a seeded order that is reversed every other round (ABBA).
 */
export function schedule(plan: Plan, rounds = plan.trials): Group[] {
  const targets = shuffle(plan.targets, plan.seed);
  const groups: Group[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? targets : [...targets].reverse();
    const workloads = shuffle(plan.workloads, plan.seed + round + 1);
    if (plan.arrangement === 'together') {
      for (const target of order)
        groups.push(workloadsOn(plan, target).map((workload) => ({ round, target, workload })));
    } else {
      for (const workload of workloads)
        for (const target of order) if (isOn(workload, target)) groups.push([{ round, target, workload }]);
    }
  }
  return groups.filter((group) => group.length > 0);
}
