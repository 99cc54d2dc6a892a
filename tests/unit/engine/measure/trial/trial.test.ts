import { expect, test } from 'vitest';
import { Plan } from '../../../../../main/contract/plan';
import type { Trial } from '../../../../../main/contract/run/run';
import type { RunScope } from '../../../../../main/engine/base/scope';
import { startTrial } from '../../../../../main/engine/measure/trial/trial';
import { fakePrepared, type FakeBehaviour } from '../../../../support/fakes/fakeTarget';

const plan = Plan.parse({
  name: 'test',
  workloads: [
    { name: 'web', image: { kind: 'builtin', name: 'web' }, limits: { memoryBytes: 64 * 1024 ** 2 } },
  ],
  targets: ['container'],
  trials: 1,
  readyTimeoutMs: 400,
});

/** One trial from its start to its end. */
async function trialOf(behaviour: FakeBehaviour, onStarted: () => void = () => undefined): Promise<Trial> {
  const turn = { round: 0, target: 'container' as const, workload: plan.workloads[0]! };
  const scope = { signal: new AbortController().signal } as RunScope;
  const context = { plan, scope, originMs: performance.now(), onPhase: () => undefined, onStarted };
  const trial = await startTrial(turn, fakePrepared('container', [], behaviour), context);
  await trial.measure();
  return trial.end();
}

test('what the engine’s daemons spent from the start to ready is told, and no part of the trial’s own', async () => {
  let spentMs = 1000;
  const record = await trialOf({ engineCpuMs: () => (spentMs += 70), cpuMs: () => 5 });
  expect(record).toMatchObject({ cpuMs: 5, engineCpuMs: 70 });
});

test('daemons that cannot be read, or that are not there, have no figure', async () => {
  expect(await trialOf({ engineCpuMs: () => undefined })).not.toHaveProperty('engineCpuMs');
  expect(await trialOf({})).not.toHaveProperty('engineCpuMs');
});

test('what is not reachable yet is not asked', async () => {
  const record = await trialOf({ readyAfterMs: 0, reachableAfterMs: 200 });
  expect(record.outcome).toBe('ok');
  expect(record.readyMs).toBeGreaterThanOrEqual(195);
  expect(record).not.toHaveProperty('resolutionMs'); // no try that failed
});

test('what never answers, or is never reachable, ends with the last of what it printed', async () => {
  for (const behaviour of [{ readyAfterMs: 60_000 }, { reachableAfterMs: 60_000 }]) {
    const record = await trialOf({ ...behaviour, prints: 'grub> ' });
    expect(record).toMatchObject({
      outcome: 'timeout',
      failure: { code: 'not-ready', waitedMs: 400, output: 'grub> ' },
    });
  }
});

/** Holds up everything that this process does. */
function block(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until;);
}

test('what Tare itself took is told, with how late it was', async () => {
  const { ownUse } = await trialOf({ readyAfterMs: 300 }, () => block(150));
  expect(ownUse!.cpuMs).toBeGreaterThan(50);
  expect(ownUse!.residentBytes).toBeGreaterThan(10 * 1024 ** 2);
  const slow = await trialOf({ readyAfterMs: 60_000 });
  expect(slow).toMatchObject({ outcome: 'timeout', ownUse: { cpuMs: expect.any(Number) as number } });
});

test('an event loop that was held up is told by how long', async () => {
  const { ownUse } = await trialOf({ readyAfterMs: 300 }, () => block(150));
  expect(ownUse!.lagMaxMs).toBeGreaterThan(100);
  expect(ownUse!.lagP99Ms).toBeLessThanOrEqual(ownUse!.lagMaxMs!);
});
