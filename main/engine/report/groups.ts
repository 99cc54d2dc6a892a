import { byPlace, kindOf, type TargetId } from '../../contract/targets';
import type { Cell } from '../../contract/report/report';
import type { Run, Trial } from '../../contract/run/run';
import { medianInterval, medianRatio, type Estimate } from '../statistics/intervals';
import { median } from '../statistics/summary';

/** All counted trials of one workload on one target. A pair that never succeeded is there too, with none. */
export interface Group {
  workload: string;
  target: TargetId;
  trials: Trial[];
}

export const isVm = (target: TargetId): boolean => kindOf(target) === 'vm';
export const isContainer = (target: TargetId): boolean => kindOf(target) === 'container';

export const targetsInOrder = (run: Run): TargetId[] => [...run.plan.targets].sort(byPlace);

/** What every other target is compared with: the default container, else the first other one; none in a plan of VMs only. */
export const baselineOf = (run: Run): TargetId | undefined => targetsInOrder(run).find(isContainer);

export const counted = (run: Run): Trial[] => run.trials.filter(({ outcome }) => outcome === 'ok');

/** One group per row of a table: workloads in the plan's order, containers before VMs. */
export function groupsOf(run: Run): Group[] {
  const trials = counted(run);
  const targets = targetsInOrder(run);
  return run.plan.workloads.flatMap(({ name, targets: only }) =>
    targets
      .filter((target) => only?.includes(target) ?? true)
      .map((target) => ({
        workload: name,
        target,
        trials: trials.filter((trial) => trial.workload === name && trial.target === target),
      })),
  );
}

export type Reading = (trial: Trial) => number | undefined;

export const readyMs: Reading = (trial) => trial.readyMs;
export const hostBytes: Reading = (trial) => trial.memory.hostBytes;

/** What could be read; a trial without the figure is left out, and n says so. */
export const valuesOf = (trials: readonly Trial[], read: Reading): number[] =>
  trials.map(read).filter((value) => value !== undefined);

/** Median with its interval and n; null where nothing could be read. */
export function medianCell(values: readonly number[], seed: number): Cell {
  if (values.length === 0) return { value: null, n: 0 };
  const interval = medianInterval(values, seed);
  return { value: median(values), ...(interval && { interval }), n: values.length };
}

/** Median of a figure that repeats itself or is told for orientation only: no interval. */
export const plainCell = (values: readonly number[]): Cell =>
  values.length === 0 ? { value: null, n: 0 } : { value: median(values), n: values.length };

/** How `values` stand against `base`; undefined where either is missing or a ratio would mean nothing. */
export function ratioOf(
  base: readonly number[],
  values: readonly number[],
  seed: number,
): Estimate | undefined {
  if (base.length === 0 || values.length === 0) return undefined;
  return [...base, ...values].every((value) => value > 0) ? medianRatio(base, values, seed) : undefined;
}

/** The same workload's group on the target that others are compared with. */
export const baseGroup = (run: Run, groups: readonly Group[], { workload }: Group): Group | undefined =>
  groups.find((group) => group.workload === workload && group.target === baselineOf(run));

/** Ratio to the baseline, as a cell; 1 on the baseline's own row. */
export function ratioCell(run: Run, groups: readonly Group[], group: Group, read: Reading): Cell {
  const values = valuesOf(group.trials, read);
  const base = baseGroup(run, groups, group);
  if (!base || values.length === 0) return { value: null };
  if (base === group) return { value: 1 };
  const ratio = ratioOf(valuesOf(base.trials, read), values, run.plan.seed);
  return ratio
    ? { value: ratio.value, ...(ratio.interval && { interval: ratio.interval }) }
    : { value: null };
}

/** True when a VM was emulated: every figure of it then needs a badge. */
export const isEmulated = (trials: readonly Trial[]): boolean =>
  trials.some(({ accelerator }) => accelerator === 'tcg');
