import { describe, expect, it } from 'vitest';
import { fakeLink, ok } from '../../../support/fakePage';
import { fakeKit } from '../../../support/fakeEngine';
import type { Progress } from '../../../../main/contract/events';
import { Jobs } from '../../../../renderer/state/jobs.svelte';

const step = (name: string, state: Progress['state'] = 'started'): Progress => ({
  step: name,
  subject: 'x',
  state,
  elapsedMs: 0,
});

describe('jobs that are under way at the same time', () => {
  it('show each their own steps, and none of a run', () => {
    const link = fakeLink();
    const jobs = new Jobs(link);
    void jobs.workflow.run({ source: { kind: 'starter' } });
    void jobs.kit.run({ kernel: 'minimal' });
    link.tell(
      { kind: 'progress', call: 'workflow', progress: step('build-image') },
      { kind: 'progress', call: 'buildKit', progress: step('kernel') },
      { kind: 'progress', run: '20261123-160000-cccc', progress: step('disk') },
      { kind: 'progress', call: 'saveBuildFolder', progress: step('kit') },
      { kind: 'progress', call: 'buildKit', progress: step('kernel', 'done') },
    );
    expect(jobs.workflow.steps).toEqual([step('build-image')]);
    expect(jobs.kit.steps).toEqual([step('kernel', 'done')]);
    expect(jobs.isolation.steps).toEqual([]);
  });

  it('are stopped each by itself', async () => {
    const link = fakeLink({ stopJob: () => ok(undefined) });
    const jobs = new Jobs(link);
    void jobs.kit.run({});
    await jobs.kit.stop();
    expect(link.asked.at(-1)).toEqual({ name: 'stopJob', input: { call: 'buildKit' } });
  });
});

describe('a job', () => {
  it('knows what it was asked for as long as it takes, and after', async () => {
    let finish = () => {};
    const link = fakeLink({
      buildKit: () => new Promise((resolve) => (finish = () => resolve(ok(fakeKit)))),
    });
    const { kit } = new Jobs(link);
    const built = kit.run({ kernel: 'minimal' });
    expect(kit).toMatchObject({ running: true, asked: { kernel: 'minimal' } });
    // another page asks meanwhile
    expect(await kit.run({})).toBe(false);
    finish();
    expect(await built).toBe(true);
    expect(kit).toMatchObject({ running: false, asked: { kernel: 'minimal' }, value: fakeKit });
  });
});
