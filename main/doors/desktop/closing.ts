import type { Engine } from '../../engine/engine';

/** Answers whether any run is under way, from the engine's own events. */
export function watchRuns(engine: Engine): () => boolean {
  const running = new Set<string>();
  engine.onEvent((event) => {
    if (!event.run) return;
    // a run tells of its preparation before it says that it has started
    if (event.kind === 'run-ended') running.delete(event.run);
    else running.add(event.run);
  });
  return () => running.size > 0;
}

export interface Closing {
  /** whether the program may end now: everything it started is gone */
  ended(): boolean;
  /** a person asked to close: asks back when a run is under way */
  request(): Promise<void>;
  /** the system asked (signal, log-out): no questions */
  now(): Promise<void>;
}

/**
 * Ends the program only after the engine has removed everything that it started.
 * What cannot be removed in time is in the ledger, and the next start removes it.
 * @param parts.confirm     asks whether to stop the run that is under way
 * @param parts.clearingUp  the window should say that it is tidying up
 * @param parts.exit        ends the program; called once
 */
export function closing(parts: {
  engine: Pick<Engine, 'close'>;
  running: () => boolean;
  confirm: () => Promise<boolean>;
  clearingUp: () => void;
  exit: (code: number) => void;
  limitMs?: number;
}): Closing {
  let state: 'open' | 'asking' | 'ending' | 'ended' = 'open';

  async function now(): Promise<void> {
    if (state === 'ending' || state === 'ended') return;
    state = 'ending';
    parts.clearingUp();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), parts.limitMs ?? 60_000);
    });
    const outcome = await Promise.race([
      parts.engine.close().then(
        () => 'clean' as const,
        (error: unknown) => error,
      ),
      late,
    ]);
    clearTimeout(timer);
    if (outcome !== 'clean')
      console.error('tare: not everything could be removed; the next start tries again:', outcome);
    state = 'ended';
    parts.exit(outcome === 'clean' ? 0 : 1);
  }

  return {
    ended: () => state === 'ended',
    now,
    async request() {
      if (state !== 'open') return;
      if (parts.running()) {
        state = 'asking';
        const agreed = await parts.confirm().catch(() => true);
        // a signal may have come meanwhile
        if ((state as string) !== 'asking') return;
        state = 'open';
        if (!agreed) return;
      }
      await now();
    },
  };
}
