import { z } from 'zod';
import { isWithinBounds } from '../../contract/run/bounds';
import { Run, schemaVersion } from '../../contract/run/run';
import { TareError } from '../errors';
import { toOwnMemory } from './ownMemory';

const Versioned = z.looseObject({ schemaVersion: z.number().int().positive() });
export type Versioned = z.infer<typeof Versioned>;

/**
 * One per version that is no longer current: the first makes version 2 of version 1, and so on. Each change of the format that an older
 * reader could not pass over gets one, and an entry in assets/schema/CHANGELOG.md; the rest of the program knows the current version only.
 */
export const upgraders: readonly ((record: Versioned) => Versioned)[] = [toOwnMemory];

/** What is wrong is wrong in many places: the first few tell it. */
const mostIssues = 20;

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
  if (!isWithinBounds(raw)) throw unreadable('beyond-bounds');
  const versioned = Versioned.safeParse(raw);
  if (!versioned.success) throw unreadable('schemaVersion');
  const found = versioned.data.schemaVersion;
  if (found > schemaVersion)
    throw new TareError({ code: 'run-too-new', path, found, supported: schemaVersion });
  const current = upgraders.slice(found - 1).reduce((record, upgrade) => upgrade(record), versioned.data);
  const run = Run.safeParse(current);
  if (!run.success) throw unreadable(z.prettifyError({ issues: run.error.issues.slice(0, mostIssues) }));
  return run.data;
}
