import type { Progress } from '../../contract/events';
import type { Transfer } from '../../contract/images';
import type { Workshop } from '../targets/target';

/** Tells how one step goes. Begins at once. */
export function steps(workshop: Pick<Workshop, 'progress'>, step: string, subject: string) {
  const begun = performance.now();
  const tell = (state: Progress['state'], share?: number, transfer?: Transfer) =>
    workshop.progress({
      step,
      subject,
      state,
      ...(share !== undefined && { share }),
      ...(transfer && { transfer }),
      elapsedMs: performance.now() - begun,
    });
  let toldMs = begun;
  tell('started');
  return {
    /** At most ten times a second: a fast pull reports hundreds of lines. */
    moving(share?: number, transfer?: () => Transfer) {
      if (performance.now() - toldMs < 100) return;
      toldMs = performance.now();
      tell('moving', share, transfer?.());
    },
    done: () => tell('done', 1),
  };
}
