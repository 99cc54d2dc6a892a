/** A comparison as sentences and tables: keys and facts, worded at the door. */
import { tell, type NameIn } from '../../../../contract/messages';
import { comparedMetrics, type ComparedMetric } from '../../../../contract/metrics';
import type { MetricComparison, RunComparison } from '../../../../contract/report/comparison';
import {
  inUnit,
  type Fact,
  type Outcome,
  type Table,
  type Verdict,
} from '../../../../contract/report/report';
import { seenFact } from '../sections/judgements';
import { column, table, target, workload } from '../table';

type Facts = Omit<RunComparison, 'verdicts' | 'tables'>;

/** What stands in the way of everything first, then the changes, then what stayed undecided. */
export function comparisonVerdicts(comparison: Facts): Verdict[] {
  const { metrics, minimumEffect, differences, sameImages, leftOut, repeated } = comparison;
  const count = (outcome: Outcome) => metrics.filter((row) => row.outcome === outcome).length;
  const conditions = differences.filter(({ kind }) => kind === 'conditions').length;
  const same = count('same');
  return [
    ...(conditions > 0 ? [verdict('conditions', 'warning', { count: conditions })] : []),
    ...(sameImages ? [verdict('same-image', 'note', { workloads: sameImages.join(', ') })] : []),
    ...(repeated ? [] : [notRepeated(comparison)]),
    ...notComparable(comparison),
    ...metrics.flatMap(changeVerdict),
    ...(same > 0
      ? [verdict('same', 'holds', { count: same, minimum: { percent: minimumEffect * 100 } })]
      : []),
    ...(repeated && count('unknown') > 0 ? [undecided(comparison, count('unknown'))] : []),
    ...(leftOut.length > 0 ? [verdict('left-out', 'note', { count: leftOut.length })] : []),
    ...(repeated ? [verdict('method', 'note', { minimum: { percent: minimumEffect * 100 } })] : []),
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

/** Two single runs, or one against several: nothing tells how far two runs of the same differ. */
const notRepeated = ({ base, other }: Facts): Verdict =>
  base.length === 1 && other.length === 1 ? verdict('single', 'unclear') : verdict('one-sided', 'unclear');

/** A sentence for each condition that keeps figures apart, with how many. */
function notComparable({ metrics, differences }: Facts): Verdict[] {
  const apart = metrics.filter(({ because }) => because !== undefined);
  const names = new Set(apart.flatMap(({ because }) => because!));
  return [...names].map((what) => {
    const of = (row: MetricComparison) => row.because!.includes(what);
    const { base, other } = differences.find((one) => one.what === what)!;
    return {
      ...verdict('not-comparable', 'unclear', {
        what: { words: `condition.${what}` },
        base: base ?? '–',
        other: other ?? '–',
        count: apart.filter(of).length,
      }),
      id: `not-comparable ${what}`,
      judgement: 'not-comparable' as const,
    };
  });
}

function changeVerdict(row: MetricComparison): Verdict[] {
  const { workload, target, outcome, ratio, interval } = row;
  if ((outcome !== 'less' && outcome !== 'more') || !interval) return [];
  const { id, unit, compared } = comparedMetrics.find((metric) => metric.id === row.metric)!;
  const turn = (value: number) => Number((outcome === 'less' ? 1 / value : value).toPrecision(3));
  const edges = [turn(interval.low), turn(interval.high)].sort((a, b) => a - b);
  return [
    {
      id: `${id} ${workload} ${target}`,
      about: { subject: compared.subject, workload, targets: [target] },
      standing: outcome === 'more' ? 'warning' : 'holds',
      judgement: 'differs',
      text: tell(`verdict.compare.${id}.${outcome}`, {
        workload,
        target: { target },
        before: inUnit(unit, row.base.centre),
        after: inUnit(unit, row.other.centre),
        ratio: turn(ratio),
        low: edges[0]!,
        high: edges[1]!,
      }),
    },
  ];
}

/** Nothing found is not the same as nothing there: what would have been seen says what could have hidden. */
function undecided({ metrics }: Facts, count: number): Verdict {
  const detectable = metrics
    .filter(({ outcome }) => outcome === 'unknown')
    .map((row) => row.detectable ?? Infinity);
  const facts = { count, all: metrics.length };
  const seen = Math.max(...detectable);
  return Number.isFinite(seen)
    ? verdict('undecided', 'unclear', { ...facts, seen: seenFact(seen) })
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
      .map(({ workload, target, base, other, ratio, interval, p, outcome }) => [
        { value: workload },
        { value: target },
        { value: base.centre, n: base.n },
        { value: other.centre, n: other.n },
        { value: ratio, ...(interval && { interval }) },
        { value: p === undefined ? null : Number((p * 100).toPrecision(2)) },
        { value: outcome },
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
