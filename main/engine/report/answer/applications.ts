/** The answer's figures application by application. */
import { tell } from '../../../contract/messages';
import { hostBytes, readyMs, type ComparedMetric } from '../../../contract/metrics';
import type { Cell, Table } from '../../../contract/report/report';
import type { AnsweredSide } from '../estimates/answered';
import { isMixed, type Group } from '../estimates/groups';
import { estimateCell } from '../estimates/measured';
import { table, workload } from '../table';

const rows = [
  ['memory', hostBytes],
  ['start-up', readyMs],
] as const;

/** Memory and start on both sides with their ratio; undefined of a single application. */
export function byApplication(base: AnsweredSide, other: AnsweredSide): Table | undefined {
  if (base.groups.length < 2) return undefined;
  const columns = rows.flatMap(([name, { unit }]): Table['columns'] => [
    ...[base, other].map(({ target }) => ({
      id: `${name} ${target}`,
      title: tell(`column.answer.${name}`, { target: { target } }),
      unit,
    })),
    { id: `${name} ratio`, title: tell(`column.answer.${name}Ratio`), unit: 'times' },
  ]);
  const cells = base.groups.map((group): Cell[] => {
    const twin = other.groups.find((one) => one.workload === group.workload);
    return [
      { value: group.workload },
      ...rows.flatMap(([, metric]) => [
        group.of(metric.read).cell(),
        twin?.of(metric.read).cell() ?? { value: null },
        twin ? ratioCell(group, twin, metric) : { value: null },
      ]),
    ];
  });
  return table('applications', [workload, ...columns], cells);
}

const ratioCell = (group: Group, twin: Group, { read }: ComparedMetric): Cell =>
  isMixed(group.trials) || isMixed(twin.trials)
    ? { value: null }
    : estimateCell(twin.of(read).ratioTo(group.of(read)));
