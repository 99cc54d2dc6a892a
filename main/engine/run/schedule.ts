import { groupsOf, isTogether, warmupPlan } from '../../contract/planning';
import type { Plan } from '../../contract/plan';
import { shuffle } from '../statistics/random';
import type { Turn } from '../trial/trial';

/** Turns that are up at the same time. */
export type Group = Turn[];

/**
 * The order of a plan's rounds: what drifts (clock speed, caches, neighbours) must not favour a target, so targets
 * alternate within each round, in a seeded order that is reversed in the second of each pair of rounds (ABBA). Of more than two
 * targets each pair of rounds has an order of its own: else one of them would always follow the same other, with what that leaves behind.
 */
export function schedule(plan: Plan, rounds = plan.trials): Group[] {
  const isOfTwo = plan.targets.length <= 2;
  return Array.from({ length: rounds }, (_, round): Group[] => {
    const targets = shuffle(plan.targets, plan.seed + (isOfTwo ? 0 : Math.floor(round / 2)));
    const order = round % 2 === 0 ? targets : targets.reverse();
    const workloads = isTogether(plan) ? plan.workloads : shuffle(plan.workloads, plan.seed + round + 1);
    const groups = groupsOf({ ...plan, targets: order, workloads });
    return groups.map((group) => group.map((pair) => ({ ...pair, round })));
  }).flat();
}

export const warmups = (plan: Plan): Group[] =>
  schedule(warmupPlan(plan), plan.warmups).map((group) =>
    group.map((turn) => ({ ...turn, round: turn.round - plan.warmups })),
  );
