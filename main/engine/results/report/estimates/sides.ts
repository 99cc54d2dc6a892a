/** Which groups of a run are held against which. */
import { describeTarget, isRepeat, withoutRepeat } from '../../../../contract/targets';
import { once, type Estimates } from './estimates';
import type { Group } from './groups';

export interface Sides {
  base: Group;
  other: Group;
}

/** Every target against the one that all are compared with. A target's noise against itself is told elsewhere. */
export const againstBaseline = once((of: Estimates): Sides[] =>
  of.groups.flatMap((other) => {
    const base = of.baseOf(other);
    return base && base !== other && !isRepeat(other.target) ? [{ base, other }] : [];
  }),
);

/** A target against itself. */
export const againstItself = once((of: Estimates): Sides[] =>
  of.groups.flatMap((other) => {
    const base = isRepeat(other.target) && of.groupOf(other.workload, withoutRepeat(other.target));
    return base ? [{ base, other }] : [];
  }),
);

/** A machine with one thing changed against the same machine without the change. */
export const levers = once((of: Estimates): Sides[] =>
  of.groups.flatMap((other) => {
    const described = describeTarget(other.target);
    if (!described || described.tuning.length === 0 || isRepeat(other.target)) return [];
    const base = of.groupOf(other.workload, described.entry.id);
    return base && base.trials.length > 0 && other.trials.length > 0 ? [{ base, other }] : [];
  }),
);
