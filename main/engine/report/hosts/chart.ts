/** A comparison over hosts as a forest plot. */
import { tell } from '../../../contract/messages';
import type { HostRatio, HostsComparison } from '../../../contract/report/fleet';
import type { ChartSpec } from '../../../contract/report/report';
import { titleOf } from './tables';

/** More hosts than these are drawn in the order of their ratios, which shows how these are spread; fewer in the order of the plan. */
const mostAsAsked = 40;

/** What can be drawn. */
const bounded = (ratio: number): number =>
  Math.min(Number.MAX_SAFE_INTEGER, Math.max(1 / Number.MAX_SAFE_INTEGER, ratio));
const within = ({ low, high }: { low: number; high: number }) => ({ low: bounded(low), high: bounded(high) });

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
      ratio: bounded(ratio),
      ...(interval && { interval: within(interval) }),
      ...(weight !== undefined && { weight: Math.min(1, weight) }),
      ...(emulated && { emulated }),
    })),
    ...(pooled && {
      pooled: {
        label: tell('hosts.chart.pooled', { count: pooled.hosts }),
        ratio: bounded(pooled.ratio),
        interval: within(pooled.interval),
        prediction: within(pooled.prediction),
      },
    }),
  };
}
