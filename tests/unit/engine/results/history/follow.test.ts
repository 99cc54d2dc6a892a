import { appendFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { followRun } from '../../../../../main/engine/results/history/follow';
import { runFile, runFolder, samplesFile } from '../../../../../main/engine/base/paths';
import type { FollowedUntil } from '../../../../../main/contract/run/followed';
import type { Run, Sample } from '../../../../../main/contract/run/run';
import { fakeRecord } from '../../../../support/fakes/fakeAnswers';

const id = '20261126-100000-00ff';
let data: string;
beforeEach(() => {
  data = mkdtempSync(path.join(os.tmpdir(), 'tare-test-follow-'));
  mkdirSync(runFolder(data, id), { recursive: true });
});
afterEach(() => rmSync(data, { recursive: true }));

const sample = (atMs: number): Sample => ({
  kind: 'instance',
  trial: 'wéb/container/0',
  atMs,
  residentBytes: 7,
});
const run: Run = fakeRecord(undefined, id);
const follow = (since?: FollowedUntil, isUnderWay = true, loaded: Run = run) =>
  followRun({ data, id, since }, () => Promise.resolve(loaded), isUnderWay);

it('tells nothing of a run that has no files yet', async () => {
  expect(await follow()).toEqual({ samples: [], until: { record: '', samples: 0 } });
});

it('tells the record again only when it has changed', async () => {
  writeFileSync(runFile(data, id), '{}');
  const first = await follow();
  expect(first.run).toBe(run);
  expect((await follow(first.until)).run).toBeUndefined();
  writeFileSync(runFile(data, id), '{ }');
  expect((await follow(first.until)).run).toBe(run);
});

it('tells the record of a run that nobody makes any more, although its file is as it was', async () => {
  writeFileSync(runFile(data, id), '{}');
  const { until } = await follow();
  const killed: Run = { ...run, state: 'interrupted' };
  expect((await follow(until, false, killed)).run).toBe(killed);
});

it('tells every sample once, wherever a reading cuts the file', async () => {
  const samples = [1, 2, 3, 4, 5].map(sample);
  const bytes = Buffer.from(samples.map((one) => `${JSON.stringify(one)}\n`).join(''));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 6 }), async (cuts) => {
      const file = samplesFile(data, id);
      writeFileSync(file, '');
      truncateSync(file);
      let [written, until]: [number, FollowedUntil | undefined] = [0, undefined];
      const told: Sample[] = [];
      for (const cut of [...cuts.sort((a, b) => a - b), bytes.length]) {
        appendFileSync(file, bytes.subarray(written, cut));
        written = cut;
        const answer = await follow(until);
        told.push(...answer.samples);
        until = answer.until;
      }
      expect(told).toEqual(samples);
    }),
    { numRuns: 50 },
  );
});
