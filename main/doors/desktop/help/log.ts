import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import type { TareEvent } from '../../../contract/events';
import type { Engine } from '../../../engine/engine';

/** Beyond this the log is begun anew, and the one before is kept. */
const largestBytes = 512 * 1024;

/** What the window did, in a file: when, what, and codes of failures. Never what a person typed, and no value of the environment. */
export interface Log {
  file: string;
  write(what: string, facts?: Record<string, string | number>): void;
  /** the newest lines, of the log before it too */
  newest(): string;
}

/** @param folder  is made when it is not there. A log that cannot be written is no reason to stop */
export function openLog(folder: string): Log {
  const file = path.join(folder, 'tare.log');
  const before = `${file}.1`;
  const read = (name: string): string => {
    try {
      return readFileSync(name, 'utf8');
    } catch {
      return '';
    }
  };
  return {
    file,
    write(what, facts = {}) {
      const told = Object.entries(facts).map(([name, fact]) => ` ${name}=${fact}`);
      try {
        mkdirSync(folder, { recursive: true });
        if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > largestBytes) renameSync(file, before);
        appendFileSync(file, `${new Date().toISOString()} ${what}${told.join('')}\n`);
      } catch {
        // a full or read-only disk
      }
    },
    newest: () => (read(before) + read(file)).slice(-largestBytes),
  };
}

/** Notes when runs and other work begin and end, and by which code they failed. */
export function logWork(engine: Pick<Engine, 'onEvent'>, log: Log): () => void {
  return engine.onEvent((event: TareEvent) => {
    if (event.host !== undefined) return; // what becomes of each stands in the run's record
    if (event.kind === 'run-started' || event.kind === 'hosts-started')
      log.write('run started', { run: event.run });
    else if (event.kind === 'run-ended') log.write('run ended', { run: event.run, state: event.state });
    else if (event.kind === 'work') {
      const { kind, answer } = event.work;
      if (answer && !answer.ok) log.write('work ended', { kind, failure: answer.failure.code });
      else log.write(answer ? 'work ended' : 'work begun', { kind });
    }
  });
}
