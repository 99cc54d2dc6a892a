/** How exactly a run knows what it claims. */
import type { TargetId } from '../../contract/targets';
import type { Run } from '../../contract/run/run';
import type { Estimate } from '../statistics/intervals';
import type { Verdict } from '../../contract/report/report';
import { key } from './tables';
import { baseGroup, groupsOf, hostBytes, ratioOf, readyMs, valuesOf, type Reading } from './groups';

export interface Known {
  workload: string;
  target: TargetId;
  metric: 'readyMs' | 'hostBytes';
  /** to the target that others are compared with */
  ratio: Estimate;
}

const metrics: [Known['metric'], Reading][] = [
  ['readyMs', readyMs],
  ['hostBytes', hostBytes],
];

/** Every ratio that a report will tell, one by one: each costs a bootstrap, and a single coarse one settles that there is more to measure. */
export function* ratiosOf(run: Run): Generator<Known> {
  const groups = groupsOf(run);
  for (const group of groups) {
    const base = baseGroup(run, groups, group);
    if (!base || base === group) continue;
    for (const [metric, read] of metrics) {
      const [ofBase, values] = [valuesOf(base.trials, read), valuesOf(group.trials, read)];
      const ratio = ratioOf(ofBase, values, run.plan.seed);
      if (ratio) yield { workload: group.workload, target: group.target, metric, ratio };
    }
  }
}

/** Half the width of a ratio's interval, as a share of the ratio: 0.1 is ± 10 %. Infinity where there is no interval. */
const halfWidth = ({ interval }: Estimate): number =>
  interval && interval.low > 0 ? Math.sqrt(interval.high / interval.low) - 1 : Infinity;

/** True when every ratio is known to ± `precision`; also true of a run that compares nothing. */
export function isKnownTo(run: Run, precision: number): boolean {
  for (const { ratio } of ratiosOf(run)) if (halfWidth(ratio) > precision) return false;
  return true;
}

/** Whether the precision that a plan asked for was reached, in so many rounds. */
export function precisionVerdicts(run: Run): Verdict[] {
  const { precision } = run.plan;
  if (precision === undefined) return [];
  const widths = [...ratiosOf(run)].map(({ ratio }) => halfWidth(ratio));
  if (widths.length === 0) return [];
  const known = Math.max(...widths);
  const reached = known <= precision;
  const rounds = new Set(run.trials.map(({ index }) => index)).size;
  return [
    {
      id: 'precision',
      standing: reached ? 'note' : 'unclear',
      text: key(`verdict.precision.${reached ? 'reached' : Number.isFinite(known) ? 'missed' : 'unknown'}`, {
        wanted: { percent: precision * 100 },
        ...(Number.isFinite(known) && { known: { percent: known * 100 } }),
        rounds,
      }),
    },
  ];
}
