import { afterEach, beforeEach, expect, it, vi, type MockInstance } from 'vitest';
import { locales } from '../../../../main/contract/appearance';
import { JobKind, type WorkKind } from '../../../../main/contract/work/work';
import { message } from '../../../../main/contract/messages';
import type { Leftover } from '../../../../main/contract/machine';
import { closing, workUnderWay } from '../../../../main/doors/desktop/closing';
import { lateEngine } from '../../../../main/doors/desktop/lateEngine';
import { fakeRecord } from '../../../support/fakes/fakeAnswers';
import { fakeEngine } from '../../../support/fakes/fakeEngine';

/** Everything that ending the program touches, written down in order. */
function stage(
  options: {
    work?: WorkKind[];
    agrees?: boolean | 'when taken back';
    close?: (hurry?: AbortSignal) => Promise<void>;
    leaves?: Leftover[];
    limitMs?: number;
    leavingMs?: number;
  } = {},
) {
  const log: string[] = [];
  const end = closing({
    engine: {
      close: async (hurry) => {
        log.push('close');
        await options.close?.(hurry);
        log.push('closed');
        return options.leaves ?? [];
      },
    },
    underWay: () => options.work ?? [],
    confirm: (work, signal) => {
      log.push(`asked ${work.join()}`);
      const { agrees = true } = options;
      if (agrees !== 'when taken back') return Promise.resolve(agrees);
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(false)));
    },
    clearingUp: () => log.push('clearing up'),
    exit: (code) => log.push(`exit ${code}`),
    ...(options.limitMs && { limitMs: options.limitMs }),
    ...(options.leavingMs && { leavingMs: options.leavingMs }),
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
  const { log, end } = stage({ work: ['run'], agrees: false });
  await end.request();
  await end.request();
  expect(log).toEqual(['asked run', 'asked run']);
  expect(end.ended()).toBe(false);
});

it('asks about other work as well, and says what it is', async () => {
  const { log, end } = stage({ work: ['buildKit', 'pullImage'], agrees: false });
  await end.request();
  expect(log).toEqual(['asked buildKit,pullImage']);
});

it('asks once, however often the window is closed meanwhile', async () => {
  const { log, end } = stage({ work: ['run'] });
  await Promise.all([end.request(), end.request(), end.request()]);
  expect(log).toEqual(['asked run', 'clearing up', 'close', 'closed', 'exit 0']);
});

it('does not ask when the system ends the program, even while a question is open', async () => {
  const { log, end } = stage({ work: ['run'] });
  const asking = end.request();
  await end.now();
  await asking;
  expect(log).toEqual(['asked run', 'clearing up', 'close', 'closed', 'exit 0']);
});

it('takes its question back when what it asks about has ended, and stays', async () => {
  const { end, log } = stage({ work: ['run'], agrees: 'when taken back' });
  const asking = end.request();
  end.idle();
  await asking;
  expect(log).toEqual(['asked run']);
  expect(end.ended()).toBe(false);
});

it('says so with its exit code when not everything could be removed', async () => {
  const { log, end } = stage({ close: () => Promise.reject(new Error('busy')) });
  await end.request();
  expect(log).toEqual(['clearing up', 'close', 'exit 1']);
});

it('says so as well when the engine tells that something is left', async () => {
  const { log, end } = stage({ leaves: [{ kind: 'container', name: 'tare-a-web-1', session: 'a' }] });
  await end.request();
  expect(log.at(-1)).toBe('exit 1');
  expect(errors.mock.calls.flat(2)).toContain('container tare-a-web-1');
});

it.each(['request', 'now'] as const)('asked again by “%s”, it hurries the engine', async (again) => {
  const hurried = (hurry?: AbortSignal) =>
    new Promise<void>((resolve) => hurry!.addEventListener('abort', () => resolve()));
  const { log, end } = stage({ close: hurried, leavingMs: 1, leaves: [] });
  const ending = end.request();
  await Promise.resolve();
  await end[again]();
  await ending;
  expect(log).toEqual(['clearing up', 'close', 'closed', 'exit 0']);
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
      {
        kind: 'progress',
        run,
        progress: { step: 'kit-unpack', subject: 'x', state: 'started', elapsedMs: 0 },
      },
    ],
  });
  let idle = 0;
  const underWay = workUnderWay(engine, () => (idle += 1));
  const seen: WorkKind[][] = [];
  engine.onEvent(() => seen.push(underWay()));
  expect(underWay()).toEqual([]);
  const id = await engine.startRun({ plan: fakeRecord().plan });
  await engine.busy;
  expect(seen[0]).toEqual(['run']);
  expect(underWay()).toEqual(['run']);
  expect(idle).toBe(0);
  await engine.stopRun({ id });
  expect(underWay()).toEqual([]);
  expect(idle).toBe(1);
});

it('counts longer work as under way until it ends, without asking an engine that was not needed yet', async () => {
  const made = fakeEngine({ endlessJobs: true });
  let loads = 0;
  const engine = lateEngine(() => {
    loads += 1;
    return Promise.resolve(made);
  });
  const underWay = workUnderWay(engine, () => undefined);
  expect(underWay()).toEqual([]);
  expect(loads).toBe(0);
  await engine.startJob({ kind: 'buildKit', input: { kernel: 'minimal' } });
  await engine.startJob({ kind: 'pullImage', input: { reference: 'web:1' } });
  expect(underWay()).toEqual(['buildKit', 'pullImage']);
  await engine.stopJob({ kind: 'buildKit' });
  expect(underWay()).toEqual(['pullImage']);
  await engine.stopJob({ kind: 'pullImage' });
  expect(underWay()).toEqual([]);
});

it.each(locales)('has words in %s for what is lost with each work', (locale) => {
  for (const work of ['run', ...JobKind.options] as const)
    expect(message(locale, `ui.close.lost.${work}`)).not.toContain('ui.close');
});
