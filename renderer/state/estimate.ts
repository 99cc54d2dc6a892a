import type { Plan } from '../../main/contract/plan';

/** What a plan promises to one target while it runs: together, or one instance at a time. */
export function reservedBytes(plan: Plan): number {
  const limits = plan.workloads.map(({ limits }) => limits.memoryBytes);
  return plan.arrangement === 'together'
    ? limits.reduce((sum, bytes) => sum + bytes, 0)
    : Math.max(...limits);
}

/** The waiting that a plan prescribes. Start-up times come on top: they are what is to be found out. */
export function leastMs(plan: Plan): number {
  const perTarget = plan.arrangement === 'together' ? 1 : plan.workloads.length;
  const rounds = plan.trials * plan.targets.length * perTarget;
  const warmups = plan.warmups * plan.targets.length * plan.workloads.length;
  return rounds * (plan.soakMs + plan.coolDownMs) + warmups * plan.coolDownMs;
}
