import { expect, test } from 'vitest';
import { message } from '../../../../main/contract/messages';
import { tare } from '../../../support/commandLine';
import { fakeRecord } from '../../../support/fakes/fakeAnswers';

const older = fakeRecord(undefined, '20260801-120000-0001');
const newer = fakeRecord(undefined, '20260802-120000-0002');
const runs = [older, newer];
const copies = () => structuredClone(runs);

test('rename gives a name and a note, and the list shows the name', async () => {
  const { code, stdout, engine } = await tare(
    ['rename', '20260801', 'Before the upgrade', '--note', 'on battery'],
    { runs: copies() },
  );
  expect(code).toBe(0);
  expect(engine.inputs.labelRun).toEqual({
    id: older.id,
    name: 'Before the upgrade',
    note: 'on battery',
  });
  expect(stdout).toContain('Before the upgrade');
  const named = copies();
  named[0]!.label = { name: 'Before the upgrade' };
  expect((await tare('list', { runs: named })).stdout).toContain('Before the upgrade');
  expect((await tare('list', { runs: copies() })).stdout).not.toContain(message('en', 'cli.list.name'));
  const json = JSON.parse((await tare('list --json', { runs: named })).stdout) as { label?: object }[];
  expect(json.map(({ label }) => label)).toEqual([undefined, { name: 'Before the upgrade' }]);
});

test('rename with neither a name nor a note is a mistake of the caller', async () => {
  const { code, stderr, engine } = await tare('rename last', { runs: copies() });
  expect(code).toBe(2);
  expect(stderr).toContain('--note');
  expect(engine.log).not.toContain('labelRun');
});

test('a run is found by the name it was given, unless two have it', async () => {
  const one = copies();
  one[0]!.label = { name: 'mine' };
  expect((await tare(['delete', 'mine'], { runs: one })).engine.inputs.deleteRun).toEqual({ id: older.id });
  const both = copies();
  for (const run of both) run.label = { name: 'mine' };
  expect((await tare(['delete', 'mine'], { runs: both })).code).toBe(2);
});

test('delete says how to bring a run back, and deletes none when one of the words means none', async () => {
  const { stdout } = await tare('delete 20260801 20260802', { runs: copies() });
  expect(stdout).toContain(`tare restore ${older.id}`);
  expect(stdout).toContain(`tare restore ${newer.id}`);
  const mistyped = await tare('delete 20260801 2031', { runs: copies() });
  expect(mistyped.code).toBe(2);
  expect(mistyped.engine.log).not.toContain('deleteRun');
});

test('restore of an empty trash says so', async () => {
  const { code, stderr } = await tare('restore', { runs: copies() });
  expect(code).toBe(2);
  expect(stderr).toContain(message('en', 'cli.restore.none'));
});
