/** A comparison of two runs on several hosts as sentences and tables: keys and facts, worded at the door. */
import { tell } from '../../../../contract/messages';
import { comparedMetrics } from '../../../../contract/metrics';
import type { FleetsCompared, HostsChange } from '../../../../contract/report/fleetsCompared';
import type { Cell, Outcome, Table, Verdict } from '../../../../contract/report/report';
import { fewestToPool } from '../../statistics/randomEffects';
import { threeDigits } from '../sections/judgements';
import { column, target, workload } from '../table';
import { namesOf } from './words';

type Facts = Omit<FleetsCompared, 'verdicts' | 'charts' | 'tables'>;

/** What stands in the way first, then the changes, then what stayed undecided. */
export function changeVerdicts({ changes, leftOut, minimumEffect }: Facts): Verdict[] {
  const count = (outcome: Outcome) => changes.filter((one) => one.outcome === outcome).length;
  const all = changes.length;
  const minimum = { percent: minimumEffect * 100 };
  const few = changes.every(({ pooled }) => !pooled);
  return [
    ...(few ? [verdict('few', 'unclear', { fewest: fewestToPool })] : []),
    ...(count('not-comparable') > 0
      ? [verdict('not-comparable', 'unclear', { count: count('not-comparable'), all })]
      : []),
    ...changes.flatMap(changeVerdict),
    ...(count('same') > 0 ? [verdict('same', 'holds', { count: count('same'), all, minimum })] : []),
    ...(!few && count('unknown') > 0
      ? [verdict('undecided', 'unclear', { count: count('unknown'), all })]
      : []),
    ...(leftOut.length > 0
      ? [
          verdict('left-out', 'note', {
            count: leftOut.length,
            names: namesOf(leftOut.map(({ host }) => host)),
          }),
        ]
      : []),
    verdict('method', 'note', { minimum }),
  ];
}

const verdict = (
  id: 'few' | 'not-comparable' | 'same' | 'undecided' | 'left-out' | 'method',
  standing: Verdict['standing'],
  facts: Verdict['text']['facts'],
): Verdict => ({ id, standing, text: tell(`hosts.compare.${id}`, facts) });

function changeVerdict({ workload, target, metric, outcome, pooled }: HostsChange): Verdict[] {
  if ((outcome !== 'less' && outcome !== 'more') || !pooled) return [];
  const { compared } = comparedMetrics.find(({ id }) => id === metric)!;
  return [
    {
      id: `${metric} ${workload} ${target}`,
      about: { subject: compared.subject, workload, targets: [target] },
      standing: outcome === 'more' ? 'warning' : 'holds',
      judgement: 'differs',
      text: tell(`hosts.compare.${outcome}`, {
        metric: { words: `metric.${metric}` },
        workload,
        target: { target },
        ratio: { times: pooled.ratio },
        n: pooled.hosts,
        low: threeDigits(pooled.interval.low),
        high: threeDigits(pooled.interval.high),
      }),
    },
  ];
}

export const changeTables = (compared: Facts): Table[] =>
  [overHosts(compared), ...comparedMetrics.map(({ id, unit }) => byHost(compared, id, unit))].filter(
    ({ rows }) => rows.length > 0,
  );

const overHosts = ({ changes }: Facts): Table => ({
  id: 'hosts-compare',
  title: tell('hosts.title.pooled'),
  columns: [
    workload,
    target,
    column('metric', 'text'),
    column('hosts', 'count'),
    column('change', 'times'),
    column('p', 'percent'),
    column('judgement', 'text'),
  ],
  rows: changes.map(({ workload, target, metric, hosts, pooled, outcome }): Cell[] => [
    { value: workload },
    { value: target },
    { value: metric },
    { value: pooled?.hosts ?? hosts.length },
    pooled ? { value: pooled.ratio, interval: pooled.interval } : { value: null },
    { value: pooled ? Number((pooled.p * 100).toPrecision(2)) : null },
    { value: outcome },
  ]),
});

const byHost = ({ changes }: Facts, metric: HostsChange['metric'], unit: 'ms' | 'bytes'): Table => {
  const measured = changes
    .filter((one) => one.metric === metric)
    .flatMap(({ hosts, workload, target }) => hosts.map((host) => ({ ...host, workload, target })));
  const differs = measured.some(({ because }) => because !== undefined);
  return {
    id: `hosts-compare-${metric}`,
    title: tell(`table.compare-${metric}`),
    columns: [
      column('host', 'text'),
      workload,
      target,
      column('base', unit),
      column('other', unit),
      column('change', 'times'),
      ...(differs ? [column('condition', 'text')] : []),
    ],
    rows: measured.map(({ host, workload, target, base, other, ratio, interval, because }): Cell[] => [
      { value: host },
      { value: workload },
      { value: target },
      { value: base },
      { value: other },
      { value: ratio, ...(interval && { interval }) },
      ...(differs ? [{ value: because?.[0] ?? null }] : []),
    ]),
  };
};
