import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { availableBytes } from '../../main/engine/measure/sampling/host';
import { builtin, runToEnd, testEngine } from '../support/engine';
import { leftovers } from '../support/leaks';

const mebibyte = 1024 ** 2;
let engine: ReturnType<typeof testEngine>;
beforeAll(() => (engine = testEngine()));
afterAll(async () => {
  await engine.close();
  rmSync(engine.dataFolder, { recursive: true });
});

const plan = {
  name: 'density',
  workloads: [builtin('web', 128)],
  trials: 1,
  warmups: 0,
  soakMs: 500,
  coolDownMs: 100,
};

test('containers and VMs are counted up and stopped again, and the report says how many would fit', async () => {
  const targets = ['container', 'vm:direct'];
  const run = await runToEnd(engine, { ...plan, targets, density: { most: 2, ladders: 2 } });
  expect(run).toMatchObject({ state: 'done' });
  expect(run.density!.map(({ round }) => round)).toEqual([0, 0, 1, 1]);
  for (const ladder of run.density!) {
    expect(ladder).toMatchObject({ ended: 'most', reached: 2 });
    const [one, two] = ladder.steps;
    expect(two!.hostBytes!).toBeGreaterThan(one!.hostBytes!);
    // a slow machine may answer too late to be counted, but everything is asked
    for (const { answered, count } of ladder.steps) expect(answered!.good).toBeLessThanOrEqual(count);
  }
  expect(run.trials.map(({ upBefore }) => upBefore)).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
  const table = run.report!.tables.find(({ id }) => id === 'density-costs')!;
  const at = (column: string) => table.columns.findIndex(({ id }) => id === column);
  const marginal = Object.fromEntries(
    table.rows.map((row) => [String(row[at('target')]!.value), Number(row[at('marginalBytes')]!.value)]),
  );
  expect(marginal['vm:direct']!).toBeGreaterThan(5 * marginal.container!);
  const fits = run.report!.tables.find(({ id }) => id === 'density')!;
  const predicted = fits.columns.findIndex(({ id }) => id === 'predicted');
  for (const row of fits.rows) expect(Number(row[predicted]!.value)).toBeGreaterThan(2);
  expect(run.report!.charts.map(({ id }) => id)).toContain('density');
  expect(leftovers(run.session)).toEqual([]);
});

test('a proof ends at the guard, above the floor, with nothing left', async () => {
  const floor = (await availableBytes())! - 400 * mebibyte;
  const run = await runToEnd(engine, {
    ...plan,
    targets: ['container'],
    memoryFloorBytes: floor,
    // no further than the budget: on a machine where nothing else runs the guard comes first
    density: { most: 2, ladders: 1, prove: true, provedMost: 30 },
    budgetMs: 40_000,
    soakMs: 200,
  });
  const [ladder] = run.density!;
  expect(['guard', 'budget', 'most']).toContain(ladder!.ended);
  if (ladder!.ended === 'guard') expect(ladder!.guard).toBe('memory');
  // Others may take the last of it at any time; nothing is started after that.
  const safe = ladder!.ended === 'guard' ? ladder!.steps.slice(0, -1) : ladder!.steps;
  for (const step of safe) expect(step.availableBytes!).toBeGreaterThan(floor - 64 * mebibyte);
  expect(leftovers(run.session)).toEqual([]);
});
