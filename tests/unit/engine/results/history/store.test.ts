import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Plan } from '../../../../../main/contract/plan';
import { schemaVersion, type Run, type Sample } from '../../../../../main/contract/run/run';
import { runFile, samplesFile } from '../../../../../main/engine/base/paths';
import { createRun, loadRun, loadSamples, runFiles } from '../../../../../main/engine/results/history/store';

let data: string;
beforeEach(() => (data = mkdtempSync(path.join(os.tmpdir(), 'tare-store-'))));
afterEach(() => rmSync(data, { recursive: true, force: true }));

const id = '20260101-120000-00ff';
const run: Run = {
  schemaVersion,
  id,
  session: 'test',
  startedAt: '2026-01-01T12:00:00.000Z',
  state: 'running',
  plan: Plan.parse({
    name: 'test',
    workloads: [{ name: 'web', image: { kind: 'builtin', name: 'web' }, limits: { memoryBytes: 2 ** 26 } }],
    targets: ['container'],
    trials: 1,
  }),
  environment: { tareVersion: '0', host: {}, images: [], commands: [], missing: [] },
  trials: [],
  warmups: [],
  rounds: [],
  skipped: [],
};
const samples: Sample[] = [
  { kind: 'host', atMs: 1, lateMs: 0, costMs: 0.2, availableBytes: 5 },
  { kind: 'instance', trial: 'web/container/0', atMs: 1, residentBytes: 7 },
];

test('a run comes back as it was saved', async () => {
  const writer = createRun(data, id);
  writer.append(samples);
  await writer.save(run);
  await writer.close();
  expect(await loadRun(data, id)).toEqual(run);
  expect(await loadSamples(data, id)).toEqual(samples);
  expect([...(await runFiles(data)).keys()]).toEqual([id]);
});

test('samples cut off at any byte are read up to the cut', async () => {
  const writer = createRun(data, id);
  writer.append(Array.from({ length: 20 }, () => samples).flat());
  await writer.close();
  const whole = readFileSync(samplesFile(data, id));
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (length) => {
      writeFileSync(samplesFile(data, id), whole);
      truncateSync(samplesFile(data, id), length);
      const lines = whole.subarray(0, length).toString().split('\n');
      const read = await loadSamples(data, id);
      // the torn line may happen to be whole but for its line feed
      expect(read.length - (lines.length - 1)).toBeGreaterThanOrEqual(0);
      expect(read.length - (lines.length - 1)).toBeLessThanOrEqual(1);
    }),
  );
});

test('a run written by a newer Tare is refused with both versions', async () => {
  const writer = createRun(data, id);
  await writer.save({ ...run, schemaVersion: 99 as never });
  await writer.close();
  await expect(loadRun(data, id)).rejects.toMatchObject({
    failure: { code: 'run-too-new', found: 99, supported: schemaVersion, path: runFile(data, id) },
  });
});

test.each([
  ['nothing', ''],
  ['half a file', '{"schemaVersion":2,"id":'],
  ['something else', '{"hello":"world"}'],
  ['a run with a field of the wrong type', JSON.stringify({ ...run, trials: 'many' })],
])('%s is reported as unreadable, not as a bug', async (_, text) => {
  await createRun(data, id).close();
  appendFileSync(runFile(data, id), text);
  await expect(loadRun(data, id)).rejects.toMatchObject({ failure: { code: 'run-unreadable' } });
});

test('an unknown run is named', async () => {
  await expect(loadRun(data, '20990101-000000-0000')).rejects.toMatchObject({
    failure: { code: 'run-unknown' },
  });
});

test('a data folder that cannot be written is named, with the reason', () => {
  writeFileSync(path.join(data, 'runs'), 'a file where a folder should be');
  expect(() => createRun(data, id)).toThrow(
    expect.objectContaining({ failure: expect.objectContaining({ code: 'write-failed' }) as unknown }),
  );
});

test('a record that cannot be kept is still had by whoever made it, and is on disk as soon as it can be', async () => {
  const writer = createRun(data, id);
  await writer.save(run);
  const later = { ...run, environment: { ...run.environment, tareVersion: '1' } };
  rmSync(runFile(data, id));
  mkdirSync(runFile(data, id)); // nothing can be put in its place
  await expect(writer.save(later)).rejects.toMatchObject({ failure: { code: 'write-failed' } });
  expect(await loadRun(data, id)).toEqual(later);
  rmdirSync(runFile(data, id));
  await writer.save(later);
  await writer.close();
  expect(JSON.parse(readFileSync(runFile(data, id), 'utf8'))).toEqual(later);
});
