import type { JobKind, WorkOutputs, JobRecord, WorkInputs } from '../contract/work/work';
import type { Engine } from '../engine/engine';
import { TareError } from '../engine/base/errors';

/**
 * Begins a job and waits for its end: for whoever is there as long as it lasts.
 * @throws {TareError} why it did not begin, or did not go well; `stopped`
 */
export async function doJob<K extends JobKind>(
  engine: Pick<Engine, 'startJob' | 'onEvent'>,
  kind: K,
  input: WorkInputs[K],
): Promise<WorkOutputs[K]> {
  let forget = () => {};
  const over = new Promise<JobRecord<K>>((resolve) => {
    forget = engine.onEvent((event) => {
      if (event.kind === 'work' && event.work.kind === kind && event.work.answer)
        resolve(event.work as JobRecord<K>);
    });
  });
  try {
    await engine.startJob({ kind, input } as Parameters<Engine['startJob']>[0]);
    const answer = (await over).answer!;
    if (answer.ok) return answer.value;
    throw new TareError(answer.failure);
  } finally {
    forget();
  }
}
