/**
 * When is an application ready? At its first good answer. A TCP connect proves nothing here, because docker-proxy and
 * QEMU's user network both accept before the application listens, and QEMU's may then leave the connection hanging.
 * So every try is its own connection, a failed try is followed by the next within 5 ms, and a silent one is overtaken.
 */
import type { Probe } from '../../contract/plan';
import { sleep } from '../signals';
import { ask, type FirstAnswer, type Place } from './probes';

export interface Ready extends FirstAnswer {
  /** when the good answer was complete, as performance.now() */
  atMs: number;
  /** how far apart the last failing and the good try began: how finely this was measured; absent when the first try was good */
  resolutionMs?: number;
  /** our own waiting: from the end of the last try that failed until the good one was made; absent when there was none */
  waited?: { fromMs: number; toMs: number };
}

/** What the last try saw; the failure of a trial that never became ready names it. */
export interface Attempts {
  lastAnswer: string;
}

const pauseMs = 2;
/** A try that has said nothing for this long is joined by another; doubled each time, so that a slow application is not buried in requests. */
const overtakeMs = 25;
const mostTries = 8;

/**
 * Asks until the application gives its first good answer.
 * @throws AbortError when `signal` aborts; the caller owns the time limit
 */
export async function waitReady(
  place: Place,
  probe: Probe,
  signal: AbortSignal,
  attempts: Attempts,
): Promise<Ready> {
  const tries = new AbortController();
  const stop = () => tries.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  let lastFailedAtMs: number | undefined;
  let lastRefusedAtMs = Infinity;

  const attempt = async (): Promise<Ready> => {
    const startedAtMs = performance.now();
    const refusedAtMs = lastRefusedAtMs;
    try {
      const answer = await ask(place, probe, tries.signal);
      return {
        atMs: performance.now(),
        ...answer,
        ...(lastFailedAtMs !== undefined && { resolutionMs: startedAtMs - lastFailedAtMs }),
        ...(refusedAtMs <= startedAtMs && { waited: { fromMs: refusedAtMs, toMs: startedAtMs } }),
      };
    } catch (error) {
      if (tries.signal.aborted) throw error; // broken off by us: says nothing about the application
      lastFailedAtMs = Math.max(lastFailedAtMs ?? 0, startedAtMs);
      lastRefusedAtMs = performance.now();
      attempts.lastAnswer = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
      throw error;
    }
  };
  try {
    return await race(attempt, signal);
  } finally {
    signal.removeEventListener('abort', stop);
    tries.abort();
  }
}

/** Keeps tries going until one succeeds: a new one after each failure, and beside the ones that stay silent. */
function race(attempt: () => Promise<Ready>, signal: AbortSignal): Promise<Ready> {
  return new Promise((resolve, reject) => {
    let open = 0;
    let over = false;
    const finish = (settle: () => void) => {
      over = true;
      settle();
    };
    const aborted = () => finish(() => reject(signal.reason as Error));
    if (signal.aborted) return aborted();
    signal.addEventListener('abort', aborted, { once: true });

    const launch = (patienceMs: number): void => {
      if (over || open >= mostTries) return;
      open += 1;
      const overtake = setTimeout(() => launch(patienceMs * 2), patienceMs);
      const next = () => {
        clearTimeout(overtake);
        open -= 1;
        if (!over && open === 0) void sleep(pauseMs).then(() => launch(overtakeMs));
      };
      attempt().then((ready) => {
        clearTimeout(overtake);
        signal.removeEventListener('abort', aborted);
        if (!over) finish(() => resolve(ready));
      }, next);
    };
    launch(overtakeMs);
  });
}
