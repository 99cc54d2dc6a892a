import type { Progress, StepName } from '../../contract/work/progress';
import type { RunScope } from './scope';

/** What is told of a longer step beside its share. */
type Details = Pick<Progress, 'transfer' | 'build' | 'builder'>;

/** Tells how one step goes. Begins at once. */
export function steps(scope: Pick<RunScope, 'progress'>, step: StepName, subject: string) {
  const begun = performance.now();
  const tell = (state: Progress['state'], share?: number, details?: Details) =>
    scope.progress({
      step,
      subject,
      state,
      ...(share !== undefined && { share }),
      ...details,
      elapsedMs: performance.now() - begun,
    });
  let toldMs = begun;
  tell('started');
  return {
    /** At most ten times a second: a fast pull reports hundreds of lines. */
    moving(share?: number, details?: () => Details) {
      if (performance.now() - toldMs < 100) return;
      toldMs = performance.now();
      tell('moving', share, details?.());
    },
    /** What must be seen, however soon it comes after the last report: a step of its own that begins or fails. */
    now: (share?: number, details?: Details) => tell('moving', share, details),
    done: (details?: Details) => tell('done', 1, details),
  };
}
