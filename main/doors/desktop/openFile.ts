import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { DeskCommand } from '../../contract/desktop';
import type { Engine } from '../../engine/engine';
import { toFailure } from '../../engine/errors';

/** Reads a record that lies anywhere: what the page is told to show, or why it cannot be. */
export async function openRecord(engine: Pick<Engine, 'readRun'>, file: string): Promise<DeskCommand> {
  try {
    const text = await readFile(file, 'utf8');
    return { kind: 'opened', run: await engine.readRun({ text, name: path.basename(file) }) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return {
      kind: 'failed',
      failure:
        typeof code === 'string' ? { code: 'run-unreadable', path: file, reason: code } : toFailure(error),
    };
  }
}

/** The record that a command line names, if it names one: `tare-desktop run.json`. */
export function recordNamed(words: readonly string[], folder: string): string | undefined {
  const named = words.slice(1).find((word) => !word.startsWith('-') && word.endsWith('.json'));
  return named && path.resolve(folder, named);
}
