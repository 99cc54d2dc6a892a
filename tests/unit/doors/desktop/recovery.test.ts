import type { WebContents } from 'electron';
import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { recoverPage, type PageState } from '../../../../main/doors/desktop/recovery';

/** A page that ends and hangs as told, on a clock of ours; questions wait for their answer. */
function stage() {
  const log: string[] = [];
  const events = new EventEmitter();
  const clock = { nowMs: 0 };
  const answers: ((again: boolean) => void)[] = [];
  const gone = (reason: string) => events.emit('render-process-gone', {}, { reason });
  recoverPage({
    contents: Object.assign(events, {
      reload: () => log.push('reload'),
      forcefullyCrashRenderer: () => void gone('killed'),
    }) as unknown as WebContents,
    ask: (state: PageState, signal) =>
      new Promise((resolve) => {
        log.push(`ask ${state}`);
        answers.push(resolve);
        // as Electron does it: a box that is taken back counts as cancelled
        signal.addEventListener('abort', () => (log.push('taken back'), resolve(false)));
      }),
    giveUp: () => log.push('give up'),
    restarted: () => log.push('restarted'),
    tell: ({ code }) => log.push(code),
    nowMs: () => clock.nowMs,
  });
  const answer = async (again: boolean) => {
    answers.pop()!(again);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { log, events, gone, clock, answer };
}

const shownAnew = ['restarted', 'reload', 'page-gone'];

it('shows a page that ended anew, and says so', () => {
  const { log, gone } = stage();
  gone('crashed');
  expect(log).toEqual(shownAnew);
});

it('leaves a page alone that ended as it should', () => {
  const { log, gone } = stage();
  gone('clean-exit');
  expect(log).toEqual([]);
});

it('asks when the page ends again at once, so that it does not end for ever', async () => {
  const { log, gone, clock, answer } = stage();
  gone('crashed');
  clock.nowMs = 5000;
  gone('oom');
  expect(log).toEqual([...shownAnew, 'ask gone']);
  await answer(true);
  expect(log).toEqual([...shownAnew, 'ask gone', ...shownAnew]);
  gone('oom');
  await answer(false);
  expect(log.at(-1)).toBe('give up');
});

it('does it by itself again after a while', () => {
  const { log, gone, clock } = stage();
  gone('crashed');
  clock.nowMs = 60_000;
  gone('crashed');
  expect(log).toEqual([...shownAnew, ...shownAnew]);
});

it('asks once about a page that does not answer, and ends it when told so', async () => {
  const { log, events, answer } = stage();
  events.emit('unresponsive');
  events.emit('unresponsive');
  expect(log).toEqual(['ask silent']);
  await answer(true);
  expect(log).toEqual(['ask silent', ...shownAnew]);
});

it('waits when told so, and takes the question back when the page answers', async () => {
  const { log, events, answer } = stage();
  events.emit('unresponsive');
  await answer(false);
  events.emit('unresponsive');
  events.emit('responsive');
  await answer(true);
  expect(log).toEqual(['ask silent', 'ask silent', 'taken back']);
});
