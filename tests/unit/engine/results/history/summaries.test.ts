import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Run } from '../../../../../main/contract/run/run';
import { historyCalls } from '../../../../../main/engine/results/history/history';
import { labelFile, runFile, runFolder, summariesFile } from '../../../../../main/engine/base/paths';
import { createRun } from '../../../../../main/engine/results/history/store';
import { fakeRun } from '../../../../support/fakes/fakeRun';

let data: string;
beforeEach(() => (data = mkdtempSync(path.join(os.tmpdir(), 'tare-summaries-'))));
afterEach(() => rmSync(data, { recursive: true, force: true }));

const [first, second] = ['20260101-120000-00ff', '20260102-120000-00ff'];
const list = () => historyCalls(data, () => []).runs({});
const names = async () => (await list()).map(({ name }) => name);

async function keep(id: string, name: string, state: Run['state'] = 'done'): Promise<void> {
  const run = fakeRun();
  const writer = createRun(data, id);
  await writer.save({ ...run, id, state, plan: { ...run.plan, name } });
  await writer.close();
}

/** Changes the record's text and leaves all else of its file as it was. */
function rewriteUnseen(id: string, from: string, to: string): void {
  const file = runFile(data, id);
  const { atime, mtimeMs } = statSync(file);
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
  utimesSync(file, atime, mtimeMs / 1000);
}

test('a record that is the same file as before is not read again', async () => {
  await keep(first, 'aaa');
  utimesSync(runFile(data, first), 1_700_000_000, 1_700_000_000); // a time that can be set again to the last digit
  expect(await names()).toEqual(['aaa']);
  rewriteUnseen(first, '"aaa"', '"bbb"');
  expect(await names()).toEqual(['aaa']);
  rmSync(summariesFile(data));
  expect(await names()).toEqual(['bbb']);
});

test('a record that was changed in its place, replaced, added, taken away or brought back is noticed', async () => {
  await keep(first, 'aaa');
  expect(await names()).toEqual(['aaa']);
  writeFileSync(runFile(data, first), readFileSync(runFile(data, first), 'utf8').replace('"aaa"', '"cccc"'));
  expect(await names()).toEqual(['cccc']);
  await keep(first, 'dddd');
  expect(await names()).toEqual(['dddd']);
  await keep(second, 'new');
  expect(await names()).toEqual(['new', 'dddd']);
  await historyCalls(data, () => []).deleteRun({ id: second });
  expect(await names()).toEqual(['dddd']);
  await historyCalls(data, () => []).restoreRun({ id: second });
  expect(await names()).toEqual(['new', 'dddd']);
});

test.each([
  ['torn', (text: string) => text.slice(0, text.length / 2)],
  ['empty', () => ''],
  [
    'of another version',
    (text: string) => text.replace('"bbb"', '"old"').replace(/"tare":"[^"]*"/, '"tare":"0"'),
  ],
  ['something else', () => '{"entries":null}'],
  ['no object at all', () => 'null'],
])('an index that is %s is made anew', async (_, damage) => {
  await keep(first, 'bbb');
  const before = await list();
  const file = summariesFile(data);
  writeFileSync(file, damage(readFileSync(file, 'utf8')));
  expect(await list()).toEqual(before);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ entries: { [first]: {} } });
});

test('labels are noticed, also those that lay there when the index was made', async () => {
  await keep(first, 'aaa');
  await keep(second, 'aaa');
  const { labelRun } = historyCalls(data, () => []);
  const labels = async () => (await list()).map(({ label }) => label?.name);
  await labelRun({ id: first, name: 'before' });
  expect(await labels()).toEqual([undefined, 'before']);
  await labelRun({ id: second, name: 'after' });
  expect(await labels()).toEqual(['after', 'before']);
  await labelRun({ id: first, name: '' });
  expect(await labels()).toEqual(['after', undefined]);
  rmSync(labelFile(runFolder(data, second)));
  await keep('20260103-120000-00ff', 'aaa');
  expect(await labels()).toEqual([undefined, undefined, undefined]);
});

test('what will change is not kept: a run that is under way, a folder without a record, one that cannot be read', async () => {
  await keep(first, 'aaa', 'running');
  mkdirSync(runFolder(data, second), { recursive: true });
  await keep('20260103-120000-00ff', 'aaa');
  writeFileSync(runFile(data, '20260103-120000-00ff'), 'torn');
  const states = async () => (await list()).map(({ state }) => state);
  expect(await states()).toEqual(['unreadable', 'interrupted']); // without a record it is none
  expect(JSON.parse(readFileSync(summariesFile(data), 'utf8'))).toMatchObject({ entries: {} });
  await keep(first, 'aaa', 'done');
  await keep(second, 'aaa', 'done');
  expect(await states()).toEqual(['unreadable', 'done', 'done']);
});

test('where the index cannot be kept, the list is the same', async () => {
  await keep(first, 'aaa');
  mkdirSync(path.join(summariesFile(data), 'in the way'), { recursive: true });
  expect(await names()).toEqual(['aaa']);
  expect(existsSync(path.join(summariesFile(data), 'in the way'))).toBe(true);
});
