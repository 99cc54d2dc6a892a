/** `settings.json` in the configuration folder: read once at the start, replaced atomically by each change. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { Settings, type SettingsChange } from '../../contract/settings';
import { TareError } from '../errors';
import { keepPrivate } from '../privateFolder';

/**
 * What is set; nothing where there is no file.
 * @throws {TareError} `settings-invalid` with the file: guessing what a person meant could mean to measure, or delete, in the wrong place
 */
export function readSettings(file: string): Settings {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return {};
    throw new TareError({ code: 'settings-invalid', path: file, reason: code });
  }
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw new TareError({ code: 'settings-invalid', path: file, reason: (error as Error).message });
  }
  const read = Settings.safeParse(raw);
  if (!read.success) {
    const reason = z.prettifyError(read.error);
    throw new TareError({ code: 'settings-invalid', path: file, reason });
  }
  return read.data;
}

/**
 * Changes what is set, and answers with all of it.
 * @throws {TareError} `settings-invalid` · `write-failed`
 */
export async function writeSettings(file: string, change: SettingsChange): Promise<Settings> {
  const next = { ...readSettings(file), ...change };
  const kept = Settings.parse(
    Object.fromEntries(Object.entries(next).filter(([, value]) => value !== null && value !== undefined)),
  );
  try {
    keepPrivate(path.dirname(file), (name) => name === path.basename(file));
    await writeFileAtomic(file, JSON.stringify(kept, null, 2) + '\n');
  } catch (error) {
    if (error instanceof TareError) throw error;
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new TareError({ code: 'write-failed', path: file, reason: code }, { cause: error });
  }
  return kept;
}
