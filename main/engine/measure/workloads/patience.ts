import type { Failure } from '../../../contract/failures';
import { TareError } from '../../base/errors';
import { anySignal } from '../../base/signals';
import type { Attempts } from './readiness';

/** The time limit of starting and becoming ready, joined with the user's stop. */
export interface Patience {
  readonly signal: AbortSignal;
  /** what the application was last heard to say, for the failure */
  readonly attempts: Attempts;
  giveUp(failure: Failure): void;
  /** must be called at the end */
  release(): void;
}

/**
 * Gives up with `not-ready` after `limitMs`. It is for the start as well as for the wait that follows: a guest that hangs on its way up
 * is as silent as an application that never listens.
 * @param lastPhase  asked when the time is over
 * @param fromMs  performance.now() at which the time began
 */
export function patienceFor(
  limitMs: number,
  stop: AbortSignal,
  lastPhase: () => string,
  fromMs = performance.now(),
): Patience {
  const over = new AbortController();
  const { signal, release } = anySignal(stop, over.signal);
  const attempts: Attempts = { lastAnswer: '' };
  const giveUp = (failure: Failure) => over.abort(new TareError(failure));
  const timeout = () => giveUp({ code: 'not-ready', waitedMs: limitMs, lastPhase: lastPhase(), ...attempts });
  const timer = setTimeout(timeout, fromMs + limitMs - performance.now());
  return {
    signal,
    attempts,
    giveUp,
    release() {
      clearTimeout(timer);
      release();
    },
  };
}
