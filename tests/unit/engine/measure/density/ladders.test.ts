import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PlanInput } from '../../../../../main/contract/plan';
import { executeStaged, type Staging } from '../../../../support/fakes/stagedRun';

let data: string;
beforeAll(() => (data = mkdtempSync(path.join(os.tmpdir(), 'tare-ladders-'))));
afterAll(() => rmSync(data, { recursive: true }));

/** A host that nothing is the matter with. */
const host: Staging['host'] = {
  availableBytes: () => Promise.resolve(64 * 1024 ** 3),
  spareBytes: () => Promise.resolve(64 * 1024 ** 3),
  stall: () => undefined,
  load: () => 0,
  diskBytes: () => Promise.resolve(1024 ** 4),
};

const climbed = (plan: Partial<PlanInput>, staging: Staging = {}) =>
  executeStaged(data, { host, ...staging, plan: { soakMs: 0, warmups: 0, ...plan } });

test('ladders of all targets stand in rounds, whose order is turned, and every trial has a name of its own', async () => {
  const { run } = await climbed({ density: { most: 2, ladders: 2 } });
  const order = run.density!.map(({ round, target }) => `${round} ${target}`);
  const [first, second] = [order.slice(0, 2), order.slice(2)];
  expect(first.map((one) => one.slice(2))).toEqual(second.map((one) => one.slice(2)).reverse());
  expect(new Set(run.trials.map(({ id }) => id)).size).toBe(8);
  expect(
    run.trials
      .filter(({ target }) => target === 'container')
      .map(({ index }) => index)
      .sort(),
  ).toEqual([0, 1, 2, 3]);
});

test('only the last ladder of a pair goes on to prove', async () => {
  const density = { most: 2, ladders: 2, prove: true, provedMost: 4 };
  const { run } = await climbed({ targets: ['container'], density });
  expect(run.density!.map(({ reached }) => reached)).toEqual([2, 4]);
  expect(new Set(run.trials.map(({ id }) => id)).size).toBe(6);
});

test.each([0, 1])('what did not start once is not climbed again (%i warm-ups)', async (warmups) => {
  const { run } = await climbed(
    { warmups, density: { most: 2, ladders: 3 } },
    { behaviour: { container: { startFails: { code: 'ended-early', exit: 'exit 1', output: '' } } } },
  );
  expect(run.trials.filter(({ target }) => target === 'container')).toHaveLength(1);
  expect(run.density!.filter(({ target }) => target === 'vm:direct')).toHaveLength(3);
});

test('when the budget is spent no round of ladders begins', async () => {
  const { run } = await climbed({ budgetMs: 1, soakMs: 20, density: { most: 2, ladders: 3 } });
  expect(run.density!.map(({ round }) => round)).toEqual([0, 0]);
});

test('an instance that ends by itself ends its ladder', async () => {
  const { run } = await climbed(
    { targets: ['container'], soakMs: 200, density: { most: 2, ladders: 1 } },
    { behaviour: { container: { endsAfterMs: 60 } } },
  );
  expect(run.density).toMatchObject([{ ended: 'failed' }]);
  expect(run.trials[0]!.failure).toMatchObject({ code: 'ended-early' });
});
