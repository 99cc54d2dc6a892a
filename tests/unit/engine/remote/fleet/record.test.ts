/** What is kept of hosts, on a real disk. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Fleet } from '../../../../../main/contract/fleet/fleet';
import { createFleetRecord } from '../../../../../main/engine/remote/fleet/record';
import { loadRun } from '../../../../../main/engine/results/history/store';
import { fleetFile, fleetHostFolder } from '../../../../../main/engine/base/paths';
import { fakeRecord } from '../../../../support/fakes/fakeAnswers';
import { dataFolder, id, plan, removeFolder, runId } from '../../../../support/fleet/collecting';

let data: string;
beforeEach(() => (data = dataFolder()));
afterEach(() => removeFolder(data));

const { trials, ...rest } = fakeRecord(plan, runId);
const run = { ...rest, trials: Array(50).fill(trials).flat() };
const sample = { kind: 'host' as const, atMs: 1, lateMs: 0, costMs: 0, availableBytes: 1, load: 0 };
const row = (name: string) => ({ name, way: 'ssh' as const, outcome: 'ok' as const, runId });

it('has no more runs in it than can be read again: the others stay beside it, and can be had', async () => {
  const record = await createFleetRecord(data, id, { fleetBytes: 1.5 * JSON.stringify(run).length });
  for (const host of ['a', 'b']) await record.keep(host, runId, run);
  const times = { startedAt: '2026-09-01T12:00:00Z', endedAt: '2026-09-01T12:10:00Z' };
  await record.save({ schemaVersion: 2, id, ...times, plan, hosts: [row('a'), row('b')] });
  const { hosts } = Fleet.parse(JSON.parse(readFileSync(fleetFile(data, id), 'utf8')));
  expect(hosts.map(({ name, run }) => [name, run?.id])).toEqual([
    ['a', runId],
    ['b', undefined],
  ]);
  expect(readdirSync(fleetHostFolder(data, id, 'a'))).toEqual([]);
  for (const host of ['a', 'b']) expect((await loadRun(data, id, host)).id).toBe(runId);
});

it('keeps the samples of a host once they are whole', async () => {
  const record = await createFleetRecord(data, id);
  const names = () => readdirSync(fleetHostFolder(data, id, 'a'));
  const broken = record.samples('a');
  await broken.append([sample]);
  await broken.close(false);
  expect(names()).toEqual([]);
  const whole = record.samples('a');
  await whole.append([sample, sample]);
  await whole.append([sample]);
  await whole.close(true);
  await whole.close(false);
  expect(names()).toEqual(['samples.ndjson']);
  const text = readFileSync(path.join(fleetHostFolder(data, id, 'a'), 'samples.ndjson'), 'utf8');
  expect(text).toBe(`${JSON.stringify(sample)}\n`.repeat(3));
});

it('takes no more samples than any run has', async () => {
  const samples = (await createFleetRecord(data, id, { samplesBytes: 200 })).samples('a');
  await samples.append([sample]);
  await expect(samples.append(Array<typeof sample>(10).fill(sample))).rejects.toMatchObject({
    failure: { code: 'transfer-damaged' },
  });
  await samples.close(false);
});

it('says of samples that cannot be written why, also where there are none', async () => {
  const record = await createFleetRecord(data, id);
  const inTheWay = path.join(fleetHostFolder(data, id, 'a'), 'samples.ndjson.part');
  mkdirSync(path.join(inTheWay, 'something'), { recursive: true });
  await expect(record.samples('a').close(true)).rejects.toMatchObject({
    failure: { code: 'write-failed', reason: 'EISDIR' },
  });
  expect(existsSync(path.join(fleetHostFolder(data, id, 'a'), 'samples.ndjson'))).toBe(false);
});
