/** Every target against the one that all are compared with: what may be claimed about start-up and memory. */
import { tell } from '../../../../contract/messages';
import { comparedMetrics, type ComparedMetric } from '../../../../contract/metrics';
import type { Cell, Verdict } from '../../../../contract/report/report';
import type { Estimates } from '../estimates/estimates';
import { isEmulated, type Group } from '../estimates/groups';
import { judgedOn, ratioOf, whyNotComparable } from '../estimates/judging';
import { estimateCell } from '../estimates/measured';
import { againstBaseline as sidesOf, type Sides } from '../estimates/sides';
import type { Section } from '../section';
import type { Bar, Bars } from '../chart';
import { formOf, judgementOf, sidesFacts, standingOf } from './judgements';

/** Ratio to the baseline, as a cell; 1 on the baseline's own row. */
export function ratioCell(of: Estimates, group: Group, metric: ComparedMetric): Cell {
  const base = of.baseOf(group);
  if (!base || group.of(metric.read).n === 0) return { value: null };
  if (base === group) return { value: 1 };
  return estimateCell(ratioOf({ base, other: group }, metric));
}

/** The same ratio for a chart's bar. */
export function timesBase(of: Estimates, group: Group, metric: ComparedMetric): Pick<Bar, 'times'> {
  const base = of.baseOf(group);
  const ratio = base && base !== group ? ratioOf({ base, other: group }, metric) : undefined;
  return ratio ? { times: ratio.value } : {};
}

/** The target that bars of a chart are held against. */
export const baseOfBars = ({ baseline }: Estimates): Pick<Bars, 'base'> =>
  baseline === undefined ? {} : { base: baseline };

/** Start-up first, then memory. */
export const againstBaseline = {
  verdicts: (of) =>
    comparedMetrics.flatMap((metric) => sidesOf(of).flatMap((sides) => verdictOn(of, metric, sides))),
} satisfies Section;

function verdictOn(of: Estimates, metric: ComparedMetric, sides: Sides): Verdict[] {
  const { base, other } = sides;
  const { workload, target } = other;
  const { subject } = metric.compared;
  const ratio = ratioOf(sides, metric);
  if (!ratio) return [];
  const common: Pick<Verdict, 'id' | 'about'> = {
    id: `${subject} ${workload} ${target}`,
    about: { subject, workload, targets: [base.target, target] },
  };
  const why = whyNotComparable(sides);
  if (why !== undefined)
    return [
      {
        ...common,
        standing: 'unclear',
        judgement: 'not-comparable',
        text: tell(`verdict.${subject}.mixed`, {
          workload,
          less: { target: base.target },
          more: { target },
        }),
      },
    ];
  const judged = judgedOn(of, ratio);
  const form = formOf(judged);
  const isBadged = form === 'clear' && isEmulated(other.trials);
  return [
    {
      ...common,
      standing: standingOf(judged),
      ...judgementOf(judged),
      text: tell(
        `verdict.${subject}.${isBadged ? 'clear-emulated' : form}`,
        sidesFacts(sides, metric, judged),
      ),
    },
  ];
}
