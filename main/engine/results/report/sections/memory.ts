/** Each instance's own memory: reserved and used, always both, the first one and each further one, and what it consists of. */
import { tell } from '../../../../contract/messages';
import { hostBytes } from '../../../../contract/metrics';
import type { Cell, Table } from '../../../../contract/report/report';
import { hasLimits } from '../../../../contract/targets';
import { frame, labelOf, marks, reservation } from '../chart';
import type { Estimates } from '../estimates/estimates';
import { valuesOf, type Group } from '../estimates/groups';
import { mostOfMemory } from '../findings';
import { publishedOn } from '../published';
import type { Section } from '../section';
import {
  column,
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
import { baseOfBars, ratioCell, timesBase } from './againstBaseline';

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
        bars: groups.map((group) => ({
          label: labelOf(run, group),
          target: group.target,
          values: partsInTheMiddle(group, parts),
          ...timesBase(of, group, hostBytes),
          ...marks(group.of(hostBytes.read)),
          ...reservation(group),
        })),
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
    ratioCell(of, group, hostBytes),
  ]);
  return table(
    'memory',
    [workload, target, n, ...columns.map(({ column }) => column), column('ratio', 'times')],
    rows,
    tell('table.memory.note'),
  );
}

/** What would have been reserved for a pair of which no trial counts. */
function plannedCell({ run }: Estimates, group: Group): Cell {
  const planned = run.plan.workloads.find(({ name }) => name === group.workload)!;
  return { value: hasLimits(group.target) ? planned.limits.memoryBytes : null };
}

/**
 * The parts of the trial with the median own memory, or the means of the two in the middle: so they add up to the very
 * median that tables and claims name, which the parts' own medians would not.
 */
function partsInTheMiddle({ trials }: Group, parts: readonly TrialMetric[]): (number | null)[] {
  const whole = trials
    .filter((trial) => hostBytes.read(trial) !== undefined)
    .sort((a, b) => hostBytes.read(a)! - hostBytes.read(b)!);
  const middle = whole.slice(Math.floor((whole.length - 1) / 2), Math.floor(whole.length / 2) + 1);
  return parts.map(({ read }) => {
    const bytes = valuesOf(middle, read);
    return bytes.length > 0 ? bytes.reduce((sum, one) => sum + one, 0) / middle.length : null;
  });
}
