import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { calls } from '../../../../../main/contract/calls';
import type { Run } from '../../../../../main/contract/run/run';
import { historyCalls } from '../../../../../main/engine/results/history/history';
import {
  labelFile,
  ledgerFolder,
  runFile,
  runFolder,
  trashedRunFolder,
} from '../../../../../main/engine/base/paths';
import { createRun } from '../../../../../main/engine/results/history/store';
import { purgeTrash, trashDays } from '../../../../../main/engine/results/history/trash';
import { openLedger } from '../../../../../main/engine/base/process/ledger';
import { workUnderWay } from '../../../../../main/engine/base/work/underWay';
import { fakeReportedRun, fakeRun, fakeSamples } from '../../../../support/fakes/fakeRun';

let data: string;
beforeEach(() => (data = mkdtempSync(path.join(os.tmpdir(), 'tare-history-'))));
afterEach(() => rmSync(data, { recursive: true, force: true }));

const [older, newer] = ['20260101-120000-00ff', '20260102-120000-00ff'];
const history = () => historyCalls(data, () => workUnderWay(ledgerFolder(data), undefined));

const noteOf = (run: string) => ({ kind: 'run', run, startedAt: '2026-01-02T12:00:00.000Z' }) as const;

async function keep(id: string, change: Partial<Run> = {}): Promise<void> {
  const writer = createRun(data, id);
  await writer.save({ ...fakeRun(), id, ...change });
  await writer.close();
}

describe('a label', () => {
  test('is shown in the history and joined to the run, and the record itself is not touched', async () => {
    await keep(older);
    const before = readFileSync(runFile(data, older), 'utf8');
    await history().labelRun({ id: older, name: 'Before the upgrade' });
    await history().labelRun({ id: older, note: 'on battery' });
    const label = { name: 'Before the upgrade', note: 'on battery' };
    expect(await history().runs({})).toMatchObject([{ id: older, name: 'quick', label }]);
    expect(await history().run({ id: older })).toMatchObject({ label });
    expect(readFileSync(runFile(data, older), 'utf8')).toBe(before);
  });

  test('is taken away by an empty text', async () => {
    await keep(older);
    await history().labelRun({ id: older, name: 'A', note: 'B' });
    expect(await history().labelRun({ id: older, name: '' })).toEqual({ note: 'B' });
    expect(await history().labelRun({ id: older, note: '' })).toEqual({});
    expect((await history().runs({}))[0]).not.toHaveProperty('label');
  });

  test.each([
    ['half a file', '{"name":'],
    ['something else', '[1]'],
    ['a name of the wrong type', '{"name":5}'],
  ])('that is %s is no label, and the run opens without it', async (_, text) => {
    await keep(older);
    writeFileSync(labelFile(runFolder(data, older)), text);
    expect(await history().run({ id: older })).not.toHaveProperty('label');
  });

  test('cannot be written on a run that is not there', async () => {
    const refused = history().labelRun({ id: older, name: 'A' });
    await expect(refused).rejects.toMatchObject({ failure: { code: 'run-unknown' } });
  });
});

describe('a deleted run', () => {
  test('leaves the history whole, and comes back whole', async () => {
    await keep(older);
    await keep(newer);
    await history().labelRun({ id: older, name: 'A' });
    const before = await history().runs({});
    await history().deleteRun({ id: older });
    expect((await history().runs({})).map(({ id }) => id)).toEqual([newer]);
    const [deleted] = await history().deletedRuns({});
    expect(deleted).toMatchObject({ id: older, label: { name: 'A' } });
    expect(Math.abs(Date.parse(deleted!.deletedAt!) - Date.now())).toBeLessThan(60_000);
    await history().restoreRun({ id: older });
    expect(await history().runs({})).toEqual(before);
    expect(await history().deletedRuns({})).toEqual([]);
  });

  test('can be one that cannot be read', async () => {
    await keep(older);
    writeFileSync(runFile(data, older), 'torn');
    await history().deleteRun({ id: older });
    expect(await history().deletedRuns({})).toMatchObject([{ id: older, state: 'unreadable' }]);
  });

  test('is kept for a month and then removed for good', async () => {
    await keep(older);
    await keep(newer);
    await history().deleteRun({ id: older });
    await history().deleteRun({ id: newer });
    const longAgo = new Date(Date.now() - (trashDays + 1) * 86_400_000);
    utimesSync(trashedRunFolder(data, older), longAgo, longAgo);
    await purgeTrash(data);
    expect(existsSync(trashedRunFolder(data, older))).toBe(false);
    await expect(history().restoreRun({ id: older })).rejects.toMatchObject({
      failure: { code: 'run-unknown' },
    });
    await history().restoreRun({ id: newer });
    expect((await history().runs({})).map(({ id }) => id)).toEqual([newer]);
  });

  test('is none that is under way', async () => {
    await keep(older);
    const ledger = openLedger(ledgerFolder(data));
    const strike = ledger.noteWork(noteOf(older));
    await expect(history().deleteRun({ id: older })).rejects.toMatchObject({
      failure: { code: 'run-under-way' },
    });
    strike();
    ledger.close();
    expect(existsSync(runFile(data, older))).toBe(true);
  });
});

test('a run whose Tare was killed is shown as interrupted, and its beginning is told even when it cannot be read', async () => {
  await keep(older, { state: 'running', session: 'gone' });
  await keep(newer);
  writeFileSync(runFile(data, newer), '{');
  expect(await history().runs({})).toMatchObject([
    { id: newer, state: 'unreadable', startedAt: '2026-01-02T12:00:00.000Z' },
    { id: older, state: 'interrupted' },
  ]);
});

test('an interrupted run opens with a report of what it measured, and one that is under way with none', async () => {
  const { report: made, ...unreported } = fakeReportedRun();
  const writer = createRun(data, older);
  await writer.save({ ...unreported, id: older, state: 'running', session: 'gone' });
  writer.append(fakeSamples(unreported));
  await writer.close();
  const opened = await history().run({ id: older });
  expect(opened.state).toBe('interrupted');
  expect(opened.report?.tables.map(({ id }) => id)).toEqual(made.tables.map(({ id }) => id));
  expect(opened.report?.charts.map(({ id }) => id)).toEqual(made.charts.map(({ id }) => id));

  const ledger = openLedger(ledgerFolder(data));
  const strike = ledger.noteWork(noteOf(newer));
  await keep(newer, { state: 'running' });
  expect(await history().run({ id: newer })).toMatchObject({ state: 'running' });
  expect(await history().run({ id: newer })).not.toHaveProperty('report');
  strike();
  expect(await history().run({ id: newer })).toMatchObject({ state: 'interrupted' }); // its Tare lives, and makes it no more
  ledger.close();
});

test('a folder without a record is no run: Tare was killed between the two', async () => {
  await keep(older);
  await createRun(data, newer).close();
  expect((await history().runs({})).map(({ id }) => id)).toEqual([older]);
  await expect(history().run({ id: newer })).rejects.toMatchObject({ failure: { code: 'run-unknown' } });
});

test('a run that ends while it is looked up is not taken for an interrupted one', async () => {
  await keep(older, { state: 'running' });
  const looked = historyCalls(data, () => {
    // between the two looks: its last state is on disk before it is struck out
    writeFileSync(runFile(data, older), JSON.stringify({ ...fakeRun(), id: older, state: 'done' }));
    return [];
  });
  expect(await looked.run({ id: older })).toMatchObject({ state: 'done' });
});

test.each(['../../etc', '..', 'a/b', '20260101-120000-00ff/../..', ''])(
  'a path such as “%s” is not taken for a run',
  (id) => {
    for (const call of ['labelRun', 'deleteRun', 'restoreRun'] as const)
      expect(calls[call].input.safeParse({ id }).success, call).toBe(false);
  },
);
