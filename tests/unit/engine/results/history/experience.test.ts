import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { expectedTime, noExperience } from '../../../../../main/contract/planning';
import type { Run } from '../../../../../main/contract/run/run';
import { historyCalls } from '../../../../../main/engine/results/history/history';
import { timesFile } from '../../../../../main/engine/base/paths';
import { createRun } from '../../../../../main/engine/results/history/store';
import { fakeRun } from '../../../../support/fakes/fakeRun';

let data: string;
beforeEach(() => (data = mkdtempSync(path.join(os.tmpdir(), 'tare-experience-'))));
afterEach(() => rmSync(data, { recursive: true, force: true }));

const minute = 60_000;

/** One run a day, that took so many minutes. */
async function keep(day: number, minutes: number, change: Partial<Run> = {}): Promise<Run> {
  const startedAt = `2026-01-${String(day).padStart(2, '0')}T12:00:00.000Z`;
  const endedAt = new Date(Date.parse(startedAt) + minutes * minute).toISOString();
  const id = `202601${String(day).padStart(2, '0')}-120000-00ff`;
  const run: Run = { ...fakeRun(), id, startedAt, endedAt, ...change };
  const writer = createRun(data, run.id);
  await writer.save(run);
  await writer.close();
  return run;
}
const experience = () => historyCalls(data, () => []).experience({});

test('is none before there are runs, and none from a run that was stopped', async () => {
  expect(await experience()).toEqual(noExperience);
  await keep(1, 3, { state: 'stopped' });
  expect(await experience()).toEqual(noExperience);
});

test('is what the newest run of a plan took, also once it is remembered', async () => {
  const { plan } = await keep(1, 9);
  expect(expectedTime(plan, await experience()).ms).toBe(9 * minute);
  await keep(2, 4);
  expect(expectedTime(plan, await experience()).ms).toBe(4 * minute);
  expect(expectedTime(plan, await experience()).ms).toBe(4 * minute);
  writeFileSync(timesFile(data), 'torn');
  expect(expectedTime(plan, await experience()).ms).toBe(4 * minute);
});

test('comes from the newest thirty runs alone', async () => {
  const { plan } = await keep(1, 9);
  const other = { ...plan, trials: plan.trials + 1 };
  for (let day = 2; day <= 31; day += 1) await keep(day, 4, { plan: other });
  expect(expectedTime(other, await experience()).from).toBe('same-plan');
  expect(expectedTime(plan, await experience()).from).toBe('starts');
});
