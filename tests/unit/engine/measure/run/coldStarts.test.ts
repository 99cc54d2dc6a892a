import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Plan } from '../../../../../main/contract/plan';
import { openColdStarts, readDropped } from '../../../../../main/engine/measure/run/coldStarts';
import type { RunScope } from '../../../../../main/engine/base/scope';
import { executeStaged, workload, type Staging } from '../../../../support/fakes/stagedRun';

let data: string;
beforeEach(() => (data = mkdtempSync(path.join(os.tmpdir(), 'tare-cold-'))));
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(data, { recursive: true });
});

const execute = ({ plan, ...staging }: Staging) =>
  executeStaged(data, { ...staging, plan: { cold: true, trials: 1, warmups: 1, ...plan } });

describe('a plan with cold starts', () => {
  test('drops what each start reads just before it, warm-ups too, and keeps what was still there', async () => {
    const { run, log } = await execute({});
    const starts = log.filter((line) => /drop|start/.test(line));
    expect(starts).toHaveLength(8);
    for (let at = 0; at < starts.length; at += 2) {
      const [target] = starts[at + 1]!.split(' ');
      expect(starts[at]).toBe(`drop /fake/${target}`);
    }
    const files = { bytes: 3000, droppedBytes: 2000, cachedBytes: 10 };
    for (const trial of [...run.trials, ...run.warmups]) expect(trial.files).toEqual(files);
  });

  test('drops the files of all that are up together before the first of them is', async () => {
    const { log, run } = await execute({
      plan: {
        workloads: [workload('a'), workload('b')],
        targets: ['container'],
        arrangement: 'together',
        warmups: 0,
      },
    });
    const drop = 'drop /fake/container';
    const start = 'container start';
    expect(log.filter((line) => line === drop || line === start)).toEqual([drop, drop, start, start]);
    expect(run.trials.every(({ files }) => files !== undefined)).toBe(true);
  });

  test('ends before anything is started where a target cannot be cold, and leaves it out where others will do', async () => {
    const notCold = { code: 'not-cold', reason: 'cold-store' } as const;
    const behaviour = { container: { unreadable: notCold } };
    const refused = await execute({ behaviour });
    expect(refused.run).toMatchObject({ state: 'failed', failure: notCold, trials: [] });
    const rest = await execute({ behaviour, plan: { skipUnusable: true } });
    expect(rest.run).toMatchObject({ state: 'done', skipped: [{ target: 'container', failure: notCold }] });
    expect(rest.log.some((line) => line.startsWith('container'))).toBe(false);
  });

  test('ends at once where nobody can make them', async () => {
    const notCold = { code: 'not-cold', reason: 'cold-needs-root' } as const;
    const { run, log } = await execute({ notCold });
    expect(run).toMatchObject({ state: 'failed', failure: notCold });
    expect(log).toEqual([]);
  });

  test('has neither a ladder nor lives', () => {
    const plan = {
      name: 'x',
      workloads: [workload('a')],
      targets: ['container'],
      trials: 1,
      cold: true,
    } as const;
    expect(Plan.safeParse(plan).success).toBe(true);
    for (const more of [{ density: {} }, { lifecycle: true }])
      expect(Plan.safeParse({ ...plan, ...more }).error?.issues).toMatchObject([
        { path: ['cold'], message: 'cold-not-here' },
      ]);
  });
});

test('without the field nothing is dropped', async () => {
  const { run, log } = await execute({ plan: { cold: false } });
  expect(log.some((line) => line.startsWith('drop'))).toBe(false);
  expect(run.trials.every(({ files }) => files === undefined)).toBe(true);
});

test('an ordinary user is told before anything is made', async () => {
  vi.spyOn(process, 'getuid').mockReturnValue(1000);
  const kit = vi.fn();
  await expect(openColdStarts(kit, {} as RunScope)).rejects.toMatchObject({
    failure: { code: 'not-cold', reason: 'cold-needs-root' },
  });
  expect(kit).not.toHaveBeenCalled();
});

test('what was dropped is what was there before and is no more', () => {
  expect(readDropped('4096 3000 1000')).toEqual({ bytes: 4096, droppedBytes: 2000, cachedBytes: 1000 });
  for (const told of ['', '1 2', '1 2 3 4', 'a b c', '1 2 -3']) expect(readDropped(told)).toBeUndefined();
});
