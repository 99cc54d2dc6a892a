/** Machines with one thing changed, against the same machine without the change: what each lever is worth in time and memory. */
import { isRepeat, describeTarget } from '../../contract/targets';
import type { Cell, Table, Verdict } from '../../contract/report/report';
import type { Run } from '../../contract/run/run';
import { judge, smallestEffect, type Judgement } from '../statistics/compare';
import { medianDifference, medianRatio, type Estimate } from '../statistics/intervals';
import { level, significance } from '../statistics/significance';
import { holm } from '../statistics/tests';
import { groupsOf, hostBytes, medianCell, readyMs, valuesOf, type Group, type Reading } from './groups';
import { column, key, table } from './tables';

/** A machine with levers, and the same without. */
interface Changed {
  group: Group;
  base: Group;
}

function changedMachines(run: Run): Changed[] {
  const groups = groupsOf(run);
  return groups.flatMap((group) => {
    const { entry, tuning: levers } = describeTarget(group.target)!;
    const rung: string = entry.id;
    if (levers.length === 0 || isRepeat(group.target)) return [];
    const base = groups.find(({ workload, target }) => workload === group.workload && target === rung);
    return base && base.trials.length > 0 && group.trials.length > 0 ? [{ group, base }] : [];
  });
}

const metrics = [
  { id: 'ready', read: readyMs, fact: (value: number) => ({ ms: value }) },
  { id: 'host', read: hostBytes, fact: (value: number) => ({ bytes: value }) },
] as const;
type Metric = (typeof metrics)[number];

/** One metric of one changed machine, held against the machine without the change. */
interface Held {
  machine: Changed;
  metric: Metric;
  difference: Estimate;
  judgement: Judgement;
  /** after Holm's correction over the whole table; absent where a side has fewer than two values */
  p?: number;
}

/** Fifteen levers by two metrics would find a difference by luck in most runs: the p-values are corrected as one family. */
function heldMetrics(machines: readonly Changed[], seed: number): Held[] {
  const all = machines.flatMap((machine) =>
    metrics.flatMap((metric): Held[] => {
      const [without, changed] = values(machine, metric.read);
      if (![without, changed].every((side) => side.length > 0 && side.every((value) => value > 0))) return [];
      const p = significance(without, changed);
      return [
        {
          machine,
          metric,
          difference: medianDifference(without, changed, seed),
          judgement: judge(medianRatio(without, changed, seed)),
          ...(p !== undefined && { p }),
        },
      ];
    }),
  );
  const tested = all.filter(({ p }) => p !== undefined);
  const corrected = holm(tested.map(({ p }) => p!));
  tested.forEach((held, at) => (held.p = corrected[at]!));
  return all;
}

const values = ({ group, base }: Changed, read: Reading): [number[], number[]] => [
  valuesOf(base.trials, read),
  valuesOf(group.trials, read),
];

/** The metric's median, its difference, and how likely so much comes by chance. */
function metricCells({ group }: Changed, { read }: Metric, held: Held | undefined, seed: number): Cell[] {
  const { difference, p } = held ?? {};
  return [
    medianCell(valuesOf(group.trials, read), seed),
    difference
      ? { value: difference.value, ...(difference.interval && { interval: difference.interval }) }
      : { value: null },
    { value: p === undefined ? null : Number((p * 100).toPrecision(2)) },
  ];
}

/** Negative is sooner, or lighter. */
export function leversTable(run: Run): Table {
  const { seed } = run.plan;
  const machines = changedMachines(run);
  const all = heldMetrics(machines, seed);
  const rows = machines.map((machine) => [
    { value: machine.group.workload },
    { value: machine.group.target },
    { value: machine.group.trials.length },
    ...metrics.flatMap((metric) => {
      const held = all.find((one) => one.machine === machine && one.metric === metric);
      return metricCells(machine, metric, held, seed);
    }),
  ]);
  const columns = [
    column('workload', 'text'),
    column('target', 'text'),
    column('n', 'count'),
    column('readyMs', 'ms'),
    column('readyDifferenceMs', 'ms'),
    column('readyP', 'percent', 'column.p'),
    column('hostBytes', 'bytes'),
    column('hostDifferenceBytes', 'bytes'),
    column('hostP', 'percent', 'column.p'),
  ];
  const count = all.filter(({ p }) => p !== undefined).length;
  const minimum = { percent: smallestEffect * 100 };
  return table('levers', columns, rows, key('table.levers.note', { count, minimum }));
}

/** One sentence for each change that is clear; a change that none can be told of is in the table all the same. */
export const leverVerdicts = (run: Run): Verdict[] =>
  heldMetrics(changedMachines(run), run.plan.seed).flatMap(
    ({ machine, metric: { id, fact }, difference, judgement, p }): Verdict[] => {
      const { value, interval } = difference;
      if (judgement === 'cannot tell' || p === undefined || p >= level) return [];
      // The sentence tells the difference: its interval must leave no doubt either, which few trials do.
      if (!interval || interval.low * interval.high <= 0) return [];
      const size = (edge: number) => fact(Math.abs(edge));
      const edges = [interval.low, interval.high].sort((a, b) => Math.abs(a) - Math.abs(b));
      const facts = {
        workload: machine.group.workload,
        target: machine.group.target,
        less: machine.base.target,
        difference: size(value),
        low: size(edges[0]!),
        high: size(edges[1]!),
      };
      const text = key(`verdict.lever.${id}.${judgement === 'faster' ? 'less' : 'more'}`, facts);
      return [{ id: `lever ${id} ${machine.group.target}`, standing: 'holds', text }];
    },
  );
