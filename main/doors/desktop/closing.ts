import type { WorkKind } from '../../contract/work/work';
import type { Engine } from '../../engine/engine';
import { leavingMs } from '../limits';

/**
 * What would be cut short if the program ended now, by what the engine tells: asking it would load one that nobody has needed yet.
 * @param onIdle  called when the last of it has ended
 */
export function workUnderWay(engine: Pick<Engine, 'onEvent'>, onIdle: () => void): () => WorkKind[] {
  const underWay = new Set<WorkKind>();
  engine.onEvent((event) => {
    if (event.kind !== 'work') return;
    if (event.work.answer) underWay.delete(event.work.kind);
    else underWay.add(event.work.kind);
    if (underWay.size === 0) onIdle();
  });
  return () => [...underWay];
}

export interface Closing {
  /** whether the program may end now: everything it started is gone */
  ended(): boolean;
  /** a person asked to close: asks back when something is under way, and waits no longer where he asks again */
  request(): Promise<void>;
  /** the system asked (signal, log-out): no questions; asked again, it ends within seconds */
  now(): Promise<void>;
  /** nothing is under way any more: a question about it is taken back, and the program stays */
  idle(): void;
}

/**
 * Ends the program only after the engine has removed everything that it started.
 * What cannot be removed in time is in the ledger, and the next start removes it.
 * @param parts.confirm     asks whether to stop what is under way; the signal takes the question back, which then is a no
 * @param parts.clearingUp  the window should say that it is tidying up
 * @param parts.exit        ends the program; called once
 */
export function closing(parts: {
  engine: Pick<Engine, 'close'>;
  underWay: () => WorkKind[];
  confirm: (work: WorkKind[], signal: AbortSignal) => Promise<boolean>;
  clearingUp: () => void;
  exit: (code: number) => void;
  limitMs?: number;
  leavingMs?: number;
}): Closing {
  let state: 'open' | 'asking' | 'ending' | 'ended' = 'open';
  let question = new AbortController();
  const hurry = new AbortController();
  const within = (ms: number) => setTimeout(() => hurry.abort(), ms).unref();

  async function now(): Promise<void> {
    if (state === 'ended') return;
    if (state === 'ending') return void within(parts.leavingMs ?? leavingMs);
    state = 'ending';
    question.abort();
    parts.clearingUp();
    const timer = within(parts.limitMs ?? 60_000);
    // what does not even give up is left as well
    const late = new Promise<'late'>((resolve) => {
      hurry.signal.addEventListener('abort', () => setImmediate(() => resolve('late')), { once: true });
    });
    const closed = parts.engine.close(hurry.signal).then(
      (left) => (left.length === 0 ? ('clean' as const) : left.map(({ kind, name }) => `${kind} ${name}`)),
      (error: unknown) => error,
    );
    const outcome = await Promise.race([closed, late]);
    clearTimeout(timer);
    if (outcome !== 'clean')
      console.error('tare: not everything could be removed; the next start tries again:', outcome);
    state = 'ended';
    parts.exit(outcome === 'clean' ? 0 : 1);
  }

  return {
    ended: () => state === 'ended',
    now,
    idle: () => question.abort(),
    async request() {
      if (state === 'ending') return now();
      if (state !== 'open') return;
      const work = parts.underWay();
      if (work.length > 0) {
        state = 'asking';
        question = new AbortController();
        const agreed = await parts.confirm(work, question.signal).catch(() => true);
        // a signal may have come meanwhile
        if ((state as string) !== 'asking') return;
        state = 'open';
        if (!agreed) return;
      }
      await now();
    },
  };
}
