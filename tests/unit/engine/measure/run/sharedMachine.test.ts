/** A round whose instances are in one machine together. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { executeStaged, workload, type Staging } from '../../../../support/fakes/stagedRun';

let data: string;
beforeEach(() => (data = mkdtempSync(path.join(os.tmpdir(), 'tare-shared-'))));
afterEach(() => rmSync(data, { recursive: true }));

const execute = (behaviour: NonNullable<Staging['behaviour']>[string] = {}) =>
  executeStaged(data, {
    plan: {
      workloads: [workload('web'), workload('api')],
      targets: ['container', 'vm:shared'],
      arrangement: 'together',
      trials: 1,
      warmups: 0,
      soakMs: 120,
    },
    behaviour: { 'vm:shared': behaviour },
  });

test('the machine comes up before the first, is read after the last, and is ended when all are', async () => {
  const { run, log } = await execute();
  expect(log.filter((line) => line.startsWith('vm:shared'))).toEqual(
    [
      ...['machine', 'start', 'start', 'measure', 'measure'],
      ...['stop', 'dispose', 'stop', 'dispose', 'machine stop', 'machine dispose'],
    ].map((line) => `vm:shared ${line}`),
  );
  expect(run.trials.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok', 'ok']);
  const [shared] = run.rounds.filter(({ target }) => target === 'vm:shared');
  expect(shared!.machine).toMatchObject({
    phases: [{ name: 'start', atMs: 0 }, { name: 'waiting' }],
    memory: { hostBytes: 5000 },
    cpuMs: 7,
  });
  expect(shared!.machine!.upMs).toBeGreaterThan(0);
  expect(run.rounds.find(({ target }) => target === 'container')).not.toHaveProperty('machine');
  // what the applications tell is part of what the machine tells
  const ofIt = run.trials.filter(({ target }) => target === 'vm:shared');
  expect(ofIt.map(({ startMs }) => startMs > shared!.machine!.startMs)).toEqual([true, true]);
});

test('where it does not come up, each of its applications says why, and nothing is left', async () => {
  const { run, log } = await execute({ machineFails: { code: 'not-stopped', what: 'somebody' } });
  expect(run.trials.filter(({ target }) => target === 'vm:shared').map(({ failure }) => failure)).toEqual([
    { code: 'not-stopped', what: 'somebody' },
    { code: 'not-stopped', what: 'somebody' },
  ]);
  expect(log.filter((line) => line.startsWith('vm:shared'))).toEqual(['vm:shared machine']);
  expect(run.trials.filter(({ target }) => target === 'container').map(({ outcome }) => outcome)).toEqual([
    'ok',
    'ok',
  ]);
});
