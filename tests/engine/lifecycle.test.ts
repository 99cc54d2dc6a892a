/** The rest of a life on real engines: figures for every step, and nothing left. */
import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { leftovers } from '../support/leaks';
import { minimalKernelIsHere } from '../support/kernel';
import { runToEnd, testEngine, webOnFreePort } from '../support/engine';

it('is measured on a container, a process and a VM', async () => {
  const engine = testEngine();
  const targets = ['process', 'container', minimalKernelIsHere ? 'vm:micro' : 'vm:direct'];
  const workloads = [await webOnFreePort(128)];
  const plan = { name: 'life', workloads, targets, trials: 1, warmups: 0, soakMs: 0, lifecycle: true };
  const run = await runToEnd(engine, plan);
  await engine.close();
  expect(run.trials).toHaveLength(3);
  for (const { target, outcome, lifecycle } of run.trials) {
    expect({ target, outcome, missing: lifecycle?.missing }).toEqual({ target, outcome: 'ok', missing: [] });
    const { pauseMs, unpauseMs, stopMs, restartMs, deleteMs } = lifecycle!;
    for (const time of [pauseMs, unpauseMs, stopMs, restartMs, deleteMs]) expect(time).toBeGreaterThan(0);
    expect(lifecycle!.pausedBytes).toBeGreaterThan(100_000);
    expect(lifecycle!.stoppedDiskBytes).toBeGreaterThanOrEqual(0);
    expect(lifecycle!.stoppedBytes).toBeGreaterThanOrEqual(0);
    expect(lifecycle!.deletedBytes).toBe(0);
    expect(Number.isFinite(lifecycle!.deletedHostBytes)).toBe(true);
  }
  const table = run.report!.tables.find(({ id }) => id === 'lifecycle')!;
  expect(table.rows).toHaveLength(3);
  expect(leftovers(run.session)).toEqual([]);
  rmSync(engine.dataFolder, { recursive: true });
});
