/** Small pieces around waiting and AbortSignal. */
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Aborts when any of `signals` does. `release` must be called at the end, or a long-lived signal keeps the listener for ever.
 * Node 20's own `AbortSignal.any` forgets an `AbortSignal.timeout` at the next garbage collection, and then never aborts; and it
 * leaves 1 kB behind in a long-lived signal each time.
 */
export function anySignal(...signals: AbortSignal[]): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const abort = (event: Event) => controller.abort((event.target as AbortSignal).reason);
  for (const signal of signals) {
    if (signal.aborted) controller.abort(signal.reason);
    else signal.addEventListener('abort', abort, { once: true });
  }
  const release = () => signals.forEach((signal) => signal.removeEventListener('abort', abort));
  return { signal: controller.signal, release };
}

/** Waits; rejects with an AbortError at once when aborted. */
export const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
  await delay(ms, undefined, signal && { signal });
};

/** Whether it settles within `ms`; `event` must not reject. */
export async function settlesWithin(event: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
  const isSettled = await Promise.race([event.then(() => true), over]);
  clearTimeout(timer);
  return isSettled;
}

/** Waits for `event`, but no longer than until the signal aborts; what becomes of it after that is nobody's. @throws what `event` does */
export async function unlessAborted(event: Promise<void>, signal?: AbortSignal): Promise<void> {
  if (!signal) return event;
  let giveUp: () => void = () => undefined;
  const aborted = new Promise<void>((resolve) => (giveUp = resolve));
  if (signal.aborted) giveUp();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await Promise.race([event, aborted]);
  } finally {
    signal.removeEventListener('abort', giveUp);
    event.catch(() => undefined);
  }
}
