import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { settled } from '../../../../../main/engine/base/docker/owned';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('an answer that must not be broken off is waited for after an abort', async () => {
  const stop = new AbortController();
  const answer = new Promise<string>((resolve) => setTimeout(() => resolve('created'), 5000));
  const waiting = settled(answer, stop.signal);
  stop.abort();
  await vi.advanceTimersByTimeAsync(5000);
  await expect(waiting).resolves.toBe('created');
  expect(vi.getTimerCount()).toBe(0);
});

test.each(['before', 'while'])(
  'an engine that hangs holds up a stop for 20 s at most (aborted %s waiting)',
  async (when) => {
    const stop = new AbortController();
    if (when === 'before') stop.abort();
    const waiting = settled(new Promise(() => undefined), stop.signal);
    const outcome = expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    if (when === 'while') stop.abort();
    await vi.advanceTimersByTimeAsync(19_999);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    await outcome;
  },
);

test('without an abort an engine may take its time', async () => {
  const answer = new Promise<string>((resolve) => setTimeout(() => resolve('slow'), 3_600_000));
  const waiting = settled(answer, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(3_600_000);
  await expect(waiting).resolves.toBe('slow');
});
