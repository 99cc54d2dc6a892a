/** Machines with one thing changed, against the same machine without the change: what each option is worth in time and memory. */
import { tell } from '../../../../contract/messages';
import { comparedMetrics, type ComparedMetric } from '../../../../contract/metrics';
import { inUnit, type Cell, type Verdict } from '../../../../contract/report/report';
import type { Contrast } from '../../statistics/contrast';
import type { Judged } from '../../statistics/judgement';
import { once, type Estimates } from '../estimates/estimates';
import { countJudged, judgedOn, minimumEffectOf, ratioOf, whyNotComparable } from '../estimates/judging';
import { estimateCell } from '../estimates/measured';
import { levers, type Sides } from '../estimates/sides';
import type { Section } from '../section';
import { column, n, rowHead, table, target, workload } from '../table';
import { judgementOf, minimumFact } from './judgements';

/** One metric of one changed machine, held against the machine without the change. */
interface Effect {
  sides: Sides;
  metric: ComparedMetric;
  difference: Contrast;
  judged: Judged;
}

const effects = once((of: Estimates): Effect[] =>
  levers(of)
    .filter((sides) => whyNotComparable(sides) === undefined)
    .flatMap((sides) =>
      comparedMetrics.flatMap((metric): Effect[] => {
        const ratio = ratioOf(sides, metric);
        if (!ratio) return [];
        const difference = sides.other.of(metric.read).differenceFrom(sides.base.of(metric.read));
        return [{ sides, metric, difference, judged: judgedOn(of, ratio) }];
      }),
    ),
);

/** The metric's median, its difference, and how likely so much comes by chance. */
function metricCells({ other }: Sides, { read }: ComparedMetric, effect: Effect | undefined): Cell[] {
  const p = effect?.judged.interval && effect.judged.p;
  return [
    other.of(read).cell(),
    estimateCell(effect?.difference),
    { value: p === undefined ? null : Number((p * 100).toPrecision(2)) },
  ];
}

export const tuning = {
  /** Negative is sooner, or lighter. */
  tables(of) {
    const all = effects(of);
    const rows = levers(of).map((sides) => [
      ...rowHead(sides.other),
      { value: sides.other.trials.length },
      ...comparedMetrics.flatMap((metric) => {
        const effect = all.find((one) => one.sides === sides && one.metric === metric);
        return metricCells(sides, metric, effect);
      }),
    ]);
    const columns = [
      workload,
      target,
      n,
      ...comparedMetrics.flatMap(({ id, unit, compared }) => [
        column(id, unit),
        column(compared.difference, unit),
        { ...column('p', 'percent'), id: `${compared.short}P` },
      ]),
    ];
    const minimum = minimumFact(minimumEffectOf(of));
    return [table('levers', columns, rows, tell('table.levers.note', { count: countJudged(of), minimum }))];
  },

  /** One sentence for each change that is clear; a change that none can be told of is in the table all the same. */
  verdicts: (of) => effects(of).flatMap(verdictOn),
} satisfies Section;

function verdictOn({ sides: { base, other }, metric, difference, judged }: Effect): Verdict[] {
  if (judged.judgement !== 'differs') return [];
  // The sentence tells the difference: its interval, at the same level, must leave no doubt either.
  const interval = difference.intervalAt(judged.error);
  if (!interval || interval.low * interval.high <= 0) return [];
  const { short, subject } = metric.compared;
  const size = (edge: number) => inUnit(metric.unit, Math.abs(edge));
  const edges = [interval.low, interval.high].sort((a, b) => Math.abs(a) - Math.abs(b));
  return [
    {
      id: `lever ${short} ${other.target}`,
      about: { subject, workload: other.workload, targets: [base.target, other.target] },
      standing: 'holds',
      ...judgementOf(judged),
      text: tell(`verdict.lever.${short}.${judged.ratio.value < 1 ? 'less' : 'more'}`, {
        workload: other.workload,
        target: { target: other.target },
        less: { target: base.target },
        difference: size(difference.value),
        low: size(edges[0]!),
        high: size(edges[1]!),
      }),
    },
  ];
}
