import type { JobKind, WorkOutputs, WorkInputs } from '../../contract/work/work';
import { doJob } from '../doJob';
import type { Door } from './door';
import { canRedraw, Progress } from './progress';

/**
 * Does a job to its end, with its progress on stderr.
 * @throws {TareError} why it did not begin, or did not go well
 */
export async function followJob<K extends JobKind>(
  door: Door,
  kind: K,
  input: WorkInputs[K],
): Promise<WorkOutputs[K]> {
  const engine = door.engine();
  const progress = door.quiet ? undefined : new Progress(door.err, canRedraw(door.err, door.terminal.env));
  const forget = engine.onEvent((event) => progress?.take(event));
  try {
    return await doJob(engine, kind, input);
  } finally {
    forget();
    progress?.end();
  }
}
