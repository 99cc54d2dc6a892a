import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Failure } from '../../../../../main/contract/failures';
import { say } from '../../../../../main/contract/messages';
import type { PlanInput } from '../../../../../main/contract/plan';
import { loadRun, loadSamples } from '../../../../../main/engine/results/history/store';
import { executeStaged, workload, type Staging } from '../../../../support/fakes/stagedRun';

let data: string;
beforeEach(() => (data = mkdtempSync(path.join(os.tmpdir(), 'tare-runner-'))));
afterEach(() => rmSync(data, { recursive: true }));

const execute = (staging: Staging = {}) => executeStaged(data, staging);

const idle = { startFails: undefined };

test('every trial is started, measured, stopped and disposed of before the next begins', async () => {
  const { run, log } = await execute({ plan: { trials: 1, warmups: 0 } });
  const [first, second] = run.trials.map((trial) => trial.target);
  const life = (target?: string) =>
    ['start', 'measure', 'stop', 'dispose'].map((step) => `${target} ${step}`);
  expect(log).toEqual([...life(first), ...life(second)]);
  expect(run.state).toBe('done');
});

test('warm-ups are kept apart from the trials that count', async () => {
  const { run } = await execute({ plan: { trials: 2, warmups: 1 } });
  expect(run.trials.map((trial) => trial.index).sort()).toEqual([0, 0, 1, 1]);
  expect(run.warmups.map((trial) => trial.index)).toEqual([-1, -1]);
});

test('phases are in order on one clock, and ready is the moment of the first good answer', async () => {
  const { run } = await execute({ behaviour: { container: { readyAfterMs: 80 }, 'vm:direct': idle } });
  for (const trial of run.trials) {
    const times = trial.phases.map((phase) => phase.atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(trial.phases.map((phase) => phase.name)).toEqual([
      'start',
      'created',
      ...(trial.target === 'container' ? ['refused', 'asked'] : []), // Tare's own waiting is a phase
      'first-byte',
      'ready',
      'measured',
      'stopping',
      'stopped',
    ]);
    expect(trial.phases.find((phase) => phase.name === 'ready')!.atMs).toBe(trial.readyMs);
  }
  expect(run.trials.filter((t) => t.target === 'container').every((t) => t.readyMs! >= 80)).toBe(true);
});

test('a target that fails is cleaned up, tried once more and then given up, and does not stop the other', async () => {
  const { run, log } = await execute({ behaviour: { container: { readyAfterMs: 60_000 } } });
  const failed = run.trials.filter((trial) => trial.target === 'container');
  expect(failed).toHaveLength(2); // of three: the warm-up and the first round
  expect(failed[0]).toMatchObject({
    outcome: 'timeout',
    failure: { code: 'not-ready', waitedMs: 400, lastPhase: 'created', lastAnswer: 'HTTP 503' },
    phases: [{ name: 'start' }, { name: 'created' }, { name: 'stopping' }, { name: 'stopped' }],
  });
  expect(failed[0]!.memory).toEqual({ reservedBytes: 64 * 1024 ** 2, parts: [], missing: [] });
  expect(log.filter((line) => line === 'container dispose')).toHaveLength(2);
  expect(run.trials.filter((trial) => trial.target === 'vm:direct' && trial.outcome === 'ok')).toHaveLength(
    2,
  );
});

test('one that answers no more once it was measured does not count as ok, however well its figures look', async () => {
  const { run } = await execute({
    plan: { warmups: 0, trials: 1 },
    behaviour: { container: { freezes: true } },
  });
  const [frozen] = run.trials.filter((trial) => trial.target === 'container');
  expect(frozen).toMatchObject({
    outcome: 'failed',
    failure: { code: 'not-answering', waitedMs: 400, lastAnswer: 'silent' },
    memory: { hostBytes: 700 },
    stop: { how: 'polite' },
  });
  expect(run.trials.find((trial) => trial.target === 'vm:direct')).toMatchObject({ outcome: 'ok' });
});

test('an application that ends by itself is a failure with its exit code and last words', async () => {
  const { run } = await execute({ behaviour: { container: { readyAfterMs: 60_000, endsAfterMs: 50 } } });
  expect(run.trials.find((trial) => trial.target === 'container')?.failure).toEqual({
    code: 'ended-early',
    exit: 'exit 3',
    output: 'out of luck',
  });
});

test('an application that ends during the soak is a failure too', async () => {
  const { run } = await execute({
    plan: { warmups: 0, soakMs: 300 },
    behaviour: { container: { endsAfterMs: 100 } },
  });
  const trial = run.trials.find((t) => t.target === 'container')!;
  expect(trial).toMatchObject({ outcome: 'failed', failure: { code: 'ended-early' } });
  expect(trial.readyMs).toBeDefined(); // what was measured before stays
});

test('stopping at any phase stops and disposes of what runs, and keeps what was measured', async () => {
  for (const when of ['trial-started', 'phase', 'samples', 'trial-ended'] as const) {
    rmSync(data, { recursive: true, force: true });
    const stop = new AbortController();
    const { run, log } = await execute({
      signal: stop.signal,
      plan: { soakMs: 200 },
      onEvent: (event) => event.kind === when && stop.abort(),
    });
    expect(run.state, when).toBe('stopped');
    const count = (step: string) => log.filter((line) => line.endsWith(step)).length;
    expect(count('dispose'), when).toBe(count('start'));
  }
});

test('an instance that cannot be stopped is reported, and disposed of all the same', async () => {
  const { run, log } = await execute({ behaviour: { container: { stopFails: true } } });
  expect(run.trials.find((t) => t.target === 'container')?.failure).toEqual({
    code: 'not-stopped',
    what: 'container',
  });
  expect(log).toContain('container dispose');
});

test('together has all workloads of a target up at once before any is measured', async () => {
  const { run, log } = await execute({
    plan: {
      workloads: [workload('a'), workload('b')],
      arrangement: 'together',
      trials: 1,
      warmups: 0,
      soakMs: 0,
    },
  });
  expect(run.rounds).toHaveLength(2);
  const measured = log.filter((line) => /start|stop/.test(line));
  const target = measured[0]!.split(' ')[0]!;
  expect(measured.slice(0, 4)).toEqual([
    `${target} start`,
    `${target} start`,
    `${target} stop`,
    `${target} stop`,
  ]);
});

test('a plan that cannot fit is refused with both numbers before anything starts', async () => {
  const { run, log } = await execute({
    plan: { workloads: [{ ...workload('huge'), limits: { memoryBytes: 2 ** 50 } }] },
  });
  expect(run).toMatchObject({ state: 'failed', failure: { code: 'memory-short', neededBytes: 2 ** 50 } });
  expect((run.failure as { availableBytes: number }).availableBytes).toBeGreaterThan(0);
  expect(log).toEqual([]);
});

test('what is on disk at the end is the run that was told, and its samples', async () => {
  const { run, events, id } = await execute();
  expect(await loadRun(data, id)).toEqual(JSON.parse(JSON.stringify(run)));
  const told = events.flatMap((event) => (event.kind === 'samples' ? event.samples : []));
  expect(await loadSamples(data, id)).toEqual(told);
  expect(told.some((sample) => sample.kind === 'host' && sample.availableBytes! > 0)).toBe(true);
});

describe('a whole ladder', () => {
  const failure: Failure = { code: 'tool-missing', program: 'mmdebstrap', package: 'mmdebstrap' };
  const targets: PlanInput['targets'] = ['container', 'vm:direct', 'vm:full'];

  test('runs what works here and every other runtime, and tells what was left out and why', async () => {
    const { run } = await execute({ plan: { targets, wholeLadder: true }, unusable: { 'vm:full': failure } });
    expect(run.state).toBe('done');
    expect(run.plan.targets).toEqual(['container', 'vm:direct', 'container:crun']);
    expect(new Set(run.trials.map(({ target }) => target))).toEqual(new Set(run.plan.targets));
    expect(run.skipped).toEqual([{ target: 'vm:full', failure }]);
    const told = run.report!.verdicts.find(({ id }) => id === 'skipped vm:full')!;
    expect(say('en', told.text)).toContain('The program mmdebstrap was not found');
    expect(say('zh-CN', told.text)).toContain('mmdebstrap');
  });

  test('fails when nothing of it works, and a plan that names its targets fails with the first', async () => {
    const none = { container: failure, 'container:crun': failure, 'vm:direct': failure, 'vm:full': failure };
    expect((await execute({ plan: { targets, wholeLadder: true }, unusable: none })).run.failure).toEqual(
      failure,
    );
    const { run } = await execute({ plan: { targets }, unusable: { 'vm:full': failure } });
    expect(run.failure).toEqual(failure);
    expect(run.skipped).toEqual([]);
  });
});

test.each(['rounds', 'ladders'])(
  'a plan of %s keeps its values while it runs, and tells and keeps none',
  async (of) => {
    const environment = { SECRET: 'hush', OPEN: null };
    const density = of === 'ladders' ? { density: { ladders: 1, most: 2 } } : {};
    const { run, events, id } = await execute({
      plan: { workloads: [{ ...workload('web'), environment }], trials: 1, warmups: 0, ...density },
    });
    expect(run.plan.workloads[0]!.environment).toEqual(environment);
    const names = { SECRET: null, OPEN: null };
    expect(events.find(({ kind }) => kind === 'run-started')).toMatchObject({
      plan: { workloads: [{ environment: names }] },
    });
    expect((await loadRun(data, id)).plan.workloads[0]!.environment).toEqual(names);
    expect(JSON.stringify(events)).not.toContain('hush');
  },
);

test('what an instance printed is told once, its end only, after it was measured and before it is stopped', async () => {
  const prints = `begin ${'x'.repeat(20_000)} listening`;
  const { events } = await execute({
    plan: { trials: 1, warmups: 0 },
    behaviour: { container: { prints }, 'vm:direct': { prints: '' } },
  });
  const logs = events.filter((event) => event.kind === 'log');
  expect(logs.map(({ trial }) => trial)).toEqual(['web/container/0']);
  expect(logs[0]!.text).toMatch(/^x+ listening$/);
  expect(logs[0]!.text.length).toBeLessThanOrEqual(8192);
  const at = (name: string) =>
    events.findIndex(
      (event) => event.kind === 'phase' && event.trial === 'web/container/0' && event.phase.name === name,
    );
  const told = events.indexOf(logs[0]!);
  expect(told).toBeGreaterThan(at('measured'));
  expect(told).toBeLessThan(at('stopping'));
});
