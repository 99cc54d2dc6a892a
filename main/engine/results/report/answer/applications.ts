/** The answer's figures application by application. */
import { tell } from '../../../../contract/messages';
import { hostBytes, readyMs, type ComparedMetric } from '../../../../contract/metrics';
import type { Cell, Message, Table } from '../../../../contract/report/report';
import type { AnsweredSide } from '../estimates/answered';
import { isMixed, type Group } from '../estimates/groups';
import { estimateCell } from '../estimates/measured';
import { table, workload } from '../table';

const rows = [
  ['memory', hostBytes],
  ['start-up', readyMs],
] as const;

/** Ratios that are closer together are not worth a title. */
const apart = 1.2;

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
  const made = table('applications', [workload, ...columns], cells);
  const title = furthestApart(cells, columns.findIndex(({ id }) => id === 'memory ratio') + 1);
  return title ? { ...made, title } : made;
}

/** Which application has the smallest ratio of memory and which the largest, as the table's title. */
function furthestApart(rows: readonly Cell[][], at: number): Message | undefined {
  const known = rows.flatMap((row) => {
    const [name, ratio] = [row[0]?.value, row[at]?.value];
    return typeof name === 'string' && typeof ratio === 'number' ? [{ name, ratio }] : [];
  });
  const sorted = known.sort((a, b) => a.ratio - b.ratio);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (!least || !most || known.length < rows.length || most.ratio < least.ratio * apart) return undefined;
  return tell('finding.applications', {
    low: { times: least.ratio },
    least: least.name,
    high: { times: most.ratio },
    most: most.name,
  });
}

const ratioCell = (group: Group, twin: Group, { read }: ComparedMetric): Cell =>
  isMixed(group.trials) || isMixed(twin.trials)
    ? { value: null }
    : estimateCell(twin.of(read).ratioTo(group.of(read)));
