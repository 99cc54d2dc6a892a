/** How exactly a run knows what it claims. */
import { tell } from '../../../../contract/messages';
import { comparedMetrics } from '../../../../contract/metrics';
import type { Run } from '../../../../contract/run/run';
import type { Contrast } from '../../statistics/contrast';
import { abFigures } from '../estimates/ab';
import { Estimates } from '../estimates/estimates';
import { ratioOf } from '../estimates/judging';
import type { Section } from '../section';

/** Every ratio that a report will tell, one by one: a single coarse one settles that there is more to measure. */
function* ratiosOf(of: Estimates): Generator<Contrast> {
  for (const other of of.groups) {
    const base = of.baseOf(other);
    if (!base || base === other) continue;
    for (const metric of comparedMetrics) {
      const ratio = ratioOf({ base, other }, metric);
      if (ratio) yield ratio;
    }
  }
}

/** The ratios that decide when a plan has measured enough: those that it is for, or all that its report will tell. */
const wantedRatios = (of: Estimates): Iterable<Contrast> =>
  of.run.plan.ab ? abFigures(of).map(({ judged: { ratio } }) => ratio) : ratiosOf(of);

/** Half the width of a ratio's interval, as a share of the ratio: 0.1 is ± 10 %. Infinity where there is no interval. */
const halfWidth = ({ interval }: Contrast): number =>
  interval && interval.low > 0 ? Math.sqrt(interval.high / interval.low) - 1 : Infinity;

/** True when every ratio is known to ± `precision`; also true of a run that compares nothing. */
export function isKnownTo(run: Run, precision: number): boolean {
  for (const ratio of wantedRatios(new Estimates(run))) if (halfWidth(ratio) > precision) return false;
  return true;
}

export const precision = {
  /** Whether the precision that a plan asked for was reached, in so many rounds. */
  verdicts(of) {
    const { plan, trials } = of.run;
    if (plan.precision === undefined) return [];
    const widths = [...wantedRatios(of)].map(halfWidth);
    if (widths.length === 0) return [];
    const known = Math.max(...widths);
    const reached = known <= plan.precision;
    const form = reached ? 'reached' : Number.isFinite(known) ? 'missed' : 'unknown';
    return [
      {
        id: 'precision',
        about: { subject: 'precision', targets: [] },
        standing: reached ? 'note' : 'unclear',
        text: tell(`verdict.precision.${form}`, {
          wanted: { percent: plan.precision * 100 },
          ...(Number.isFinite(known) && { known: { percent: known * 100 } }),
          rounds: new Set(trials.map(({ index }) => index)).size,
        }),
      },
    ];
  },
} satisfies Section;
