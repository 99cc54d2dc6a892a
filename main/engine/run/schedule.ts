import { groupsOf, isTogether } from '../../contract/planning';
import type { Plan } from '../../contract/plan';
import { shuffle } from '../statistics/random';
import type { Turn } from '../trial/trial';

const needsCompany = ({ sharedNetwork, workloads }: Plan): boolean =>
  sharedNetwork === true || workloads.some(({ after = [] }) => after.length > 0);

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

/**
 * A warm-up is a start and a stop of everything alone: it fills the caches that a first start would pay for. What needs others comes up
 * with them.
 */
export const warmups = (plan: Plan): Group[] =>
  schedule({ ...plan, ...(!needsCompany(plan) && { arrangement: 'alone' }) }, plan.warmups).map((group) =>
    group.map((turn) => ({ ...turn, round: turn.round - plan.warmups })),
  );
