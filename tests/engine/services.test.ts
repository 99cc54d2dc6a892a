/** What people run, as plain processes and as containers; as machines: tests/qemu/services.test.ts. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serviceNames } from '../../main/contract/plan';
import { runToEnd, testEngine } from '../support/engine';
import { serviceOnFreePort } from '../support/services';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(path.join(os.tmpdir(), 'tare-services-'))));
afterAll(() => rmSync(folder, { recursive: true }));

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
