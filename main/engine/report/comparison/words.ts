/** A comparison as sentences and tables: keys and facts, worded at the door. */
import { tell, type NameIn } from '../../../contract/messages';
import { comparedMetrics, type ComparedMetric } from '../../../contract/metrics';
import type { MetricComparison, RunComparison } from '../../../contract/report/comparison';
import { inUnit, type Fact, type Table, type Verdict } from '../../../contract/report/report';
import { column, table, target, workload } from '../table';

type Facts = Omit<RunComparison, 'verdicts' | 'tables'>;

/** What weakens everything first, then the changes, then what stayed undecided. */
export function comparisonVerdicts(comparison: Facts): Verdict[] {
  const { metrics, minimumEffect, differences, leftOut } = comparison;
  const changed = metrics.filter(({ judgement }) => judgement !== 'cannot tell');
  const conditions = differences.filter(({ kind }) => kind === 'conditions').length;
  const few = metrics.some(({ interval }) => !interval);
  return [
    ...(conditions > 0 ? [verdict('conditions', 'warning', { count: conditions })] : []),
    ...changed.flatMap(changeVerdict),
    ...(changed.length < metrics.length ? [undecided(comparison, changed.length)] : []),
    ...(few ? [verdict('no-interval', 'note')] : []),
    ...(leftOut.length > 0 ? [verdict('left-out', 'note', { count: leftOut.length })] : []),
    verdict('method', 'note', { minimum: { percent: minimumEffect * 100 } }),
  ];
}

const verdict = (
  id: Exclude<NameIn<'verdict.compare'>, `${string}.${string}`>,
  standing: Verdict['standing'],
  facts: Record<string, Fact> = {},
): Verdict => ({
  id,
  standing,
  text: tell(`verdict.compare.${id}`, facts),
});

function changeVerdict(row: MetricComparison): Verdict[] {
  const { workload, target, judgement, ratio, interval } = row;
  if (judgement === 'cannot tell' || !interval) return [];
  const { id, unit, compared } = comparedMetrics.find((metric) => metric.id === row.metric)!;
  const turn = (value: number) => Number((judgement === 'faster' ? 1 / value : value).toPrecision(3));
  const edges = [turn(interval.low), turn(interval.high)].sort((a, b) => a - b);
  return [
    {
      id: `${id} ${workload} ${target}`,
      about: { subject: compared.subject, workload, targets: [target] },
      standing: judgement === 'slower' ? 'warning' : 'holds',
      text: tell(`verdict.compare.${id}.${judgement}`, {
        workload,
        target: { target },
        before: inUnit(unit, row.base.median),
        after: inUnit(unit, row.other.median),
        ratio: turn(ratio),
        low: edges[0]!,
        high: edges[1]!,
      }),
    },
  ];
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

export const comparisonTables = (comparison: Facts): Table[] =>
  [
    ...comparedMetrics.map((metric) => metricTable(comparison, metric)),
    differencesTable(comparison),
    leftOutTable(comparison),
  ].filter(({ rows }) => rows.length > 0);

const metricTable = ({ metrics }: Facts, { id, unit }: ComparedMetric): Table =>
  table(
    `compare-${id}`,
    [
      workload,
      target,
      column('base', unit),
      column('other', unit),
      column('change', 'times'),
      column('p', 'percent'),
      column('judgement', 'text'),
    ],
    metrics
      .filter((row) => row.metric === id)
      .map(({ workload, target, base, other, ratio, interval, p, judgement }) => [
        { value: workload },
        { value: target },
        { value: base.median, n: base.n },
        { value: other.median, n: other.n },
        { value: ratio, ...(interval && { interval }) },
        { value: p === undefined ? null : Number((p * 100).toPrecision(2)) },
        { value: judgement.replace(' ', '-') },
      ]),
  );

const differencesTable = ({ differences }: Facts): Table =>
  table(
    'differences',
    [
      column('condition', 'text'),
      column('of', 'text'),
      column('base', 'text'),
      column('other', 'text'),
      column('kind', 'text'),
    ],
    differences.map(({ what, of, base, other, kind }) => [
      { value: what },
      { value: of ?? null },
      { value: base },
      { value: other },
      { value: kind },
    ]),
  );

const leftOutTable = ({ leftOut }: Facts): Table =>
  table(
    'left-out',
    [workload, target, column('why', 'text')],
    leftOut.map(({ workload, target, why }) => [{ value: workload }, { value: target }, { value: why }]),
  );
