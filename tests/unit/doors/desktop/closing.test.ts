import { afterEach, beforeEach, expect, it, vi, type MockInstance } from 'vitest';
import { closing, watchRuns } from '../../../../main/doors/desktop/closing';
import { fakeEngine, fakeRecord } from '../../../support/fakeEngine';

/** Everything that ending the program touches, written down in order. */
function stage(
  options: { running?: boolean; agrees?: boolean; close?: () => Promise<void>; limitMs?: number } = {},
) {
  const log: string[] = [];
  const end = closing({
    engine: {
      close: async () => {
        log.push('close');
        await options.close?.();
        log.push('closed');
      },
    },
    running: () => options.running ?? false,
    confirm: () => {
      log.push('asked');
      return Promise.resolve(options.agrees ?? true);
    },
    clearingUp: () => log.push('clearing up'),
    exit: (code) => log.push(`exit ${code}`),
    ...(options.limitMs && { limitMs: options.limitMs }),
  });
  return { log, end };
}

let errors: MockInstance;
beforeEach(() => {
  errors = vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => errors.mockRestore());

it('ends only after the engine has removed everything, without asking when nothing runs', async () => {
  const { log, end } = stage();
  await end.request();
  expect(log).toEqual(['clearing up', 'close', 'closed', 'exit 0']);
  expect(end.ended()).toBe(true);
});

it('asks when a run is under way, and goes on as before when told to', async () => {
  const { log, end } = stage({ running: true, agrees: false });
  await end.request();
  await end.request();
  expect(log).toEqual(['asked', 'asked']);
  expect(end.ended()).toBe(false);
});

it('asks once, however often the window is closed meanwhile', async () => {
  const { log, end } = stage({ running: true });
  await Promise.all([end.request(), end.request(), end.request()]);
  expect(log).toEqual(['asked', 'clearing up', 'close', 'closed', 'exit 0']);
});

it('does not ask when the system ends the program, even while a question is open', async () => {
  const { log, end } = stage({ running: true });
  const asking = end.request();
  await end.now();
  await asking;
  expect(log).toEqual(['asked', 'clearing up', 'close', 'closed', 'exit 0']);
});

it('says so with its exit code when not everything could be removed', async () => {
  const { log, end } = stage({ close: () => Promise.reject(new Error('busy')) });
  await end.request();
  expect(log).toEqual(['clearing up', 'close', 'exit 1']);
});

it('does not wait for ever', async () => {
  const { log, end } = stage({ close: () => new Promise(() => {}), limitMs: 20 });
  await end.request();
  expect(log.at(-1)).toBe('exit 1');
});

it('counts a run as under way from its preparation until its end', async () => {
  const engine = fakeEngine({
    endless: true,
    events: (run) => [
      { kind: 'progress', run, progress: { step: 'kit', subject: 'x', state: 'started', elapsedMs: 0 } },
    ],
  });
  const running = watchRuns(engine);
  const seen: boolean[] = [];
  engine.onEvent((event) => seen.push(event.kind === 'progress' && running()));
  expect(running()).toBe(false);
  const id = await engine.startRun({ plan: fakeRecord().plan });
  await engine.busy;
  expect(seen[0]).toBe(true);
  expect(running()).toBe(true);
  await engine.stopRun({ id });
  expect(running()).toBe(false);
});
