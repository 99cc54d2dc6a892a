/** Machines with one thing changed, against the same machine without the change: what each option is worth in time and memory. */
import { tell } from '../../../contract/messages';
import { comparedMetrics, type ComparedMetric } from '../../../contract/metrics';
import { inUnit, type Cell, type Verdict } from '../../../contract/report/report';
import { describeTarget, isRepeat } from '../../../contract/targets';
import { judge, smallestEffect, type Change } from '../../statistics/judgement';
import type { Estimate } from '../../statistics/estimate';
import { level, significance } from '../../statistics/significance';
import { holm } from '../../statistics/tests';
import { once, type Estimates } from '../estimates/estimates';
import type { Group } from '../estimates/groups';
import { estimateCell } from '../estimates/measured';
import type { Section } from '../section';
import { column, n, rowHead, table, target, workload } from '../table';

/** A machine with options changed, and the same without. */
interface Changed {
  group: Group;
  base: Group;
}

const changedMachines = once((of: Estimates): Changed[] =>
  of.groups.flatMap((group) => {
    const described = describeTarget(group.target);
    if (!described || described.tuning.length === 0 || isRepeat(group.target)) return [];
    const base = of.groupOf(group.workload, described.entry.id);
    return base && base.trials.length > 0 && group.trials.length > 0 ? [{ group, base }] : [];
  }),
);

/** One metric of one changed machine, held against the machine without the change. */
interface Effect {
  machine: Changed;
  metric: ComparedMetric;
  difference: Estimate;
  judgement: Change;
  /** after Holm's correction over the whole table; absent where a side has fewer than two values */
  p?: number;
}

/** Fifteen options by two metrics would find a difference by luck in most runs: the p-values are corrected as one family. */
const effects = once((of: Estimates): Effect[] => {
  const all = changedMachines(of).flatMap((machine) =>
    comparedMetrics.flatMap((metric): Effect[] => {
      const [base, changed] = [machine.base.of(metric.read), machine.group.of(metric.read)];
      const ratio = changed.ratioTo(base);
      if (!ratio) return [];
      const p = significance(base.values, changed.values);
      return [
        {
          machine,
          metric,
          difference: changed.differenceFrom(base),
          judgement: judge(ratio),
          ...(p !== undefined && { p }),
        },
      ];
    }),
  );
  const tested = all.filter(({ p }) => p !== undefined);
  const corrected = holm(tested.map(({ p }) => p!));
  tested.forEach((effect, at) => (effect.p = corrected[at]!));
  return all;
});

/** The metric's median, its difference, and how likely so much comes by chance. */
function metricCells({ group }: Changed, { read }: ComparedMetric, effect: Effect | undefined): Cell[] {
  const { difference, p } = effect ?? {};
  return [
    group.of(read).cell(),
    estimateCell(difference),
    { value: p === undefined ? null : Number((p * 100).toPrecision(2)) },
  ];
}

export const tuning = {
  /** Negative is sooner, or lighter. */
  tables(of) {
    const all = effects(of);
    const rows = changedMachines(of).map((machine) => [
      ...rowHead(machine.group),
      { value: machine.group.trials.length },
      ...comparedMetrics.flatMap((metric) => {
        const effect = all.find((one) => one.machine === machine && one.metric === metric);
        return metricCells(machine, metric, effect);
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
    const count = all.filter(({ p }) => p !== undefined).length;
    const minimum = { percent: smallestEffect * 100 };
    return [table('levers', columns, rows, tell('table.levers.note', { count, minimum }))];
  },

  /** One sentence for each change that is clear; a change that none can be told of is in the table all the same. */
  verdicts: (of) => effects(of).flatMap(verdictOn),
} satisfies Section;

function verdictOn({ machine, metric, difference, judgement, p }: Effect): Verdict[] {
  const { value, interval } = difference;
  if (judgement === 'cannot tell' || p === undefined || p >= level) return [];
  // The sentence tells the difference: its interval must leave no doubt either, which few trials do.
  if (!interval || interval.low * interval.high <= 0) return [];
  const { workload, target } = machine.group;
  const less = machine.base.target;
  const { short, subject } = metric.compared;
  const size = (edge: number) => inUnit(metric.unit, Math.abs(edge));
  const edges = [interval.low, interval.high].sort((a, b) => Math.abs(a) - Math.abs(b));
  return [
    {
      id: `lever ${short} ${target}`,
      about: { subject, workload, targets: [less, target] },
      standing: 'holds',
      text: tell(`verdict.lever.${short}.${judgement === 'faster' ? 'less' : 'more'}`, {
        workload,
        target: { target },
        less: { target: less },
        difference: size(value),
        low: size(edges[0]!),
        high: size(edges[1]!),
      }),
    },
  ];
}
