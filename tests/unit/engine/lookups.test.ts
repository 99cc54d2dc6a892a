import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Progress, TareEvent } from '../../../main/contract/events';
import { Jobs } from '../../../main/engine/jobs';
import { lookups } from '../../../main/engine/lookups';
import { createResources } from '../../../main/engine/resources';
import { fakeKit } from '../../support/fakeEngine';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'tare-lookups-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const step: Progress = { step: 'kit', subject: 'x', state: 'started', elapsedMs: 0 };
const { signal } = new AbortController();

/** An engine's own resources, whose kit is never made but told to be. */
function told() {
  const events: TareEvent[] = [];
  const settings = { value: () => folder, chosen: () => undefined };
  const resources = createResources({ assetsFolder: '' }, settings as never, (event) => events.push(event));
  resources.buildKit = (_, workshop) => {
    workshop.progress(step);
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
    await expect(resources.busybox(resources.workshop(signal, { run }))).rejects.toMatchObject({
      failure: { code: 'kit-missing' },
    });
    expect(events).toEqual([{ kind: 'progress', run, progress: step }]);
    resources.close();
  });
});
