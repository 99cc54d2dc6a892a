/**
 * When is an application ready? At its first good answer. A TCP connect proves nothing here, because docker-proxy and
 * QEMU's user network both accept before the application listens, and QEMU's may then leave the connection hanging.
 * So a try begins every few milliseconds, each on its own connection, whatever became of those before it (pace.ts).
 */
import type { Probe } from '../../../contract/plan';
import { Pace } from './pace';
import { ask, type FirstAnswer, type Place } from './probes';
import { leastMissed, resolutionOf, type NotGood } from './tries';

export interface Ready extends FirstAnswer {
  /** when the good answer was complete, as performance.now() */
  atMs: number;
  /**
   * how finely this was measured: from the begin of the last try that shows that the application was not ready to that of the good
   * one; absent when no try shows it
   */
  resolutionMs?: number;
  /** our own waiting: from the end of the last try that failed until the good one was made; absent when there was none */
  waited?: { fromMs: number; toMs: number };
}

/** What the last try saw; the failure of a trial that never became ready names it. */
export interface Attempts {
  lastAnswer: string;
}

/** Where the application is asked, and what it works meanwhile. */
export interface Asked extends Place {
  /** its CPU time so far, where it can be read */
  read?(): Promise<{ cpuMs?: number }>;
}

/** From one turn to the next. */
const cadenceMs = 4;
/** As many tries may be silent at once: more would only be more work for an application that is slow. */
const mostSilent = 12;

/**
 * Asks until the application gives its first good answer.
 * @throws AbortError when `signal` aborts; the caller owns the time limit
 */
export async function waitReady(
  asked: Asked,
  probe: Probe,
  signal: AbortSignal,
  attempts: Attempts,
): Promise<Ready> {
  signal.throwIfAborted();
  const asking = new Asking(
    (stop) => ask(asked, probe, stop),
    new Pace(async () => (await asked.read?.())?.cpuMs),
    attempts,
  );
  let abort!: () => void;
  const aborted = new Promise<never>((_, reject) => (abort = () => reject(signal.reason as Error)));
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([asking.ready, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
    asking.end();
  }
}

interface Try {
  startedAtMs: number;
  stop: AbortController;
  /** when the last one that had failed before it was made did so */
  failedBeforeMs?: number;
}

/** The tries at one application. It asks from its making until `end`. */
class Asking {
  /** at the first good answer; never rejects */
  readonly ready: Promise<Ready>;
  private tell!: (ready: Ready) => void;
  /** the oldest first */
  private silent: Try[] = [];
  private readonly notGood: NotGood[] = [];
  private lastFailedAtMs?: number;
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly askOnce: (stop: AbortSignal) => Promise<FirstAnswer>,
    private readonly pace: Pace,
    private readonly attempts: Attempts,
  ) {
    this.ready = new Promise((resolve) => (this.tell = resolve));
    this.turn(performance.now());
  }

  /** Breaks off what is still silent. */
  end(): void {
    clearTimeout(this.timer);
    for (const { stop } of this.silent.splice(0)) stop.abort();
  }

  /** Begins a try if one is due, and plans the next turn; a late one does not make two of them. */
  private turn(dueMs: number): void {
    const nowMs = performance.now();
    if (this.pace.isDue(nowMs)) {
      if (this.silent.length === mostSilent) this.makeRoom(nowMs);
      void this.attempt(nowMs);
    }
    const nextMs = Math.max(dueMs + cadenceMs, nowMs);
    this.timer = setTimeout(() => this.turn(nextMs), nextMs - nowMs);
  }

  private makeRoom(nowMs: number): void {
    const place = leastMissed(this.silent.map(({ startedAtMs }) => nowMs - startedAtMs));
    const [{ startedAtMs, stop }] = this.silent.splice(place, 1) as [Try];
    this.notGood.push({ startedAtMs, givenMs: nowMs - startedAtMs });
    this.attempts.lastAnswer = 'silent';
    stop.abort();
  }

  private async attempt(startedAtMs: number): Promise<void> {
    const stop = new AbortController();
    const one: Try = {
      startedAtMs,
      stop,
      ...(this.lastFailedAtMs !== undefined && { failedBeforeMs: this.lastFailedAtMs }),
    };
    this.silent.push(one);
    try {
      const answer = await this.askOnce(stop.signal);
      this.tell(this.readyBy(one, answer));
    } catch (error) {
      if (stop.signal.aborted) return; // by us, which is noted where it is done
      this.pace.heard();
      this.lastFailedAtMs = performance.now();
      this.notGood.push({ startedAtMs, givenMs: Infinity });
      this.attempts.lastAnswer = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    }
    this.silent = this.silent.filter((other) => other !== one);
  }

  private readyBy({ startedAtMs, failedBeforeMs }: Try, answer: FirstAnswer): Ready {
    const atMs = performance.now();
    const stillSilent = this.silent.map((other) => ({
      startedAtMs: other.startedAtMs,
      givenMs: atMs - other.startedAtMs,
    }));
    const good = { startedAtMs, tookMs: atMs - startedAtMs };
    const resolutionMs = resolutionOf(good, [...this.notGood, ...stillSilent]);
    return {
      atMs,
      ...answer,
      ...(resolutionMs !== undefined && { resolutionMs }),
      ...(failedBeforeMs !== undefined && { waited: { fromMs: failedBeforeMs, toMs: startedAtMs } }),
    };
  }
}
