import type { App } from 'electron';
import path from 'node:path';
import type { DeskCommand } from '../../contract/desktop';
import { mostRecordBytes } from '../../contract/exports';
import type { Engine } from '../../engine/engine';
import { toFailure } from '../../engine/base/errors';
import { foreignText } from '../../engine/base/foreignText';

/** Reads a record that lies anywhere, no larger than one that is dropped on the page may be: what the page is told to show, or why it cannot be. */
export async function openRecord(engine: Pick<Engine, 'readRecord'>, file: string): Promise<DeskCommand> {
  try {
    const text = await foreignText(file, { bytes: mostRecordBytes });
    return { kind: 'opened', opened: await engine.readRecord({ text, name: path.basename(file) }) };
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

export interface FileOpenings {
  to(open: (file: string) => void): void;
}

/**
 * Files that macOS asks to open. It does so before there is a window when it starts the program for a file, so this listens from
 * the beginning and keeps what comes until `to` says where it goes.
 */
export function fileOpenings(app: Pick<App, 'on'>): FileOpenings {
  const waiting: string[] = [];
  let take = (file: string): void => void waiting.push(file);
  app.on('open-file', (event, file) => {
    event.preventDefault();
    take(file);
  });
  return {
    to(open) {
      take = open;
      waiting.splice(0).forEach(open);
    },
  };
}
