import { z } from 'zod';
import { Run, schemaVersion } from '../../contract/run/run';
import { TareError } from '../errors';

const Versioned = z.object({ schemaVersion: z.number().int().positive() });

/**
 * Text of a run.json → a run of the current version.
 * @param path  only for the failure's facts
 * @throws {TareError} `run-too-new` for a version this Tare does not know · `run-unreadable` for anything that is not a run
 */
export function readRun(text: string, path: string): Run {
  const unreadable = (reason: string) => new TareError({ code: 'run-unreadable', path, reason });
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw unreadable((error as Error).message);
  }
  const versioned = Versioned.safeParse(raw);
  if (!versioned.success) throw unreadable('schemaVersion');
  const found = versioned.data.schemaVersion;
  if (found > schemaVersion)
    throw new TareError({ code: 'run-too-new', path, found, supported: schemaVersion });
  const run = Run.safeParse(raw);
  if (!run.success) throw unreadable(z.prettifyError(run.error));
  return run.data;
}
