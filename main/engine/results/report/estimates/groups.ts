import type { Reading } from '../../../../contract/metrics';
import { byPlace, kindOf, type TargetId } from '../../../../contract/targets';
import type { Run, Trial } from '../../../../contract/run/run';
import { Measured } from './measured';

/** All counted trials of one workload on one target. A pair that never succeeded is there too, with none. */
export class Group {
  private readonly measured = new Map<Reading, Measured>();

  constructor(
    readonly workload: string,
    readonly target: TargetId,
    readonly trials: readonly Trial[],
  ) {}

  /** What could be read; a trial without the figure is left out, and n says so. */
  of(read: Reading): Measured {
    const known = this.measured.get(read);
    if (known) return known;
    const readable = this.trials.filter((trial) => read(trial) !== undefined);
    const measured = new Measured(
      valuesOf(readable, read),
      readable.map(({ index }) => index),
    );
    this.measured.set(read, measured);
    return measured;
  }
}

export const valuesOf = (trials: readonly Trial[], read: Reading): number[] =>
  trials.map(read).filter((value) => value !== undefined);

export const targetsInOrder = (run: Run): TargetId[] => run.plan.targets.toSorted(byPlace);

/** What every other target is compared with: the default container, else the first other one; none in a plan of VMs only. */
export const baselineOf = (run: Run): TargetId | undefined =>
  targetsInOrder(run).find((target) => kindOf(target) === 'container');

export const counted = (run: Run): Trial[] => run.trials.filter(({ outcome }) => outcome === 'ok');

/** One group per row of a table: workloads in the plan's order, containers before VMs. */
export function groupsOf(run: Run): Group[] {
  const byPair = new Map<string, Trial[]>();
  for (const trial of counted(run)) {
    const pair = pairName(trial);
    const trials = byPair.get(pair);
    if (trials) trials.push(trial);
    else byPair.set(pair, [trial]);
  }
  const targets = targetsInOrder(run);
  return run.plan.workloads.flatMap(({ name: workload, targets: only }) =>
    targets
      .filter((target) => only?.includes(target) ?? true)
      .map((target) => {
        const trials = byPair.get(pairName({ workload, target })) ?? [];
        return new Group(workload, target, trials);
      }),
  );
}

const pairName = ({ workload, target }: Pick<Trial, 'workload' | 'target'>): string =>
  `${workload} ${target}`;

/** True when the accelerator changed meanwhile: then the values are of two kinds of machine. */
export const isMixed = (trials: readonly Trial[]): boolean =>
  new Set(trials.map(({ accelerator }) => accelerator)).size > 1;

/** True when a VM was emulated: every figure of it then needs a badge. */
export const isEmulated = (trials: readonly Trial[]): boolean =>
  trials.some(({ accelerator }) => accelerator === 'tcg');
