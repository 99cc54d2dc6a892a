/** Two Tares at once on one computer, with one cache and one Docker: a run is disturbed by none, or says so; neither removes what the other made. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { builtin, runToEnd, testEngine } from '../support/engine';
import { sharedCache } from '../support/cache';
import { halfMade, leftovers } from '../support/leaks';

const plan = {
  name: 'quick',
  workloads: [builtin('web', 256)],
  targets: ['container', 'vm:direct'],
  trials: 2,
  warmups: 0,
  soakMs: 500,
  coolDownMs: 0,
};

it('the second is refused while the first measures; anyway, both measure to the end, say so, and remove only their own', async () => {
  const [first, second] = [testEngine(), testEngine()];
  // Each looks for leftovers whenever the other has something up, and once more at its own start.
  const swept: Promise<unknown>[] = [];
  const upWhileOtherRan: string[] = [];
  const running = new Set<object>();
  const watch = (own: typeof first, other: typeof first) =>
    own.onEvent((event) => {
      if (event.kind === 'run-started') running.add(own);
      if (event.kind === 'run-ended') running.delete(own);
      if (event.kind !== 'phase' || event.phase.name !== 'ready') return;
      if (running.has(other)) upWhileOtherRan.push(event.trial);
      swept.push(other.clean({ dryRun: false, cache: false }));
    });
  watch(first, second);
  watch(second, first);
  const begun = new Promise<void>((resolve) =>
    first.onEvent((event) => event.kind === 'phase' && event.phase.name === 'ready' && resolve()),
  );

  const one = runToEnd(first, plan);
  await begun; // so that the second's own sweep finds the first with an instance up
  await expect(runToEnd(second, plan)).rejects.toMatchObject({
    failure: { code: 'machine-busy', call: 'run', pid: process.pid },
  });
  const runs = await Promise.all([one, runToEnd(second, plan, { anyway: true })]);
  expect(upWhileOtherRan.length).toBeGreaterThan(1);
  for (const { state, trials, session, environment } of runs) {
    expect({ state, outcomes: trials.map(({ outcome }) => outcome) }).toEqual({
      state: 'done',
      outcomes: ['ok', 'ok', 'ok', 'ok'],
    });
    expect(environment.otherWork).toMatchObject([{ kind: 'run', pid: process.pid }]);
    expect(leftovers(session)).toEqual([]);
  }
  expect(runs[0].session).not.toBe(runs[1].session);
  for (const report of await Promise.all(swept)) expect(report).toEqual({ removed: [], kept: [] });

  // One that ends takes nothing from the other.
  await first.close();
  const { state } = await runToEnd(second, { ...plan, trials: 1, targets: ['container'] });
  expect(state).toBe('done');
  await second.close();
  for (const { dataFolder } of [first, second]) {
    expect(halfMade(dataFolder)).toEqual([]);
    rmSync(dataFolder, { recursive: true });
  }
  expect(halfMade(path.join(sharedCache(), 'disks'))).toEqual([]);
});
