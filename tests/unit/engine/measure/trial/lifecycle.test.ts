import { describe, expect, it } from 'vitest';
import { Plan } from '../../../../../main/contract/plan';
import { runLifecycle } from '../../../../../main/engine/measure/trial/lifecycle';
import { TareError } from '../../../../../main/engine/base/errors';
import type { Instance, Prepared } from '../../../../../main/engine/measure/targets/target';
import type { RunScope } from '../../../../../main/engine/base/scope';
import { fakePrepared } from '../../../../support/fakes/fakeTarget';

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
const scopeWith = (signal = new AbortController().signal): RunScope =>
  ({ signal, progress: () => undefined, freePort: () => Promise.resolve(0) }) as unknown as RunScope;

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
    const life = await runLifecycle(turn, able(log, { freezing }), plan, scopeWith());
    expect(log).toEqual([
      'container start',
      'pause',
      'unpause',
      'container stop',
      'container start',
      'container dispose',
    ]);
    expect(life.pausedBytes).toBe(1000);
    // nobody can look at what is left of it: that is no 0
    for (const what of ['stoppedBytes', 'stoppedDiskBytes', 'deletedBytes'] as const) {
      expect(life[what]).toBeUndefined();
      expect(life.missing).toContainEqual({ what, reason: 'not-offered' });
    }
    const times = [life.pauseMs, life.unpauseMs, life.stopMs, life.restartMs, life.deleteMs];
    for (const time of times) expect(time).toBeGreaterThanOrEqual(0);
  });

  it('starts what keeps something of its own again, instead of anew', async () => {
    const log: string[] = [];
    const keeping = { halt: done(log, 'halt'), revive: done(log, 'revive') };
    const life = await runLifecycle(turn, able(log, { keeping }), plan, scopeWith());
    expect(log).toEqual(['container start', 'halt', 'revive', 'container dispose']);
    expect(life.missing[0]).toEqual({ what: 'pauseMs', reason: 'not-offered' });
  });

  it('tells what is left of it in memory and on disk, and by how much the host has less than before', async () => {
    const log: string[] = [];
    let looked = 0;
    const remains = () => {
      const nth = (looked += 1); // the first is stopped, the second, started anew, is deleted
      log.push(`look ${nth}`);
      return Promise.resolve({
        memory: () => Promise.resolve(nth === 1 ? { bytes: 40 } : { reason: 'EACCES' }),
        disk: () => Promise.resolve({ bytes: 7 }),
      });
    };
    const available = [1000, 900, 1010];
    const hostAvailable = () => Promise.resolve(available.shift());
    const life = await runLifecycle(turn, able(log, { remains }), plan, scopeWith(), hostAvailable);
    expect(log).toEqual([
      'container start',
      'look 1',
      'container stop',
      'container start',
      'look 2',
      'container dispose',
    ]);
    expect(life).toMatchObject({
      stoppedBytes: 40,
      stoppedDiskBytes: 7,
      stoppedHostBytes: 100,
      deletedHostBytes: -10,
      missing: [
        { what: 'pauseMs', reason: 'not-offered' },
        { what: 'deletedBytes', reason: 'EACCES' },
      ],
    });
  });

  it('that breaks off says at which step and why, and leaves nothing', async () => {
    const log: string[] = [];
    const failure = { code: 'program-failed', program: 'QEMU', exit: 'exit 1', output: '' } as const;
    const freezing = { pause: () => Promise.reject(new TareError(failure)), unpause: done(log, 'unpause') };
    const life = await runLifecycle(turn, able(log, { freezing }), plan, scopeWith());
    expect(life).toEqual({ missing: [{ what: 'pauseMs', reason: 'program-failed' }] });
    expect(log).toEqual(['container start', 'container dispose']);
  });

  it('that never answers again ends after the time limit', async () => {
    const prepared = fakePrepared('container', [], { readyAfterMs: 60_000 });
    const life = await runLifecycle(turn, prepared, plan, scopeWith());
    expect(life).toEqual({ missing: [{ what: 'restartMs', reason: 'not-ready' }] });
  });

  it('that hangs before its application is executed ends after the time limit', async () => {
    const hanging: Prepared = {
      commandLine: [],
      reads: () => Promise.resolve([]),
      start: (_limits, _mark, { signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    };
    const life = await runLifecycle(turn, hanging, plan, scopeWith());
    expect(life).toEqual({ missing: [{ what: 'restartMs', reason: 'not-ready' }] });
  });

  it('whose instance cannot be deleted tells the caller, after another try', async () => {
    const log: string[] = [];
    const prepared = fakePrepared('container', log, { disposeFails: true });
    await expect(runLifecycle(turn, prepared, plan, scopeWith())).rejects.toThrow(/not-stopped/);
    expect(log.filter((line) => line === 'container dispose')).toHaveLength(2);
  });

  it('ends when the user stops, and leaves nothing', async () => {
    const log: string[] = [];
    const stopping = new AbortController();
    const freezing = {
      pause: () => Promise.resolve(stopping.abort()),
      unpause: done(log, 'unpause'),
    };
    const living = runLifecycle(turn, able(log, { freezing }), plan, scopeWith(stopping.signal));
    await expect(living).rejects.toThrow(/abort/i);
    expect(log.at(-1)).toBe('container dispose');
  });
});
