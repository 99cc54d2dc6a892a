/** What is kept of hosts, on a real disk. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Fleet } from '../../../../../main/contract/fleet/fleet';
import { TareError } from '../../../../../main/engine/base/errors';
import { createFleetRecord } from '../../../../../main/engine/remote/fleet/record';
import { loadFleetRun } from '../../../../../main/engine/results/history/fleets/store';
import { fleetFile, fleetHostFolder } from '../../../../../main/engine/base/paths';
import { fakeRecord } from '../../../../support/fakes/fakeAnswers';
import { dataFolder, id, plan, removeFolder, runId } from '../../../../support/fleet/collecting';

let data: string;
beforeEach(() => (data = dataFolder()));
afterEach(() => removeFolder(data));

const { trials, ...rest } = fakeRecord(plan, runId);
const text = JSON.stringify({ ...rest, trials: Array(50).fill(trials).flat() });
const gives =
  (piece: Buffer, count = 1) =>
  async (take: (piece: Buffer) => Promise<void>) => {
    for (let at = 0; at < count; at += 1) await take(piece);
  };
const row = (name: string) => ({ name, way: 'ssh' as const, outcome: 'ok' as const, runId });

it('has no more runs in it than can be read again: the others stay beside it, and can be had', async () => {
  const record = await createFleetRecord(data, id, 1.5 * text.length);
  for (const host of ['a', 'b']) {
    await record.keep(host, 'record', gives(Buffer.from(text)));
    await record.run(host, runId);
  }
  const times = { startedAt: '2026-09-01T12:00:00Z', endedAt: '2026-09-01T12:10:00Z' };
  await record.save({ schemaVersion: 1, id, ...times, plan, hosts: [row('a'), row('b')] });
  const { hosts } = Fleet.parse(JSON.parse(readFileSync(fleetFile(data, id), 'utf8')));
  expect(hosts.map(({ name, run }) => [name, run?.id])).toEqual([
    ['a', runId],
    ['b', undefined],
  ]);
  expect(readdirSync(fleetHostFolder(data, id, 'a'))).toEqual([]);
  for (const host of ['a', 'b']) expect((await loadFleetRun(data, id, host)).id).toBe(runId);
});

it('keeps nothing of a file that is longer than any', async () => {
  const record = await createFleetRecord(data, id);
  await expect(record.keep('a', 'record', gives(Buffer.alloc(2 ** 20), 65))).rejects.toMatchObject({
    failure: { code: 'transfer-damaged' },
  });
  expect(readdirSync(fleetHostFolder(data, id, 'a'))).toEqual([]);
});

it('keeps nothing of a file that is refused at once', async () => {
  const record = await createFleetRecord(data, id);
  const refused = () => Promise.reject(new TareError({ code: 'run-unknown', id: runId }));
  await expect(record.keep('a', 'samples', refused)).rejects.toMatchObject({
    failure: { code: 'run-unknown' },
  });
  expect(readdirSync(fleetHostFolder(data, id, 'a'))).toEqual([]);
});

it('does not wait for a file that cannot be written, also where nothing is in it', async () => {
  const record = await createFleetRecord(data, id);
  const inTheWay = path.join(fleetHostFolder(data, id, 'a'), 'samples.ndjson.part');
  mkdirSync(path.join(inTheWay, 'something'), { recursive: true });
  const empty = () => new Promise<void>((resolve) => setTimeout(resolve, 50)); // until that is known
  await expect(record.keep('a', 'samples', empty)).rejects.toMatchObject({
    failure: { code: 'write-failed', reason: 'EISDIR' },
  });
  expect(existsSync(path.join(fleetHostFolder(data, id, 'a'), 'samples.ndjson'))).toBe(false);
});
