/** The tables over hosts: each comparison host by host, what all hosts say together, what differs between them, and who gave nothing. */
import { tell } from '../../../../contract/messages';
import type { HostsComparison } from '../../../../contract/report/fleet';
import type { Cell, Message, Table } from '../../../../contract/report/report';
import { nameOf } from '../chart';
import { column, target, type Column } from '../table';
import type { ValueOnHosts } from './conditions';
import type { HostPart } from './part';
import { namesOf } from './words';

type Side = HostsComparison['base'];

/** Names the table, the chart and the files of each comparison: no two have the same. */
export function idsOf(comparisons: readonly HostsComparison[]): string[] {
  const seen = { memory: 0, 'start-up': 0 };
  return comparisons.map(({ metric }) => {
    seen[metric] += 1;
    return seen[metric] === 1 ? `hosts-${metric}` : `hosts-${metric}-${seen[metric]}`;
  });
}

/** What a comparison is of. */
export const titleOf = ({ metric, base, other }: HostsComparison): Message =>
  tell(`hosts.title.${metric}`, { base: sideFact(base), other: sideFact(other) });

const sideFact = ({ target: id, workload }: Side) => workload ?? { target: id };

const host = column('host', 'text');
const count = column('hosts', 'count');

/** Of each comparison, a row per host. */
export function comparisonTable(comparison: HostsComparison, id: string): Table {
  const { metric, base, other, hosts } = comparison;
  const unit = metric === 'memory' ? 'bytes' : 'ms';
  const titled = (name: 'base' | 'other', side: Side): Column => ({ id: name, title: nameOf(side), unit });
  return {
    id,
    title: titleOf(comparison),
    columns: [
      host,
      titled('base', base),
      titled('other', other),
      column('hostRatio', 'times'),
      column('judgement', 'text'),
      column('weight', 'percent'),
    ],
    rows: hosts.map(({ host: name, n, weight, ratio, interval, judgement, ...of }) => [
      { value: name },
      { value: of.base },
      { value: of.other },
      { value: ratio, ...(interval && { interval }), n },
      { value: judgement },
      { value: weight === undefined ? null : weight * 100 },
    ]),
    note: tell('hosts.table.note'),
  };
}

const percent = (name: 'tau' | 'share'): Column => column(name, 'percent');

/** Of each comparison a row: what holds on how many hosts, and the mean of those that are pooled. */
export const pooledTable = (comparisons: readonly HostsComparison[]): Table => ({
  id: 'hosts-pooled',
  title: tell('hosts.title.pooled'),
  columns: [
    column('metric', 'text'),
    target,
    column('onMore', 'count'),
    column('onLess', 'count'),
    column('onSame', 'count'),
    column('onUnclear', 'count'),
    column('pooled', 'times'),
    column('predictionLow', 'times'),
    column('predictionHigh', 'times'),
    percent('tau'),
    percent('share'),
  ],
  rows: comparisons.map(({ metric, other, counts, pooled }): Cell[] => [
    { value: metric === 'memory' ? 'hostBytes' : 'readyMs' },
    { value: other.target },
    { value: counts.more },
    { value: counts.less },
    { value: counts.same },
    { value: counts.unknown },
    pooled ? { value: pooled.ratio, interval: pooled.interval, n: pooled.hosts } : { value: null },
    { value: pooled?.prediction.low ?? null },
    { value: pooled?.prediction.high ?? null },
    { value: pooled ? (Math.exp(pooled.tau) - 1) * 100 : null },
    { value: pooled ? pooled.share * 100 : null },
  ]),
  note: tell('hosts.pooled.note'),
});

/** So many values of a condition are told; what all other hosts have is counted. */
const mostValues = 12;

export function conditionsTable(differences: readonly ValueOnHosts[]): Table {
  const all = [...new Set(differences.map(({ what }) => what))];
  const rows = all.flatMap((what) => {
    const values = differences.filter((one) => one.what === what);
    const shown = values.slice(0, mostValues);
    const rest = values.slice(mostValues).flatMap(({ hosts }) => hosts);
    return [
      ...shown.map(({ value, hosts }) => [value, hosts] as const),
      ...(rest.length > 0 ? [['…', rest] as const] : []),
    ].map(([value, hosts]): Cell[] => [
      { value: what },
      { value },
      { value: hosts.length },
      { value: namesOf(hosts) },
    ]);
  });
  return {
    id: 'hosts-conditions',
    title: tell('hosts.title.conditions'),
    columns: [column('condition', 'text'), column('value', 'text'), count, column('names', 'text')],
    rows,
  };
}

/** Hosts that gave nothing, or not all of it; the reasons in words stand beside the record. */
export const missingTable = (parts: readonly HostPart[]): Table => ({
  id: 'hosts-missing',
  title: tell('hosts.title.failures'),
  columns: [
    host,
    column('outcome', 'text'),
    column('code', 'text'),
    column('trials', 'count'),
    column('failedTrials', 'count'),
  ],
  rows: parts
    .filter(({ host: { outcome }, trials, failed }) => outcome !== 'ok' || failed > 0 || trials === 0)
    .map(({ host: { name, outcome, failure }, trials, failed }) => [
      { value: name },
      { value: outcome },
      { value: failure?.code ?? null },
      { value: trials },
      { value: failed },
    ]),
});
