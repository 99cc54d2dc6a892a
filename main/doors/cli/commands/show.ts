import type { Door } from '../door';
import { findRun } from '../records';
import { paintFailures } from '../result';
import { paint } from './run';

/** `tare show`: prints a kept run as it was printed at its end. */
export async function show(
  door: Door,
  word: string,
  options: { json?: boolean; full?: boolean; phases?: boolean },
): Promise<void> {
  const engine = door.engine();
  const run = await engine.run({ id: await findRun(engine, word, door.locale) });
  if (options.json) return door.out.json(run);
  paint(door.out, run, options);
  paintFailures(door.out, run);
}
