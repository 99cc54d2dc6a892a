import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TareEvent } from '../../../../../main/contract/events';
import type { Progress } from '../../../../../main/contract/work/progress';
import type { WorkNote } from '../../../../../main/contract/work/work';
import { createResources } from '../../../../../main/engine/measure/resources';
import { doJob } from '../../../../../main/doors/doJob';
import { jobCalls } from '../../../../../main/engine/calls/jobs';
import { Work } from '../../../../../main/engine/base/work/work';
import { fakeKit } from '../../../../support/fakes/fakeAnswers';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'tare-jobs-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const step: Progress = { step: 'kit-unpack', subject: 'x', state: 'started', elapsedMs: 0 };
const { signal } = new AbortController();

/** An engine's own resources and calls, whose kit is never made but told to be: when the test says so, or given up when it is stopped. */
function staged() {
  const events: TareEvent[] = [];
  const listeners = new Set<(event: TareEvent) => void>([(event) => events.push(event)]);
  const emit = (event: TareEvent) => listeners.forEach((listener) => listener(event));
  const settings = { value: () => folder, chosen: () => undefined };
  const resources = createResources({ assetsFolder: '' }, settings as never, emit);
  let made = () => {};
  resources.buildKit = (_, { progress, signal: stopping }) => {
    progress(step);
    return new Promise((resolve, reject) => {
      made = () => resolve(fakeKit);
      stopping.addEventListener('abort', () => reject(stopping.reason as Error));
    });
  };
  const note = (one: WorkNote) => resources.ledger().noteWork(one);
  const work = new Work({ emit, note, others: () => [], closing: signal });
  const onEvent = (listener: (event: TareEvent) => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const engine = { ...jobCalls(resources, work, emit), onEvent };
  return { engine, resources, work, events, made: () => made(), close: () => resources.close() };
}
const order = { kind: 'buildKit', input: { kernel: 'minimal' } } as const;

describe('progress is told with what it is done for', () => {
  it('a job', async () => {
    const { engine, events, made, close } = staged();
    await engine.startJob(order);
    expect(events).toContainEqual({ kind: 'progress', job: 'buildKit', progress: step });
    made();
    await expect.poll(() => events.at(-1)).toMatchObject({ kind: 'work', work: { answer: { ok: true } } });
    close();
  });

  it('a run, also when it needs a guest kit that has to be made first', async () => {
    const { events, resources, made, close } = staged();
    const run = '20261123-160000-cccc';
    const needed = resources.madeKit(resources.scope(signal, { run }));
    await expect.poll(() => events).toEqual([{ kind: 'progress', run, progress: step }]);
    made();
    await expect(needed).rejects.toMatchObject({ failure: { code: 'kit-missing' } });
    close();
  });
});

it('answers at once with its record, and ends in what is told', async () => {
  const { engine, work, events, made, close } = staged();
  const record = await engine.startJob(order);
  expect(record).toMatchObject({ ...order, steps: [] });
  expect(work.records()).toEqual([record]);
  made();
  const end = { kind: 'work', work: { ...record, answer: { ok: true, value: fakeKit } } };
  await expect.poll(() => events.at(-1)).toEqual(end);
  close();
});

describe('who waits for a job', () => {
  it('is answered with what came of it', async () => {
    const { engine, made, close } = staged();
    const waiting = doJob(engine, order.kind, order.input);
    await expect(doJob(engine, order.kind, order.input)).rejects.toMatchObject({
      failure: { code: 'job-under-way', call: 'buildKit' },
    });
    made();
    expect(await waiting).toEqual(fakeKit);
    close();
  });

  it('is told when another stops it', async () => {
    const { engine, close } = staged();
    const waiting = doJob(engine, order.kind, order.input);
    const refused = expect(waiting).rejects.toMatchObject({ failure: { code: 'stopped' } });
    await engine.stopJob({ kind: 'buildKit' });
    await refused;
    close();
  });
});
