/** Reads reports as a person would: by the names of columns, verdicts and charts. */
import { expect } from 'vitest';
import type { Cell, ChartSpec, Report } from '../../../main/contract/report/report';
import type { Trial } from '../../../main/contract/run/run';

/** A table's rows as objects by column, each cell's value. */
export function rowsOf(report: Report, id: string): Record<string, Cell['value']>[] {
  const table = report.tables.find((one) => one.id === id);
  return (table?.rows ?? []).map((row) =>
    Object.fromEntries(table!.columns.map((column, at) => [column.id, row[at]!.value])),
  );
}
export const cellOf = (report: Report, id: string, row: number, column: string): Cell => {
  const table = report.tables.find((one) => one.id === id)!;
  return table.rows[row]![table.columns.findIndex((one) => one.id === column)]!;
};
export const verdictsOf = (report: Report, id: string) =>
  report.verdicts.filter((verdict) => verdict.id.startsWith(id));
export const chartOf = <K extends ChartSpec['kind']>(report: Report, id: string, kind: K) => {
  const chart = report.charts.find((one) => one.id === id)!;
  expect(chart.kind).toBe(kind);
  return chart as Extract<ChartSpec, { kind: K }>;
};
/** Independent of the engine's own grouping. */
export const read = (
  trials: Trial[],
  workload: string,
  target: string,
  of: (trial: Trial) => number | undefined,
) =>
  trials
    .filter((trial) => trial.workload === workload && trial.target === target && trial.outcome === 'ok')
    .map(of)
    .filter((value) => value !== undefined);
