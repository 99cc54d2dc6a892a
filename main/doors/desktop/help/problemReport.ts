import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Engine } from '../../../engine/engine';
import { toFailure } from '../../../engine/base/errors';
import type { Log } from './log';

interface ProblemParts {
  /** that the report's own folder is made in */
  folder: string;
  engine: Pick<Engine, 'doctor'>;
  log: Pick<Log, 'newest'>;
  versions: Record<string, string>;
  /** the person's home folder: its name is often theirs */
  home: string;
  now: Date;
}

/**
 * Writes what helps to find a fault into a folder of its own: versions, what works on this computer, and the newest lines of the log.
 * Nothing is sent anywhere, and there is no value of the environment in it, no name of a home folder and no password of an address.
 * @returns the folder
 */
export async function writeProblemReport(parts: ProblemParts): Promise<string> {
  const { engine, log, versions, home, now } = parts;
  const stamp = now
    .toISOString()
    .replace(/[-:]|\..*$/g, '')
    .replace('T', '-');
  const folder = path.join(parts.folder, `tare-problem-${stamp}`);
  const doctor = await engine
    .doctor({ again: false })
    .catch((error: unknown) => ({ failure: toFailure(error) }));
  await mkdir(folder, { recursive: true });
  const files = {
    'versions.json': JSON.stringify(versions, undefined, 2),
    'doctor.json': JSON.stringify(doctor, undefined, 2),
    'tare.log': log.newest(),
  };
  for (const [name, text] of Object.entries(files))
    await writeFile(path.join(folder, name), withoutPrivate(text, home));
  return folder;
}

/** The text without the name of the home folder, and without what stands before the host in an address. */
export function withoutPrivate(text: string, home: string): string {
  const masked = text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^/\s"'@]*@/gi, '$1…@');
  return home.length > 1 ? masked.replaceAll(home, '~') : masked;
}
