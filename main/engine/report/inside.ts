/** What each instance's memory consists of: the container's cgroup and the guest's own books. */
import type { Table } from '../../contract/report';
import { insideNames, type InsideName, type Run } from '../../contract/run';
import { groupsOf, plainCell, valuesOf, type Reading } from './groups';
import { column, key } from './tables';

const bytesOf =
  (name: InsideName): Reading =>
  ({ memory }) =>
    memory.inside?.find(({ part }) => part === name)?.bytes;

export function insideTable(run: Run): Table {
  const groups = groupsOf(run).filter(({ trials }) => trials.some(({ memory }) => memory.inside));
  const names = insideNames.filter((name) =>
    groups.some(({ trials }) => valuesOf(trials, bytesOf(name)).length > 0),
  );
  const rows = groups.map(({ workload, target, trials }) => [
    { value: workload },
    { value: target },
    ...names.map((name) => plainCell(valuesOf(trials, bytesOf(name)))),
    plainCell(valuesOf(trials, ({ memory }) => memory.pageTableBytes)),
    plainCell(valuesOf(trials, ({ memory }) => memory.reclaimableBytes)),
  ]);
  const columns = [
    column('workload', 'text'),
    column('target', 'text'),
    ...names.map((name) => column(`part.${name}`, 'bytes', `part.${name}`)),
    column('pageTableBytes', 'bytes'),
    column('reclaimableBytes', 'bytes'),
  ];
  return { id: 'inside', title: key('table.inside'), columns, rows };
}
