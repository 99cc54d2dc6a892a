import { expect, test } from 'vitest';
import { say } from '../../../../../main/contract/messages';
import { Estimates } from '../../../../../main/engine/results/report/estimates/estimates';
import { lifecycle } from '../../../../../main/engine/results/report/sections/lifecycle';
import { fakeRun } from '../../../../support/fakes/fakeRun';

test('the table of lives tells what stays after a stop and a deletion, and never 0 for what could not be read', () => {
  const run = fakeRun();
  const [lived] = run.trials.filter(({ outcome }) => outcome === 'ok');
  lived!.lifecycle = {
    stopMs: 12,
    stoppedBytes: 0,
    stoppedHostBytes: -4096,
    deletedHostBytes: 8192,
    missing: [{ what: 'deletedBytes', reason: 'engine-elsewhere' }],
  };
  const { columns, rows } = lifecycle.tables(new Estimates(run))[0]!;
  expect(rows).toHaveLength(1);
  const at = (id: string) => rows[0]![columns.findIndex((column) => column.id === id)];
  expect(at('stoppedBytes')).toMatchObject({ value: 0, n: 1 });
  expect(at('stoppedHostBytes')).toMatchObject({ value: -4096 });
  expect(at('deletedHostBytes')).toMatchObject({ value: 8192 });
  expect(at('deletedBytes')).toEqual({ value: null, n: 0 });
  for (const { title } of columns)
    for (const locale of ['en', 'zh-CN'] as const) expect(say(locale, title)).not.toContain('column.');
});
