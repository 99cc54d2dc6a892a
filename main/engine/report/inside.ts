/** What each instance's memory consists of: the container's cgroup and the guest's own books. */
import type { Table } from '../../contract/report/report';
import { insideNames, type InsideName, type Run } from '../../contract/run/run';
import { groupsOf, plainCell, valuesOf, type Reading } from './groups';
import { column, key } from './tables';

const bytesOf =
  (name: InsideName): Reading =>
  ({ memory }) =>
    memory.inside?.find(({ part }) => part === name)?.bytes;

/** What is beside the parts, or in them already. */
const beside = [
  { name: 'pageTableBytes', title: 'column.pageTableBytes' },
  { name: 'reclaimableBytes', title: 'column.reclaimableBytes' },
  { name: 'sharedBytes', title: 'column.shared' },
  { name: 'mergedBytes', title: 'column.merged' },
] as const;

export function insideTable(run: Run): Table {
  const groups = groupsOf(run).filter(({ trials }) => trials.some(({ memory }) => memory.inside));
  const names = insideNames.filter((name) =>
    groups.some(({ trials }) => valuesOf(trials, bytesOf(name)).length > 0),
  );
  // no column for what is 0 everywhere, as merged memory is on most hosts
  const extra = beside.filter(({ name }) =>
    groups.some(({ trials }) => trials.some(({ memory }) => memory[name])),
  );
  const rows = groups.map(({ workload, target, trials }) => [
    { value: workload },
    { value: target },
    ...names.map((name) => plainCell(valuesOf(trials, bytesOf(name)))),
    ...extra.map(({ name }) => plainCell(valuesOf(trials, ({ memory }) => memory[name]))),
  ]);
  const columns = [
    column('workload', 'text'),
    column('target', 'text'),
    ...names.map((name) => column(`part.${name}`, 'bytes', `part.${name}`)),
    ...extra.map(({ name, title }) => column(name, 'bytes', title)),
  ];
  return { id: 'inside', title: key('table.inside'), columns, rows };
}
