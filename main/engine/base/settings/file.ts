/** The files of the configuration folder: read whole, and replaced atomically by each change. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { readAs } from '../../../contract/run/bounds';
import { Settings, type SettingsChange } from '../../../contract/settings';
import { TareError } from '../errors';
import { isOfConfiguration } from '../paths';
import { keepPrivate } from '../privateFolder';

/**
 * What is kept in a file of the configuration folder; undefined where there is none.
 * @throws {TareError} `settings-invalid` with the file: guessing what a person meant could mean to measure, or delete, in the wrong place
 */
export function readConfiguration<T>(file: string, schema: z.ZodType<T>): T | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new TareError({ code: 'settings-invalid', path: file, reason: code });
  }
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw new TareError({ code: 'settings-invalid', path: file, reason: (error as Error).message });
  }
  return checked(file, schema, raw);
}

function checked<T>(file: string, schema: z.ZodType<T>, raw: unknown): T {
  const read = readAs(schema, raw);
  if (read.success) return read.data;
  throw new TareError({ code: 'settings-invalid', path: file, reason: z.prettifyError(read.error) });
}

/** @throws {TareError} `settings-invalid`, for what could not be read again · `write-failed` · `folder-not-private` */
export async function writeConfiguration<T>(file: string, schema: z.ZodType<T>, value: T): Promise<void> {
  checked(file, schema, value);
  try {
    keepPrivate(path.dirname(file), isOfConfiguration);
    await writeFileAtomic(file, JSON.stringify(value, null, 2) + '\n');
  } catch (error) {
    if (error instanceof TareError) throw error;
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new TareError({ code: 'write-failed', path: file, reason: code }, { cause: error });
  }
}

/**
 * What is set; nothing where there is no file.
 * @throws {TareError} `settings-invalid`
 */
export const readSettings = (file: string): Settings => readConfiguration(file, Settings) ?? {};

/**
 * Changes what is set, and answers with all of it.
 * @throws {TareError} `settings-invalid` · `write-failed` · `folder-not-private`
 */
export async function writeSettings(file: string, change: SettingsChange): Promise<Settings> {
  const next = { ...readSettings(file), ...change };
  const kept = Settings.parse(
    Object.fromEntries(Object.entries(next).filter(([, value]) => value !== null && value !== undefined)),
  );
  await writeConfiguration(file, Settings, kept);
  return kept;
}
