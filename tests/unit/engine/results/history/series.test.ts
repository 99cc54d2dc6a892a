import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HistorySeries } from '../../../../../main/contract/report/series';
import type { Run } from '../../../../../main/contract/run/run';
import { historyCalls } from '../../../../../main/engine/results/history/history';
import { seriesFile } from '../../../../../main/engine/base/paths';
import { planId } from '../../../../../main/engine/results/history/series';
import { createRun } from '../../../../../main/engine/results/history/store';
import { fakeRun } from '../../../../support/fakes/fakeRun';

let data: string;
beforeEach(() => (data = mkdtempSync(path.join(os.tmpdir(), 'tare-series-'))));
afterEach(() => rmSync(data, { recursive: true, force: true }));

const idOf = (day: number) => `202601${String(day).padStart(2, '0')}-120000-00ff`;

/** One run a day; the container is so many times as slow as usual. */
async function keep(day: number, factor = 1, change: (run: Run) => void = () => undefined): Promise<void> {
  const run = fakeRun({
    seed: day,
    change: (trial) => trial.target === 'container' && (trial.readyMs! *= factor),
  });
  Object.assign(run, { id: idOf(day), startedAt: `2026-01-${String(day).padStart(2, '0')}T12:00:00.000Z` });
  change(run);
  const writer = createRun(data, run.id);
  await writer.save(run);
  await writer.close();
}
const history = () => historyCalls(data, () => []).history({});
const ofContainer = async () =>
  (await history()).find(({ target, metric }) => target === 'container' && metric === 'readyMs')!;
const days = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

describe('the run before', () => {
  const before = (day: number) => historyCalls(data, () => []).previousRun({ id: idOf(day) });

  test('is the last one that measured the same plan, however many others lie between', async () => {
    await keep(1);
    await keep(2, 1, (run) => (run.plan.workloads[0]!.limits.memoryBytes *= 2));
    await keep(3, 1, (run) => (run.plan.trials = 5));
    await keep(4, 1, (run) => (run.state = 'failed'));
    await keep(5);
    expect(await before(5)).toBe(idOf(3)); // the number of rounds does not change what is measured
    expect(await before(3)).toBe(idOf(1));
  });

  test('is none of the first of its plan, of a run that measured nothing, and of one that is not kept', async () => {
    await keep(1);
    await keep(2, 1, (run) => (run.state = 'failed'));
    expect(await Promise.all([before(1), before(2), before(3)])).toEqual([null, null, null]);
  });
});

describe('a series', () => {
  test('has the runs of one plan, oldest first, for each workload, target and metric', async () => {
    for (const day of [3, 1, 2]) await keep(day);
    const series = await history();
    expect(series.map(({ workload, target, metric }) => [workload, target, metric])).toEqual([
      ['web', 'container', 'readyMs'],
      ['web', 'container', 'hostBytes'],
      ['web', 'vm:direct', 'readyMs'],
      ['web', 'vm:direct', 'hostBytes'],
    ]);
    const [first] = series;
    expect(first!.points.map(({ run }) => run)).toEqual([1, 2, 3].map(idOf));
    expect(first!.points[0]).toMatchObject({ n: 3, digest: expect.stringContaining('sha256:') as string });
    expect(first).toMatchObject({ changes: [], steps: [] });
    for (const one of series) expect(HistorySeries.parse(one)).toEqual(one);
  });

  test('says since which run the level is another one, and how many runs are on either side', async () => {
    for (const day of days(1, 8)) await keep(day);
    for (const day of days(9, 16)) await keep(day, 1.5);
    const { steps, points } = await ofContainer();
    expect(steps).toHaveLength(1);
    expect(points[steps[0]!.at]!.run).toBe(idOf(9));
    expect(steps[0]).toMatchObject({ before: 8, after: 8 });
    expect(steps[0]!.ratio).toBeGreaterThan(1.3);
    const others = (await history()).filter(
      ({ target, metric }) => target !== 'container' || metric !== 'readyMs',
    );
    expect(others.flatMap((one) => one.steps)).toEqual([]);
  });

  test('on another machine is a segment of its own: what came with it is no step', async () => {
    for (const day of days(1, 8)) await keep(day);
    for (const day of days(9, 16))
      await keep(day, 1.5, ({ environment }) => (environment.host.kernel = '7.0.0'));
    const { steps, changes } = await ofContainer();
    expect(steps).toEqual([]);
    expect(changes).toEqual([
      { at: 8, what: [{ what: 'host.kernel', before: '6.12.41+deb13-amd64', after: '7.0.0' }] },
    ]);
  });

  test('is not cut by what does not bear on its target', async () => {
    for (const day of days(1, 2)) await keep(day);
    for (const day of days(3, 4)) await keep(day, 1, ({ environment }) => (environment.qemu!.version = '99'));
    const series = await history();
    const changesOf = (name: string) => series.find(({ target }) => target === name)!.changes;
    expect(changesOf('container')).toEqual([]);
    expect(changesOf('vm:direct')).toMatchObject([{ at: 2 }]);
  });

  test('leaves out runs that were stopped, and is none of a single run', async () => {
    await keep(1);
    expect(await history()).toEqual([]);
    await keep(2, 1, (run) => (run.state = 'stopped'));
    expect(await history()).toEqual([]);
    await keep(3);
    expect((await ofContainer()).points.map(({ run }) => run)).toEqual([1, 3].map(idOf));
  });

  test('is made anew from the records when its index is damaged', async () => {
    for (const day of days(1, 3)) await keep(day);
    const before = await history();
    writeFileSync(seriesFile(data), 'torn');
    expect(await history()).toEqual(before);
  });
});

test('runs that measure the same have one id, whatever the trials, seed and name of their plans', () => {
  const { plan, environment } = fakeRun();
  const idWith = (change: Partial<Run['plan']>) => planId({ plan: { ...plan, ...change }, environment });
  const id = idWith({});
  expect(idWith({ trials: 99, seed: 7, name: 'else', keepValues: true })).toBe(id);
  const [workload] = plan.workloads;
  const limits = { ...workload!.limits, memoryBytes: 2 ** 30 };
  expect(idWith({ workloads: [{ ...workload!, limits }] })).not.toBe(id);
  expect(idWith({ soakMs: plan.soakMs + 1 })).not.toBe(id);
  const turned = Object.fromEntries(Object.entries(plan).reverse()) as typeof plan;
  expect(planId({ plan: turned, environment })).toBe(id);
});

test('other values of the same variables are another series', () => {
  const run = fakeRun();
  const idGiven = (fingerprint: string) =>
    planId({
      ...run,
      environment: { ...run.environment, given: [{ workload: 'web', key: 'k', fingerprint }] },
    });
  expect(new Set([planId(run), idGiven('1'), idGiven('2')]).size).toBe(3);
  expect(idGiven('1')).toBe(idGiven('1'));
});
