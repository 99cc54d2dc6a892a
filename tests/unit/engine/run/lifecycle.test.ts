import { describe, expect, it } from 'vitest';
import { Plan } from '../../../../main/contract/plan';
import { liveThrough } from '../../../../main/engine/run/lifecycle';
import { TareError } from '../../../../main/engine/errors';
import type { Instance, Prepared, Workshop } from '../../../../main/engine/targets/target';
import { fakePrepared } from '../../../support/fakeTarget';

const plan = Plan.parse({
  name: 'test',
  workloads: [
    { name: 'web', image: { kind: 'builtin', name: 'web' }, limits: { memoryBytes: 64 * 1024 ** 2 } },
  ],
  targets: ['container'],
  trials: 1,
  readyTimeoutMs: 300,
});
const turn = { round: 0, target: 'container', workload: plan.workloads[0]! };
const workshopWith = (signal = new AbortController().signal): Workshop =>
  ({ signal, progress: () => undefined, freePort: () => Promise.resolve(0) }) as unknown as Workshop;

/** A fake with more abilities. */
const able = (log: string[], more: Partial<Instance>): Prepared => {
  const fake = fakePrepared('container', log);
  return { ...fake, start: async (...words) => Object.assign(await fake.start(...words), more) };
};
const done = (log: string[], name: string) => () => Promise.resolve(void log.push(name));

describe('the rest of a life', () => {
  it('is pause, resume, stop, another start and deletion, each timed, with nothing left', async () => {
    const log: string[] = [];
    const freezing = { pause: done(log, 'pause'), unpause: done(log, 'unpause') };
    const life = await liveThrough(turn, able(log, { freezing }), plan, workshopWith());
    expect(log).toEqual([
      'container start',
      'pause',
      'unpause',
      'container stop',
      'container start',
      'container dispose',
    ]);
    expect(life).toMatchObject({ pausedBytes: 1000, stoppedDiskBytes: 0, missing: [] });
    const times = [life.pauseMs, life.unpauseMs, life.stopMs, life.restartMs, life.deleteMs];
    for (const time of times) expect(time).toBeGreaterThanOrEqual(0);
  });

  it('starts what keeps something of its own again, instead of anew', async () => {
    const log: string[] = [];
    const keeping = { halt: done(log, 'halt'), revive: done(log, 'revive') };
    const life = await liveThrough(turn, able(log, { keeping }), plan, workshopWith());
    expect(log).toEqual(['container start', 'halt', 'revive', 'container dispose']);
    expect(life.missing).toEqual([
      { what: 'pauseMs', reason: 'not-offered' },
      { what: 'stoppedDiskBytes', reason: 'unreadable' },
    ]);
    expect(life.stoppedDiskBytes).toBeUndefined();
  });

  it('that breaks off says at which step and why, and leaves nothing', async () => {
    const log: string[] = [];
    const failure = { code: 'program-failed', program: 'QEMU', exit: 'exit 1', output: '' } as const;
    const freezing = { pause: () => Promise.reject(new TareError(failure)), unpause: done(log, 'unpause') };
    const life = await liveThrough(turn, able(log, { freezing }), plan, workshopWith());
    expect(life).toEqual({ missing: [{ what: 'pauseMs', reason: 'program-failed' }] });
    expect(log).toEqual(['container start', 'container dispose']);
  });

  it('that never answers again ends after the time limit', async () => {
    const prepared = fakePrepared('container', [], { readyAfterMs: 60_000 });
    const life = await liveThrough(turn, prepared, plan, workshopWith());
    expect(life).toEqual({ missing: [{ what: 'restartMs', reason: 'not-ready' }] });
  });

  it('ends when the user stops, and leaves nothing', async () => {
    const log: string[] = [];
    const stopping = new AbortController();
    const freezing = {
      pause: () => Promise.resolve(stopping.abort()),
      unpause: done(log, 'unpause'),
    };
    const living = liveThrough(turn, able(log, { freezing }), plan, workshopWith(stopping.signal));
    await expect(living).rejects.toThrow(/abort/i);
    expect(log.at(-1)).toBe('container dispose');
  });
});
