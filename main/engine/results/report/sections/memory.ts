/** Each instance's own memory: reserved and used, always both, the first one and each further one, and what it consists of. */
import { tell } from '../../../../contract/messages';
import { hostBytes, type Metric } from '../../../../contract/metrics';
import type { Cell, Table } from '../../../../contract/report/report';
import { hasLimits } from '../../../../contract/targets';
import { frame, labelOf, marks, reservation } from '../chart';
import type { Estimates } from '../estimates/estimates';
import { valuesOf, type Group } from '../estimates/groups';
import { mostOfMemory } from '../findings';
import { publishedOn } from '../published';
import type { Section } from '../section';
import {
  metricColumns,
  metricsOf,
  metricTable,
  n,
  rowHead,
  table,
  target,
  workload,
  type TrialMetric,
} from '../table';
import { shownOf } from '../estimates/shown';
import { baseOfBars } from './againstBaseline';

export const memory = {
  tables: (of) => [memoryTable(of), metricTable('parts', of.groups)],

  charts(of) {
    const { run, groups } = of;
    const parts = metricsOf('parts', groups);
    if (parts.length === 0) return [];
    return [
      {
        ...frame(
          'memory',
          groups.map((group) => group.of(hostBytes.read).n),
          mostOfMemory(of),
        ),
        kind: 'bars',
        unit: 'bytes',
        ...baseOfBars(of),
        series: parts.map(({ shown: { column, title } }) => ({
          id: column.replace(/^part\./, ''),
          label: tell(title),
        })),
        bars: groups.map((group) => {
          const shown = shownOf(of, group, hostBytes);
          return {
            label: labelOf(run, group),
            target: group.target,
            values: partsOf(group, parts, shown.value),
            ...marks(group.of(hostBytes.read), shown),
            ...reservation(group),
          };
        }),
        ...publishedOn('memory', run, groups),
      },
    ];
  },
} satisfies Section;

/** What each instance's memory consists of, by its cgroup or the guest's own account, and details beside it. */
export const inside = {
  tables: ({ groups }) => [
    metricTable(
      'inside',
      groups.filter(({ trials }) => trials.some(({ memory }) => memory.inside)),
    ),
  ],
} satisfies Section;

function memoryTable(of: Estimates): Table {
  const columns = metricColumns('memory', of.groups);
  const rows = of.groups.map((group) => [
    ...rowHead(group),
    { value: group.of(hostBytes.read).n },
    ...columns.map(({ id, cellOf }) =>
      id === 'reservedBytes' && group.trials.length === 0 ? plannedCell(of, group) : cellOf(group),
    ),
  ]);
  return table(
    'memory',
    [workload, target, n, ...columns.map(({ column }) => column)],
    rows,
    tell('table.memory.note'),
  );
}

/** What would have been reserved for a pair of which no trial counts. */
function plannedCell({ run }: Estimates, group: Group): Cell {
  const planned = run.plan.workloads.find(({ name }) => name === group.workload)!;
  return { value: hasLimits(group.target) ? planned.limits.memoryBytes : null };
}

/** The parts' means over the trials that could be weighed, as shares of the figure that is shown: so they add up to it. */
function partsOf(
  { trials }: Group,
  parts: readonly TrialMetric[],
  shown: number | undefined,
): (number | null)[] {
  const weighed = trials.filter((trial) => hostBytes.read(trial) !== undefined);
  const sum = (read: Metric['read']) => weighed.reduce((all, trial) => all + (read(trial) ?? 0), 0);
  const scale = (shown ?? 0) / (sum(hostBytes.read) || 1);
  return parts.map(({ read }) => (valuesOf(weighed, read).length > 0 ? sum(read) * scale : null));
}
