import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TareEvent } from '../../../../main/contract/events';
import type { Progress } from '../../../../main/contract/progress';
import { JobRecords } from '../../../../main/engine/work/records';
import { Jobs } from '../../../../main/engine/work/jobs';
import { lookups } from '../../../../main/engine/work/lookups';
import { createResources } from '../../../../main/engine/resources';
import { fakeKit } from '../../../support/fakes/fakeAnswers';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'tare-lookups-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const step: Progress = { step: 'kit-unpack', subject: 'x', state: 'started', elapsedMs: 0 };
const { signal } = new AbortController();

/** An engine's own resources, whose kit is never made but told to be. */
function told() {
  const events: TareEvent[] = [];
  const settings = { value: () => folder, chosen: () => undefined };
  const resources = createResources({ assetsFolder: '' }, settings as never, (event) => events.push(event));
  resources.buildKit = (_, scope) => {
    scope.progress(step);
    return Promise.resolve(fakeKit);
  };
  return { events, resources };
}

describe('progress is told with what it is done for', () => {
  it('a call', async () => {
    const { events, resources } = told();
    const calls = lookups(
      resources,
      new Jobs(),
      new JobRecords(() => undefined),
      () => undefined,
      () => undefined,
    );
    await calls.buildKit({ kernel: 'minimal' });
    expect(events).toEqual([{ kind: 'progress', call: 'buildKit', progress: step }]);
    resources.close();
  });

  it('a run, also when it needs a guest kit that has to be made first', async () => {
    const { events, resources } = told();
    const run = '20261123-160000-cccc';
    await expect(resources.busybox(resources.scope(signal, { run }))).rejects.toMatchObject({
      failure: { code: 'kit-missing' },
    });
    expect(events).toEqual([{ kind: 'progress', run, progress: step }]);
    resources.close();
  });
});

describe('longer work that nobody waits for', () => {
  /** The calls on resources whose kit is made when the test says so, or given up when it is stopped. */
  function staged() {
    const { events, resources } = told();
    let made = () => {};
    resources.buildKit = (_, { signal: stopping }) =>
      new Promise((resolve, reject) => {
        made = () => resolve(fakeKit);
        stopping.addEventListener('abort', () => reject(stopping.reason as Error));
      });
    const records = new JobRecords((event) => events.push(event));
    const run: { id?: string } = {};
    const calls = lookups(
      resources,
      new Jobs(),
      records,
      () => run.id,
      () => undefined,
    );
    return { calls, run, events, made: () => made(), close: () => resources.close() };
  }
  const order = { call: 'buildKit', input: { kernel: 'minimal' } } as const;

  it('answers at once with its record, and ends in what is told', async () => {
    const { calls, events, made, close } = staged();
    const record = await calls.startJob(order);
    expect(record).toMatchObject({ ...order, steps: [] });
    expect(await calls.jobs({})).toEqual([record]);
    made();
    await expect.poll(() => events).toHaveLength(2);
    expect(events.at(-1)).toEqual({ kind: 'job', job: { ...record, answer: { ok: true, value: fakeKit } } });
    close();
  });

  it('is not begun a second time, by whichever call, nor beside a run', async () => {
    const { calls, run, made, close } = staged();
    run.id = '20261123-160000-cccc';
    await expect(calls.startJob(order)).rejects.toMatchObject({ failure: { code: 'run-under-way' } });
    delete run.id;
    const lasting = calls.buildKit(order.input);
    const second = { failure: { code: 'job-under-way', call: 'buildKit' } };
    await expect(calls.startJob(order)).rejects.toMatchObject(second);
    await expect(calls.buildKit(order.input)).rejects.toMatchObject(second);
    made();
    expect(await lasting).toEqual(fakeKit);
    close();
  });

  it('is over once a stop has answered, so that it can begin anew', async () => {
    const { calls, close } = staged();
    await calls.startJob(order);
    await calls.stopJob({ call: 'buildKit' });
    expect(await calls.jobs({})).toMatchObject([{ answer: { ok: false, failure: { code: 'stopped' } } }]);
    await calls.startJob(order);
    await calls.stopJob({ call: 'buildKit' });
    close();
  });
});
