import { expect, test } from 'vitest';
import { CurrentRun } from '../../../../main/engine/work/currentRun';
import type { StartedRun } from '../../../../main/engine/run/start';

/** A run whose beginning and end the test decides. */
function staged(id: string) {
  const log: string[] = [];
  let end: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (end = resolve));
  let begun: () => void = () => undefined;
  let refused: (error: Error) => void = () => undefined;
  const waiting = new Promise<void>((resolve, reject) => ([begun, refused] = [resolve, reject]));
  const run: StartedRun = {
    id,
    finished,
    stop() {
      log.push('stop');
      end();
      return finished;
    },
  };
  const begin = async () => {
    log.push('begin');
    await waiting;
    return run;
  };
  return { begin, log, begun: () => begun(), refuse: (error: Error) => refused(error), end: () => end() };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('of two that are asked for at once, one is made', async () => {
  const current = new CurrentRun(new AbortController().signal);
  const [first, second] = [staged('a'), staged('b')];
  const asked = current.start('a', first.begin);
  await expect(current.start('b', second.begin)).rejects.toThrow(/run-under-way {.*"id":"a"/);
  expect(second.log).toEqual([]);
  first.begun();
  expect(await asked).toBe('a');
  expect(current.id).toBe('a');
  first.end();
  await settled();
  expect(current.id).toBeUndefined();
});

test('one that does not begin leaves the place to the next', async () => {
  const current = new CurrentRun(new AbortController().signal);
  const failing = staged('a');
  const asked = current.start('a', failing.begin);
  failing.refuse(new Error('full'));
  await expect(asked).rejects.toThrow('full');
  await current.stop();
  const next = staged('b');
  next.begun();
  expect(await current.start('b', next.begin)).toBe('b');
});

test('one that is stopped while it begins is stopped as soon as it has begun', async () => {
  const current = new CurrentRun(new AbortController().signal);
  const run = staged('a');
  const asked = current.start('a', run.begin);
  await current.stop('another');
  let over = false;
  const stopping = current.stop().then(() => (over = true));
  await settled();
  expect(over).toBe(false); // closing has to wait for it: it would begin afterwards
  run.begun();
  await Promise.all([asked, stopping]);
  expect(run.log).toEqual(['begin', 'stop']);
});

test('none begins once the engine closes', async () => {
  const closing = new AbortController();
  const current = new CurrentRun(closing.signal);
  closing.abort();
  const late = staged('a');
  await expect(current.start('a', late.begin)).rejects.toThrow(/abort/i);
  expect(late.log).toEqual([]);
  expect(current.id).toBeUndefined();
});
