import { groupsOf, isTogether, warmupPlan } from '../../../contract/planning';
import type { Plan } from '../../../contract/plan';
import { shuffle } from '../../results/statistics/random';
import type { Turn } from '../trial/trial';

/** Turns that are up at the same time. */
export type Group = Turn[];

/**
 * The order of a plan's rounds: what drifts (clock speed, caches, neighbours) must favour neither a target nor a workload, so that both
 * alternate from round to round. What is up together is in the order of the plan.
 */
export function schedule(plan: Plan, rounds = plan.trials): Group[] {
  return Array.from({ length: rounds }, (_, round): Group[] => {
    const targets = inTurn(plan.targets, plan.seed, round);
    const workloads = isTogether(plan) ? plan.workloads : inTurn(plan.workloads, plan.seed + 1, round);
    const groups = groupsOf({ ...plan, targets, workloads });
    return groups.map((group) => group.map((pair) => ({ ...pair, round })));
  }).flat();
}

/**
 * A seeded order that is reversed in the second of each pair of rounds (ABBA). Of more than two each pair of rounds has an order of its
 * own: else one of them would always follow the same other, with what that leaves behind.
 */
function inTurn<T>(all: readonly T[], seed: number, round: number): T[] {
  const order = shuffle(all, seed + (all.length <= 2 ? 0 : Math.floor(round / 2)));
  return round % 2 === 0 ? order : order.reverse();
}

export const warmups = (plan: Plan): Group[] =>
  schedule(warmupPlan(plan), plan.warmups).map((group) =>
    group.map((turn) => ({ ...turn, round: turn.round - plan.warmups })),
  );
