/** The same applications on several targets: only what all of them ran may be held against each other. */
import type { Reading } from '../../../contract/metrics';
import type { Run, Trial } from '../../../contract/run/run';
import type { TargetId } from '../../../contract/targets';
import { median } from '../../statistics/summary';
import type { Estimates } from './estimates';

/** One figure of the same applications on every target. */
export interface Paired {
  /** medians, in the order of the targets that were asked for */
  medians: number[];
  /** readings on each of them: of the same applications in the same rounds */
  n: number;
  /** names of their workloads on the first of the targets */
  workloads: string[];
}

/** What a workload runs and under which limits; two that differ in nothing but their name and targets are the same. */
const applicationsOf = ({ plan }: Run): Map<string, string> =>
  new Map(
    plan.workloads.map((workload) => [
      workload.name,
      JSON.stringify({ ...workload, name: undefined, targets: undefined }),
    ]),
  );

/** Readings of one target by application and round. */
function readingsOn(
  { run, counted }: Estimates,
  target: TargetId,
  read: Reading,
): Map<string, { trial: Trial; value: number }> {
  const applications = applicationsOf(run);
  const trials = counted.filter((trial) => trial.target === target);
  return new Map(
    trials.flatMap((trial) => {
      const value = read(trial);
      const key = `${trial.index} ${applications.get(trial.workload)}`;
      return value === undefined ? [] : [[key, { trial, value }] as const];
    }),
  );
}

/**
 * What each of the targets needs for the applications that all of them ran, round by round, so that no side's median comes from
 * another mixture. Undefined where there is no such application.
 */
export function pairedMedians(
  of: Estimates,
  targets: readonly TargetId[],
  read: Reading,
): Paired | undefined {
  const [first, ...others] = targets.map((target) => readingsOn(of, target, read));
  const shared = [...(first?.keys() ?? [])].filter((key) => others.every((one) => one.has(key)));
  if (!first || shared.length === 0) return undefined;
  return {
    medians: [first, ...others].map((one) => median(shared.map((key) => one.get(key)!.value))),
    n: shared.length,
    workloads: [...new Set(shared.map((key) => first.get(key)!.trial.workload))],
  };
}
