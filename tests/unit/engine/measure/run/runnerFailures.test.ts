/** What goes wrong around trials: nothing is left up, nothing that was measured is lost, and the end is told in any case. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runFolder, samplesFile } from '../../../../../main/engine/base/paths';
import { loadRun } from '../../../../../main/engine/results/history/store';
import type { FakeBehaviour } from '../../../../support/fakes/fakeTarget';
import { executeStaged, id, workload, type Staging } from '../../../../support/fakes/stagedRun';

let data: string;
beforeEach(() => (data = mkdtempSync(path.join(os.tmpdir(), 'tare-runner-'))));
afterEach(() => rmSync(data, { recursive: true }));

const execute = (staging: Staging = {}) => executeStaged(data, staging);

describe('an instance that cannot be removed', () => {
  test('keeps none of its group up, and no record from being kept', async () => {
    const { run, log } = await execute({
      plan: { workloads: [workload('a'), workload('b')], arrangement: 'together', trials: 1, warmups: 0 },
      behaviour: { container: { disposeFails: true } },
    });
    expect(run.state).toBe('done');
    expect(log.filter((line) => line === 'container dispose')).toHaveLength(2);
    expect(run.trials.map(({ target, outcome }) => `${target} ${outcome}`).sort()).toEqual([
      'container failed',
      'container failed',
      'vm:direct ok',
      'vm:direct ok',
    ]);
    const told = run.trials.filter(({ outcome }) => outcome === 'failed');
    for (const { failure, memory } of told) {
      expect(failure).toEqual({ code: 'not-stopped', what: 'container removal' });
      expect(memory.hostBytes).toBe(700); // what was measured before stays
    }
  });

  test('of a life fails the trial that it belongs to, and none else', async () => {
    let started = 0;
    const container: FakeBehaviour = {};
    Object.defineProperty(container, 'disposeFails', { get: () => started > 1 });
    const { run } = await execute({
      plan: { trials: 1, warmups: 0, lifecycle: true },
      behaviour: { container },
      // the trial's own instance is the first, that of its life the second
      onEvent: (event) => {
        if (event.kind === 'phase' && event.trial.includes('container') && event.phase.name === 'stopped')
          started = 2;
      },
    });
    expect(run.state).toBe('done');
    const trialOn = (target: string) => run.trials.find((trial) => trial.target === target)!;
    expect(trialOn('container')).toMatchObject({ outcome: 'failed', failure: { code: 'not-stopped' } });
    expect(trialOn('vm:direct')).toMatchObject({ outcome: 'ok' });
  });
});

describe('a workload that comes after another', () => {
  const plan = (until: 'started' | 'ready') => ({
    workloads: [workload('a'), { ...workload('b'), after: [{ workload: 'a', until }] }],
    targets: ['container' as const],
    arrangement: 'together' as const,
    trials: 1,
    warmups: 0,
  });

  test('is started once that one is ready', async () => {
    const { run } = await execute({ plan: plan('ready') });
    const [a, b] = run.trials;
    expect(run.trials.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      'a/container/0 ok',
      'b/container/0 ok',
    ]);
    expect(b!.startMs).toBeGreaterThanOrEqual(a!.startMs + a!.readyMs!);
  });

  test('is not started where that one does not become ready, and says so', async () => {
    const { run, log } = await execute({
      plan: plan('ready'),
      behaviour: { container: { readyAfterMs: 60_000 } },
    });
    expect(log.filter((line) => line === 'container start')).toHaveLength(1);
    expect(run.trials[1]).toMatchObject({
      outcome: 'failed',
      failure: { code: 'dependency-failed', name: 'a' },
    });
  });

  test('is started where that one only has to be up', async () => {
    const { run, log } = await execute({
      plan: plan('started'),
      behaviour: { container: { readyAfterMs: 60_000 } },
    });
    expect(log.filter((line) => line === 'container start')).toHaveLength(2);
    expect(run.trials[1]).toMatchObject({ outcome: 'timeout' });
  });

  test('warms up together with it', async () => {
    const { run } = await execute({ plan: { ...plan('ready'), warmups: 1 } });
    expect(run.warmups.map(({ id }) => id)).toEqual(['a/container/-1', 'b/container/-1']);
  });
});

describe('a disk that is full', () => {
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC', path: 'samples.ndjson' });
  const failure = { code: 'write-failed', reason: 'ENOSPC' };

  test('at the last flush is the run’s failure, written down and told', async () => {
    const { run, events } = await execute({ writer: { close: () => Promise.reject(full) } });
    expect(run).toMatchObject({ state: 'failed', failure });
    expect(await loadRun(data, id)).toMatchObject({ state: 'failed', failure, report: {} });
    expect(events.at(-1)).toMatchObject({ kind: 'run-ended', state: 'failed', failure });
  });

  test('for samples only leaves a record that says so', async () => {
    mkdirSync(runFolder(data, id), { recursive: true });
    symlinkSync('/dev/full', samplesFile(data, id));
    const { run, events } = await execute();
    expect(run).toMatchObject({ state: 'failed', failure });
    expect(await loadRun(data, id)).toMatchObject({ state: 'failed', failure });
    expect(events.at(-1)).toMatchObject({ kind: 'run-ended', state: 'failed', failure });
  });

  test('for everything is told at least, also of a run that was stopped', async () => {
    const none = () => Promise.reject(full);
    const { events } = await execute({ signal: AbortSignal.abort(), writer: { close: none, save: none } });
    expect(events.at(-1)).toMatchObject({ kind: 'run-ended', state: 'failed', failure });
  });
});

test('what goes wrong before anything is prepared is in the record too', async () => {
  const { run, events } = await execute({ sweep: () => Promise.reject(new Error('no ledger')) });
  expect(run).toMatchObject({ state: 'failed', failure: { code: 'bug', message: 'no ledger' } });
  expect(await loadRun(data, id)).toMatchObject({ state: 'failed' });
  expect(events.at(-1)).toMatchObject({ kind: 'run-ended', state: 'failed' });
});
