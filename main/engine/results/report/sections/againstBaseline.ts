/** Every target against the one that all are compared with: what may be claimed about start-up and memory. */
import { tell } from '../../../../contract/messages';
import { comparedMetrics, type ComparedMetric } from '../../../../contract/metrics';
import type { Verdict } from '../../../../contract/report/report';
import type { Estimates } from '../estimates/estimates';
import { isEmulated } from '../estimates/groups';
import { judgedOn, ratioOf, whyNotComparable } from '../estimates/judging';
import { estimateCell } from '../estimates/measured';
import { shownOf } from '../estimates/shown';
import { againstBaseline as sidesOf, type Sides } from '../estimates/sides';
import type { Section } from '../section';
import type { Bars } from '../chart';
import { column, n, rowHead, table, target, workload } from '../table';
import { formOf, judgementOf, sidesFacts, standingOf } from './judgements';

/** The target that bars of a chart are held against. */
export const baseOfBars = ({ baseline }: Estimates): Pick<Bars, 'base'> =>
  baseline === undefined ? {} : { base: baseline };

/** Start-up first, then memory. */
export const againstBaseline = {
  /** Every figure beside its ratio, both by the rounds that were paired. Medians are in tables that have no ratio. */
  tables(of) {
    const compared = of.groups.filter((group) => of.baseOf(group) !== undefined);
    if (sidesOf(of).every(({ other }) => other.trials.length === 0)) return [];
    return comparedMetrics.map((metric) =>
      table(
        `ratios-${metric.id}`,
        [workload, target, n, column(metric.id, metric.unit), column('ratio', 'times')],
        compared.map((group) => {
          const { value, interval, judged } = shownOf(of, group, metric);
          const isBase = of.baseOf(group) === group && value !== undefined;
          return [
            ...rowHead(group),
            { value: group.of(metric.read).n },
            { value: value ?? null, ...(interval && { interval }) },
            isBase ? { value: 1 } : estimateCell(judged && { ...judged.ratio, interval: judged.interval }),
          ];
        }),
        tell('table.ratios.note'),
      ),
    );
  },

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
