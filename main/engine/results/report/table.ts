/** The tables of a report: columns, the cells that say what a row is about, and metrics as columns. */
import { tell, type KeyOf, type NameIn } from '../../../contract/messages';
import { trialMetrics, type Metric, type MetricTable, type ShownMetric } from '../../../contract/metrics';
import type { Cell, Message, Table, Unit } from '../../../contract/report/report';
import type { Trial } from '../../../contract/run/run';
import type { Group } from './estimates/groups';

export type Column = Table['columns'][number];

/** A column whose words have its name. */
export const column = (
  id: NameIn<'column'>,
  unit: Unit,
  title: KeyOf<'column'> = `column.${id}`,
): Column => ({
  id,
  title: tell(title),
  unit,
});

export const workload = column('workload', 'text');
export const target = column('target', 'text');
export const n = column('n', 'count');

/** What a row is about. */
export const rowHead = (of: Pick<Group, 'workload' | 'target'>): Cell[] => [
  { value: of.workload },
  { value: of.target },
];

type TableName = Exclude<NameIn<'table'>, `${string}.note`>;
export const table = (id: TableName, columns: Column[], rows: Cell[][], note?: Message): Table => ({
  id,
  title: tell(`table.${id}`),
  columns,
  rows,
  ...(note && { note }),
});

/** A metric that a table shows. */
type InTable<Of> = Metric<Of> & { shown: ShownMetric };
export type TrialMetric = InTable<Trial>;

/** The metrics of a table, in its order. */
export const metricsIn = <Of>(name: MetricTable, metrics: readonly Metric<Of>[]): InTable<Of>[] =>
  metrics.filter((metric): metric is InTable<Of> => metric.shown?.table === name);

/** Those that the table shows of these groups. */
export const metricsOf = (name: MetricTable, groups: readonly Group[]): TrialMetric[] =>
  metricsIn(name, trialMetrics).filter(({ read, shown: { onlyWhere } }) => {
    const isWorthAColumn = onlyWhere === 'not-zero' ? (value: number) => value !== 0 : () => true;
    return onlyWhere === undefined || groups.some((group) => group.of(read).values.some(isWorthAColumn));
  });

/** A metric as a column, with the cell of each group. */
export interface MetricColumn {
  id: string;
  column: Column;
  cellOf: (group: Group) => Cell;
}

export const metricColumn = <Of>({ unit, shown }: InTable<Of>): Column => ({
  id: shown.column,
  title: tell(shown.title),
  unit,
});

/** The metrics that a table shows of these groups, as columns. */
export const metricColumns = (name: MetricTable, groups: readonly Group[]): MetricColumn[] =>
  metricsOf(name, groups).map((metric) => ({
    id: metric.id,
    column: metricColumn(metric),
    cellOf: (group) => metricCell(metric, group),
  }));

/** What is told of a metric: a sum, the median with its interval, or the median alone. */
export function metricCell({ read, shown, compared }: Metric, group: Group): Cell {
  const measured = group.of(read);
  if (shown?.sum) return measured.sumCell();
  return shown?.interval || compared ? measured.cell() : measured.plainCell();
}

/** One row per group, with the metrics that the table shows. */
export function metricTable(name: MetricTable & TableName, groups: readonly Group[]): Table {
  const columns = metricColumns(name, groups);
  return table(
    name,
    [workload, target, ...columns.map(({ column }) => column)],
    groups.map((group) => [...rowHead(group), ...columns.map(({ cellOf }) => cellOf(group))]),
  );
}
