import type { Run, Trial } from '../../../../contract/run/run';
import { isTogether } from '../../../../contract/planning';
import { sharesMachine, type TargetId } from '../../../../contract/targets';
import { baselineOf, counted, groupsOf, type Group } from './groups';

/** All that a run lets be known, each estimate made once: the sections of a report only arrange it. */
export class Estimates {
  /** trials that ended well */
  readonly counted: readonly Trial[];
  readonly groups: readonly Group[];
  /** what every other target is compared with */
  readonly baseline: TargetId | undefined;

  constructor(readonly run: Run) {
    this.counted = counted(run);
    this.groups = groupsOf(run);
    this.baseline = baselineOf(run);
  }

  groupOf(workload: string, target: TargetId | undefined): Group | undefined {
    return this.groups.find((group) => group.workload === workload && group.target === target);
  }

  /**
   * The same workload's group on the target that others are compared with. What is one of several applications in a machine has none: what
   * it takes is a part of the machine's, which only its sum can be held against.
   */
  baseOf({ workload, target }: Group): Group | undefined {
    if (isTogether(this.run.plan) && sharesMachine(target)) return undefined;
    return this.groupOf(workload, this.baseline);
  }
}

/** Work that several sections need the outcome of: done once for a report. */
export function once<T>(work: (estimates: Estimates) => T): (estimates: Estimates) => T {
  const done = new WeakMap<Estimates, { outcome: T }>();
  return (estimates) => {
    const known = done.get(estimates) ?? { outcome: work(estimates) };
    done.set(estimates, known);
    return known.outcome;
  };
}
