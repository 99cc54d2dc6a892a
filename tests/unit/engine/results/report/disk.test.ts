import { expect, test } from 'vitest';
import { Estimates } from '../../../../../main/engine/results/report/estimates/estimates';
import { disk } from '../../../../../main/engine/results/report/sections/disk';
import { startUp } from '../../../../../main/engine/results/report/sections/startUp';
import type { Table } from '../../../../../main/contract/report/report';
import type { Run } from '../../../../../main/contract/run/run';
import { makeReport } from '../../../../../main/engine/results/report/report';
import { fakeRun } from '../../../../support/fakes/fakeRun';

const mebibyte = 1024 ** 2;
const startUpTable = (run: Run) => startUp.tables(new Estimates(run))[0]!;

test('the disk table tells what is kept, what it looks like, and what was written', () => {
  const run = fakeRun({
    change: ({ target, disk }) => {
      if (target !== 'vm:direct') return;
      Object.assign(disk, { vmDiskLogicalBytes: 3 * mebibyte, kernelBytes: 40 * mebibyte });
    },
  });
  run.environment.images[0]!.sharedBytes = 1_000_000;
  const [table] = disk.tables(new Estimates(run)) as [Table];
  expect(table.columns.map(({ id }) => id)).toEqual([
    'workload',
    'target',
    'imageBytes',
    'sharedBytes',
    'vmDiskBytes',
    'vmDiskLogicalBytes',
    'kernelBytes',
    'writtenBytes', // and no saved machine, which no row has
  ]);
  expect(table.rows.map((row) => row.slice(1).map(({ value }) => value))).toEqual([
    ['container', 2_271_040, 1_000_000, null, null, null, 4096],
    ['vm:direct', 2_271_040, 1_000_000, 1_413_120, 3 * mebibyte, 40 * mebibyte, null],
  ]);
  expect(table.note?.key).toBe('table.disk.note');
});

test('the first start stands beside the median and changes no other figure', () => {
  const run = fakeRun();
  const before = makeReport(run, []);
  const first = (target: string) => run.trials.find((trial) => trial.target === target)!;
  run.warmups = [
    { ...first('container'), index: -1, readyMs: 400 },
    { ...first('container'), index: -2, readyMs: 900 }, // the earlier one, whatever the order they are kept in
    { ...first('vm:direct'), index: -2, readyMs: 9000 },
  ];
  const table = startUpTable(run);
  expect(table.columns.at(-1)!.id).toBe('coldMs');
  expect(table.rows.map((row) => row.at(-1))).toEqual([{ value: 900 }, { value: 9000 }]);
  expect(table.note?.key).toBe('table.start-up.note');
  const after = makeReport(run, []);
  const others = ({ tables, verdicts, charts }: typeof after) => ({
    verdicts,
    charts,
    tables: tables.map(({ id, rows }) => (id === 'start-up' ? rows.map((row) => row.slice(0, 6)) : rows)),
  });
  expect(others(after)).toEqual(others(before));
});

test('without a warm-up there is no column of first starts', () => {
  const { columns, note } = startUpTable(fakeRun());
  expect(columns.map(({ id }) => id)).not.toContain('coldMs');
  expect(note).toBeUndefined();
});
