/** How long a start takes while so many others of its kind are up. */
import { tell } from '../../../../../contract/messages';
import { readyMs } from '../../../../../contract/metrics';
import type { ChartSpec, Message, Table } from '../../../../../contract/report/report';
import type { TargetId } from '../../../../../contract/targets';
import { mean, quantile } from '../../../statistics/summary';
import { frame, labelOf, rangeOf } from '../../chart';
import type { Estimates } from '../../estimates/estimates';
import { Measured } from '../../estimates/measured';
import type { Section } from '../../section';
import { column, n, rowHead, table, target, workload } from '../../table';

/** Below this many starts the slowest of them is no 95th percentile. */
const fewestForP95 = 20;

export const densityStarts = {
  tables: (of) => [startsTable(of)],
  charts: startsChart,
} satisfies Section;

/** Starts that found about as many others up: 0, 1, 2 – 3, 4 – 7 …, as between the counts of a ladder. */
interface Company {
  workload: string;
  target: TargetId;
  /** how many were up before each of them */
  up: number[];
  ready: Measured;
}

function companiesOf(of: Estimates): Company[] {
  return of.groups.flatMap(({ workload, target, trials }) => {
    const byDoubling = new Map<number, { up: number; value: number }[]>();
    for (const trial of trials) {
      const value = readyMs.read(trial);
      if (trial.upBefore === undefined || value === undefined) continue;
      const doubling = Math.floor(Math.log2(Math.max(0.5, trial.upBefore)));
      byDoubling.set(doubling, [...(byDoubling.get(doubling) ?? []), { up: trial.upBefore, value }]);
    }
    return [...byDoubling]
      .sort(([a], [b]) => a - b)
      .map(([, starts]) => ({
        workload,
        target,
        up: starts.map(({ up }) => up),
        ready: new Measured(starts.map(({ value }) => value)),
      }));
  });
}

const p95 = (ready: Measured): number | null =>
  ready.n >= fewestForP95 ? quantile(ready.sorted(), 0.95) : null;

/** All starts of a pair, however many were up. */
function allStarts(of: Estimates, companies: readonly Company[]): Company[] {
  return of.groups.flatMap(({ workload, target }) => {
    const parts = companies.filter((one) => one.workload === workload && one.target === target);
    if (parts.length < 2) return [];
    const values = parts.flatMap(({ ready }) => [...ready.values]);
    return [{ workload, target, up: parts.flatMap(({ up }) => up), ready: new Measured(values) }];
  });
}

function startsTable(of: Estimates): Table {
  const companies = companiesOf(of);
  const rows = [...companies, ...allStarts(of, companies)].map((company) => [
    ...rowHead(company),
    { value: rangeOf(company.up) },
    { value: company.ready.n },
    company.ready.cell(),
    { value: p95(company.ready), n: company.ready.n },
  ]);
  const columns = [
    workload,
    target,
    column('upBefore', 'text'),
    n,
    column('readyMs', 'ms'),
    column('readyP95Ms', 'ms'),
  ];
  return table('density-starts', columns, rows, tell('table.density-starts.note'));
}

/** The median of each company, and its 95th percentile where there are starts enough, at the mean of how many were up. */
function startsChart(of: Estimates): ChartSpec[] {
  const companies = companiesOf(of);
  const pairs = of.groups.map((group) => ({
    group,
    all: companies.filter(({ workload, target }) => workload === group.workload && target === group.target),
  }));
  const lineOf = (
    all: Company[],
    label: Message,
    target: TargetId,
    read: (ready: Measured) => number | null,
  ) => {
    const points = all.flatMap(({ up, ready }) => {
      const y = read(ready);
      return y === null ? [] : [{ xMs: mean(up), y }];
    });
    return points.length > 1 ? [{ label, target, points }] : []; // of a single point nothing rises or falls
  };
  const lines = pairs.flatMap(({ group, all }) => [
    ...lineOf(all, labelOf(of.run, group), group.target, (ready) => ready.median() ?? null),
    ...lineOf(
      all,
      tell('chart.density-starts.p95', { workload: group.workload, target: { target: group.target } }),
      group.target,
      p95,
    ),
  ]);
  if (lines.length === 0) return [];
  return [
    {
      ...frame(
        'density-starts',
        companies.map(({ ready }) => ready.n),
      ),
      kind: 'lines',
      unit: 'ms',
      axis: tell('column.readyMs'),
      across: { unit: 'count', title: tell('chart.axis.up-before') },
      lines,
    },
  ];
}
