/** A comparison over hosts as a forest plot. */
import { tell } from '../../../../contract/messages';
import type { HostRatio, HostsComparison } from '../../../../contract/report/fleet';
import type { ChartSpec } from '../../../../contract/report/report';
import { titleOf } from './tables';

/** More hosts than these are drawn in the order of their ratios, which shows how these are spread; fewer in the order of the plan. */
const mostAsAsked = 40;

export function forestOf(comparison: HostsComparison, id: string, minimumEffect: number): ChartSpec {
  const { hosts, other, pooled } = comparison;
  const byRatio = (a: HostRatio, b: HostRatio) => a.ratio - b.ratio;
  const rows = hosts.length > mostAsAsked ? hosts.toSorted(byRatio) : hosts;
  return {
    id,
    kind: 'forest',
    unit: 'times',
    title: titleOf(comparison),
    note: tell(pooled ? 'hosts.chart.note' : 'hosts.chart.note.few'),
    axis: tell('column.hostRatio'),
    minimumEffect,
    rows: rows.map(({ host, ratio, interval, weight, emulated }) => ({
      label: host,
      target: other.target,
      ratio,
      ...(interval && { interval }),
      ...(weight !== undefined && { weight: Math.min(1, weight) }),
      ...(emulated && { emulated }),
    })),
    ...(pooled && {
      pooled: {
        label: tell('hosts.chart.pooled', { count: pooled.hosts }),
        ratio: pooled.ratio,
        interval: pooled.interval,
        prediction: pooled.prediction,
      },
    }),
  };
}
