/** A comparison of two runs on several hosts as forest plots, one per metric. */
import { tell } from '../../../../contract/messages';
import { comparedMetrics } from '../../../../contract/metrics';
import type { FleetsCompared, HostsChange } from '../../../../contract/report/fleetsCompared';
import type { ChartSpec, Message } from '../../../../contract/report/report';
import { fewestToPool } from '../../statistics/randomEffects';
import { nameOf } from '../chart';

type Forest = Extract<ChartSpec, { kind: 'forest' }>;

export function changeCharts({
  changes,
  minimumEffect,
}: Pick<FleetsCompared, 'changes' | 'minimumEffect'>): ChartSpec[] {
  const several = new Set(changes.map(({ workload }) => workload)).size > 1;
  return comparedMetrics.flatMap(({ id }): Forest[] => {
    const rows = changes.filter(({ metric }) => metric === id).flatMap((change) => rowsOf(change, several));
    if (rows.length === 0) return [];
    return [
      {
        id: `hosts-compare-${id}`,
        kind: 'forest',
        unit: 'times',
        title: tell(`table.compare-${id}`),
        note: tell('hosts.compare.chart.note', { minimum: { percent: minimumEffect * 100 } }),
        axis: tell('column.change'),
        minimumEffect,
        rows,
      },
    ];
  });
}

/** All hosts together where they can be pooled; else each of the few that there are. */
function rowsOf(change: HostsChange, several: boolean): Forest['rows'] {
  const { workload, target, hosts, pooled, emulated } = change;
  const row = (label: Message, { ratio, interval }: Pick<Forest['rows'][number], 'ratio' | 'interval'>) => ({
    ...{ label, target, ratio },
    ...(interval && { interval }),
    ...(emulated && { emulated }),
  });
  if (pooled) return [row(nameOf({ target, ...(several && { workload }) }), pooled)];
  const comparable = hosts.filter(({ because }) => !because);
  if (comparable.length >= fewestToPool) return []; // none of them has an interval: they say nothing together
  const key = several ? 'hosts.compare.chart.row' : 'hosts.compare.chart.target';
  const facts = { ...(several && { workload }), target: { target } };
  return comparable.map((one) => row(tell(key, { host: one.host, ...facts }), one));
}
