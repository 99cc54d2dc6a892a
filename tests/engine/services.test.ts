/** What people run, as plain processes and as containers; as machines: tests/qemu/services.test.ts. */
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serviceNames } from '../../main/contract/plan';
import { runToEnd, testEngine } from '../support/engine';
import { removeWithImages, serviceOnFreePort, serviceWorkload } from '../support/services';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(path.join(os.tmpdir(), 'tare-services-'))));
afterAll(() => removeWithImages(folder));

it.each(serviceNames)(
  '%s answers in its own protocol, as a plain process and as a container',
  async (name) => {
    const run = await runToEnd(testEngine(path.join(folder, name)), {
      name: 'custom',
      workloads: [await serviceOnFreePort(name, folder)],
      targets: ['process', 'container'],
      trials: 1,
      warmups: 0,
      soakMs: 0,
    });
    expect(run.trials.map(({ failure }) => failure)).toEqual([undefined, undefined]);
    expect(run.trials.map(({ readyMs }) => readyMs)).toEqual([expect.any(Number), expect.any(Number)]);
    const [first, second] = run.trials.map(({ answerSha256 }) => answerSha256);
    expect(first).toBeDefined();
    expect(second).toBe(first);
  },
  300_000,
);

it.each(['postgresql', 'valkey'] as const)(
  '%s is loaded by its own client, whose processor time is not the instance’s',
  async (name) => {
    const run = await runToEnd(testEngine(path.join(folder, `loaded-${name}`)), {
      name: 'custom',
      workloads: [await serviceWorkload(name)],
      targets: ['container'],
      trials: 1,
      warmups: 0,
      soakMs: 0,
      load: { ratePerSecond: 50, seconds: 2 },
    });
    const [trial] = run.trials;
    expect(trial).toMatchObject({ outcome: 'ok' });
    expect(trial).not.toHaveProperty('loadFailure');
    const { sent, answered, failed, latencyMs, answeredPerSecond, hostBytes } = trial!.load!;
    expect({ failed, lost: sent - answered }).toEqual({ failed: 0, lost: 0 });
    expect(answered).toBeGreaterThan(0);
    expect(answeredPerSecond).toBeGreaterThan(0);
    expect(hostBytes).toBeGreaterThan(0);
    const { p50, p95, p99, most } = latencyMs!;
    expect([p50, p95!, p99, most]).toEqual([p50, p95!, p99, most].sort((a, b) => a - b));
    expect(run.report!.tables.map(({ id }) => id)).toContain('load');
  },
  300_000,
);

it('a server that the client cannot talk to keeps its other figures, and says why there is no load', async () => {
  const run = await runToEnd(testEngine(path.join(folder, 'refused')), {
    name: 'custom',
    // it answers the probe, and lets nobody in
    workloads: [
      {
        ...(await serviceWorkload('valkey')),
        command: ['valkey-server', '--port', '26379', '--requirepass', 'x', '--protected-mode', 'no'],
      },
    ],
    targets: ['container'],
    trials: 1,
    warmups: 0,
    soakMs: 0,
    load: { ratePerSecond: 50, seconds: 1 },
  });
  expect(run.trials[0]).toMatchObject({ outcome: 'ok', loadFailure: { code: 'load-client-failed' } });
  expect(run.trials[0]).not.toHaveProperty('load');
  expect(run.report!.verdicts.map(({ id }) => id)).toContain('load-failed valkey container');
}, 300_000);
