import { expect, test } from 'vitest';
import { isMessageKey } from '../../../../../main/contract/messages';
import type { Run } from '../../../../../main/contract/run/run';
import { planId } from '../../../../../main/engine/results/history/series';
import { summarise } from '../../../../../main/engine/results/history/lines';
import { compareRuns } from '../../../../../main/engine/results/report/comparison/comparison';
import { makeReport } from '../../../../../main/engine/results/report/report';
import { fakeRun } from '../../../../support/fakes/fakeRun';

const mebibyte = 1024 ** 2;
const run = (cached?: number): Run =>
  fakeRun({
    plan: { trials: 6, ...(cached !== undefined && { cold: true }) },
    change(trial) {
      if (cached !== undefined)
        trial.files = { bytes: 40 * mebibyte, droppedBytes: 30 * mebibyte, cachedBytes: cached };
    },
  });
const report = (cached?: number) => makeReport(run(cached), []);
const ofStart = ({ tables }: ReturnType<typeof report>) => tables.find(({ id }) => id === 'start-up')!;

test('cold starts are told as such first, with what was still in the cache', () => {
  const { verdicts, answer } = report(mebibyte);
  const [told] = verdicts.filter(({ id }) => id === 'cold');
  expect(told).toMatchObject({
    standing: 'note',
    text: { key: 'verdict.cold', facts: { cached: { bytes: mebibyte }, all: { bytes: 40 * mebibyte } } },
  });
  const row = answer!.rows.find(({ id }) => id === 'start-up')!;
  expect(row.about).toMatchObject({ key: 'answer.about.cold' });
});

test('starts that found much of it in the cache are no cold ones: that is a doubt', () => {
  const { verdicts, answer } = report(20 * mebibyte);
  expect(verdicts.find(({ id }) => id === 'cold')).toMatchObject({ standing: 'warning' });
  expect(answer!.doubts.map(({ key }) => key)).toContain('verdict.cold.not-all');
});

test('the table of start-ups has what was read and what was in the cache, and no first start', () => {
  const cold = run(mebibyte);
  cold.warmups = cold.trials.slice(0, 2).map((trial) => ({ ...trial, index: -1 }));
  const table = ofStart(makeReport(cold, []));
  const ids = table.columns.map(({ id }) => id);
  expect(ids).not.toContain('coldMs');
  expect(table.rows[0]![ids.indexOf('filesBytes')]!.value).toBe(40 * mebibyte);
  expect(table.rows[0]![ids.indexOf('filesCachedBytes')]!.value).toBe(mebibyte);
  expect(table.note?.key).toBe('table.start-up.cold');
});

test('warm starts say nothing of it', () => {
  const warm = report();
  expect(warm.verdicts.some(({ id }) => id === 'cold')).toBe(false);
  expect(ofStart(warm).columns.map(({ id }) => id)).not.toContain('filesBytes');
  expect(warm.answer!.rows.every(({ about }) => about === undefined)).toBe(true);
});

test('cold and warm starts are never held against each other, nor are they one series', () => {
  const [cold, warm] = [run(0), run()];
  const comparison = compareRuns([warm, warm], [cold, cold]);
  expect(new Set(comparison.metrics.map(({ outcome }) => outcome))).toEqual(new Set(['not-comparable']));
  expect(comparison.metrics[0]!.because).toContain('plan.cold');
  expect(isMessageKey('condition.plan.cold')).toBe(true);
  expect(planId(cold)).not.toBe(planId(warm));
  expect([summarise(cold).cold, summarise(warm).cold]).toEqual([true, undefined]);
});
