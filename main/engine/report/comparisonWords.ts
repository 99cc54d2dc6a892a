/** A comparison as sentences and tables: keys and facts, worded at the door. */
import type { MetricComparison, RunComparison } from '../../contract/report/comparison';
import type { Fact, Table, Verdict } from '../../contract/report/report';
import { column, key } from './tables';

type Facts = Omit<RunComparison, 'verdicts' | 'tables'>;

/** What weakens everything first, then the changes, then what stayed undecided. */
export function comparisonVerdicts(comparison: Facts): Verdict[] {
  const { metrics, minimumEffect, differences, leftOut } = comparison;
  const changed = metrics.filter(({ judgement }) => judgement !== 'cannot tell');
  const conditions = differences.filter(({ kind }) => kind === 'conditions').length;
  const few = metrics.some(({ interval }) => !interval);
  return [
    ...(conditions > 0 ? [verdict('conditions', 'warning', { count: conditions })] : []),
    ...changed.map(changeVerdict),
    ...(changed.length < metrics.length ? [undecided(comparison, changed.length)] : []),
    ...(few ? [verdict('no-interval', 'note')] : []),
    ...(leftOut.length > 0 ? [verdict('left-out', 'note', { count: leftOut.length })] : []),
    verdict('method', 'note', { minimum: { percent: minimumEffect * 100 } }),
  ];
}

const verdict = (id: string, standing: Verdict['standing'], facts: Record<string, Fact> = {}): Verdict => ({
  id,
  standing,
  text: key(`verdict.compare.${id}`, facts),
});

const measured = (metric: MetricComparison['metric'], value: number): Fact =>
  metric === 'readyMs' ? { ms: value } : { bytes: value };

function changeVerdict(row: MetricComparison): Verdict {
  const { workload, target, metric, judgement, ratio, interval } = row;
  const turn = (value: number) => Number((judgement === 'faster' ? 1 / value : value).toPrecision(3));
  const edges = [turn(interval!.low), turn(interval!.high)].sort((a, b) => a - b);
  return {
    id: `${metric} ${workload} ${target}`,
    standing: judgement === 'slower' ? 'warning' : 'holds',
    text: key(`verdict.compare.${metric}.${judgement}`, {
      workload,
      target,
      before: measured(metric, row.base.median),
      after: measured(metric, row.other.median),
      ratio: turn(ratio),
      low: edges[0]!,
      high: edges[1]!,
    }),
  };
}

/** Nothing found is not the same as nothing there: the widest interval says what could have hidden. */
function undecided({ metrics }: Facts, changed: number): Verdict {
  const widest = Math.max(
    ...metrics
      .filter(({ judgement }) => judgement === 'cannot tell')
      .map(({ interval }) => (interval ? Math.max(interval.high, 1 / interval.low) : Infinity)),
  );
  const facts = { count: metrics.length - changed, all: metrics.length };
  return Number.isFinite(widest)
    ? verdict('undecided', 'unclear', { ...facts, hidden: { percent: (widest - 1) * 100 } })
    : verdict('undecided-wide', 'unclear', facts);
}

export function comparisonTables(comparison: Facts): Table[] {
  const [ready, memory] = [
    metricTable(comparison, 'readyMs', 'ms'),
    metricTable(comparison, 'hostBytes', 'bytes'),
  ];
  return [ready, memory, differencesTable(comparison), leftOutTable(comparison)].filter(
    ({ rows }) => rows.length > 0,
  );
}

const metricTable = (
  { metrics }: Facts,
  metric: MetricComparison['metric'],
  unit: 'ms' | 'bytes',
): Table => ({
  id: `compare-${metric}`,
  title: key(`table.compare-${metric}`),
  columns: [
    column('workload', 'text'),
    column('target', 'text'),
    column('base', unit),
    column('other', unit),
    column('change', 'times'),
    column('p', 'percent'),
    column('judgement', 'text'),
  ],
  rows: metrics
    .filter((row) => row.metric === metric)
    .map(({ workload, target, base, other, ratio, interval, p, judgement }) => [
      { value: workload },
      { value: target },
      { value: base.median, n: base.n },
      { value: other.median, n: other.n },
      { value: ratio, ...(interval && { interval }) },
      { value: p === undefined ? null : Number((p * 100).toPrecision(2)) },
      { value: judgement.replace(' ', '-') },
    ]),
});

const differencesTable = ({ differences }: Facts): Table => ({
  id: 'differences',
  title: key('table.differences'),
  columns: [
    column('condition', 'text'),
    column('of', 'text'),
    column('base', 'text'),
    column('other', 'text'),
    column('kind', 'text'),
  ],
  rows: differences.map(({ what, of, base, other, kind }) => [
    { value: what },
    { value: of ?? null },
    { value: base },
    { value: other },
    { value: kind },
  ]),
});

const leftOutTable = ({ leftOut }: Facts): Table => ({
  id: 'left-out',
  title: key('table.left-out'),
  columns: [column('workload', 'text'), column('target', 'text'), column('why', 'text')],
  rows: leftOut.map(({ workload, target, why }) => [{ value: workload }, { value: target }, { value: why }]),
});
