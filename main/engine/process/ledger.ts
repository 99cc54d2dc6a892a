/**
 * The write-ahead list of what this session creates: a line goes to disk *before* each container, process or folder
 * comes into being, so a crash at any instant leaves either nothing or something that is written down.
 * The next start sweeps the lists of sessions whose owner is dead (see clean.ts).
 */
import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Leftover } from '../../contract/environment';
import { TareError } from '../errors';
import { bootId, startTicks } from './proc';

type Kind = Leftover['kind'];

/** Label of every container, network and image that a session makes. */
export const sessionLabel = 'tare.session';

export interface Ledger {
  readonly session: string;
  /** a name that no other thing of any session has; also how a leftover process is recognised by its command line */
  name(what: string): string;
  /** call before creating; the answer strikes the entry out, once the thing is gone */
  note(kind: Kind, name: string): () => void;
  /** call when everything is gone */
  close(): void;
}

type Line =
  | { owner: number; startTicks: number; bootId: string }
  | { id: number; kind: Kind; name: string }
  | { gone: number };

/**
 * Opens this session's list in `folder`.
 * @throws {TareError} `write-failed`, here and whenever something is noted: what cannot be written down is not created
 */
export function openLedger(folder: string): Ledger {
  const session = randomBytes(6).toString('hex');
  const file = path.join(folder, `${session}.ndjson`);
  const write = (line: Line) => {
    try {
      appendFileSync(file, JSON.stringify(line) + '\n');
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? String(error);
      throw new TareError({ code: 'write-failed', path: file, reason }, { cause: error });
    }
  };
  mkdirSync(folder, { recursive: true });
  let count = 0;
  const open = new Set<number>();
  write({ owner: process.pid, startTicks: startTicks(process.pid) ?? 0, bootId: bootId() });
  return {
    session,
    name: (what) => `tare-${session}-${what}-${++count}`,
    note(kind, name) {
      const id = ++count;
      write({ id, kind, name });
      open.add(id);
      return () => {
        if (open.delete(id)) write({ gone: id });
      };
    },
    close() {
      if (open.size === 0) rmSync(file, { force: true });
    },
  };
}

export interface DeadSession {
  session: string;
  file: string;
  entries: Leftover[];
}

/** Whether the Tare that keeps this list still lives. */
export function isSessionAlive(folder: string, session: string): boolean {
  const file = path.join(folder, `${session}.ndjson`);
  const owner = existsSync(file) ? readLines(file).find((line) => 'owner' in line) : undefined;
  return owner !== undefined && isAlive(owner);
}

const isAlive = (owner: { owner: number; startTicks: number; bootId: string }): boolean =>
  owner.bootId === bootId() && startTicks(owner.owner) === owner.startTicks;

/** The lists of sessions whose process no longer exists. A torn last line is the entry of something never created. */
export function deadSessions(folder: string): DeadSession[] {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.ndjson'));
  } catch {
    return []; // no session has ever run here
  }
  return names.flatMap((name): DeadSession[] => {
    const file = path.join(folder, name);
    const session = path.basename(name, '.ndjson');
    const lines = readLines(file);
    const owner = lines.find((line) => 'owner' in line);
    if (owner && isAlive(owner)) return [];
    const gone = new Set(lines.flatMap((line) => ('gone' in line ? [line.gone] : [])));
    const entries = lines.flatMap((line) =>
      'kind' in line && !gone.has(line.id) ? [{ kind: line.kind, name: line.name, session }] : [],
    );
    return [{ session, file, entries }];
  });
}

function readLines(file: string): Line[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text) => {
      try {
        return text ? [JSON.parse(text) as Line] : [];
      } catch {
        return [];
      }
    });
}
