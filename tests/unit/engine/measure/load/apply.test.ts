import { test } from 'vitest';
import { Plan } from '../../../../../main/contract/plan';
import type { Clients } from '../../../../../main/engine/measure/load/clients';
import { applyLoad } from '../../../../../main/engine/measure/load/apply';
import { startTrial, type RunningTrial } from '../../../../../main/engine/measure/trial/trial';
import type { RunScope } from '../../../../../main/engine/base/scope';
import { fakePrepared, type FakeBehaviour } from '../../../../support/fakes/fakeTarget';

const plan = Plan.parse({
  name: 'test',
  workloads: [
    { name: 'web', image: { kind: 'builtin', name: 'web' }, limits: { memoryBytes: 64 * 1024 ** 2 } },
  ],
  targets: ['container'],
  trials: 1,
  load: { ratePerSecond: 100, seconds: 0.2 },
});
const { signal } = new AbortController();
const noClients = { images: {} } as Clients;

async function loaded(behaviour: FakeBehaviour, log: string[] = []): Promise<RunningTrial['record']> {
  const turn = { round: 0, target: 'container' as const, workload: plan.workloads[0]! };
  const scope = { signal } as RunScope;
  const nothing = () => undefined;
  const context = { plan, scope, originMs: performance.now(), onPhase: nothing, onStarted: nothing };
  const trial = await startTrial(turn, fakePrepared('container', log, behaviour), context);
  try {
    await trial.measure();
    await applyLoad(trial, plan, noClients, scope);
  } finally {
    await trial.end();
  }
  return trial.record;
}

// Each waits for two seconds after its load.
test.concurrent(
  'CPU time is that of all that works for the instance, not what the cheap counter says',
  async ({ expect }) => {
    let spentMs = 0;
    const record = await loaded({ cpuMs: () => (spentMs += 100) });
    expect(record.cpuMs).toBe(100);
    expect(record.load).toMatchObject({ answered: 20, cpuMsPerRequest: 5 });
  },
);

test.concurrent('where a part of it cannot be read there is no figure', async ({ expect }) => {
  const record = await loaded({});
  expect(record.load!.answered).toBe(20);
  expect(record).not.toHaveProperty('cpuMs');
  expect(record.load).not.toHaveProperty('cpuMsPerRequest');
});

test.concurrent('its memory is read once more, two seconds after the load', async ({ expect }) => {
  const record = await loaded({});
  expect(record.load).toMatchObject({ settledBytes: 700 });
});

test.concurrent('what can be asked for its free memory is asked before that', async ({ expect }) => {
  const log: string[] = [];
  const record = await loaded({ asked: 'gives' }, log);
  expect(record.load).toMatchObject({ settledBytes: 700 });
  expect(log.slice(-4, -2)).toEqual(['container give back', 'container measure']);
});

test.concurrent('what it would have given is not told where it does not answer', async ({ expect }) => {
  const record = await loaded({ asked: 'is-silent' });
  expect(record.load).toMatchObject({ answered: 20, hostBytes: 700 });
  expect(record.load).not.toHaveProperty('settledBytes');
  expect(record).not.toHaveProperty('loadFailure');
});
