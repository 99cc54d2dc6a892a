/**
 * The write-ahead list of what this session creates: a line goes to disk *before* each container, process or folder
 * comes into being, so a crash at any instant leaves either nothing or something that is written down.
 * The next start sweeps the lists of sessions whose owner is dead (see clean.ts).
 */
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Leftover } from '../../contract/machine';
import { TareError } from '../errors';
import { bootId, startTicks } from './proc';

type Kind = Leftover['kind'];

/** Label of every container, network and image that a session makes. */
export const sessionLabel = 'tare.session';

export interface Ledger {
  readonly session: string;
  /** a name that no other thing of any session has; also how a leftover process is recognised by its command line */
  name(what: string): string;
  /** call before creating; the answer strikes the entry out, once the thing is gone, and never throws */
  note(kind: Kind, name: string): () => void;
  /** call when everything is gone */
  close(): void;
}

type Line =
  | { owner: number; startTicks: number; bootId: string }
  | { id: number; kind: Kind; name: string }
  | { gone: number };

/**
 * Whoever starts Tare may set this, to know afterwards what was made on his behalf: every session's name then begins with it.
 * Letters and digits, since containers and folders are called after it.
 */
const sessionPrefix = (): string => (process.env.TARE_SESSION_PREFIX ?? '').replace(/[^a-z0-9]/g, '');

/**
 * Opens this session's list in `folder`.
 * @throws {TareError} `write-failed`, here and whenever something is noted: what cannot be written down is not created
 */
export function openLedger(folder: string): Ledger {
  const session = sessionPrefix() + randomBytes(6).toString('hex');
  const file = path.join(folder, `${session}.ndjson`);
  begin(file, { owner: process.pid, startTicks: startTicks(process.pid) ?? 0, bootId: bootId() });
  let torn = false;
  const write = (line: Line) => {
    try {
      appendFileSync(file, (torn ? '\n' : '') + text(line));
      torn = false;
    } catch (error) {
      torn = true; // a full disk may have taken half of it, which must not spoil the next line
      throw writeFailed(file, error);
    }
  };
  let count = 0;
  const open = new Set<number>();
  return {
    session,
    name: (what) => `tare-${session}-${what}-${++count}`,
    note(kind, name) {
      const id = ++count;
      write({ id, kind, name });
      open.add(id);
      return () => {
        if (!open.delete(id)) return;
        try {
          write({ gone: id });
        } catch {
          // An entry that stays is looked for in vain by the next sweep, which then removes the whole list.
        }
      };
    },
    close() {
      if (open.size === 0) rmSync(file, { force: true });
    },
  };
}

const text = (line: Line): string => JSON.stringify(line) + '\n';

const writeFailed = (file: string, error: unknown): TareError => {
  const reason = (error as NodeJS.ErrnoException).code ?? String(error);
  return new TareError({ code: 'write-failed', path: file, reason }, { cause: error });
};

/** A list comes into being with its owner in it: one without would be taken for a dead session's and be swept. */
function begin(file: string, owner: Line): void {
  const aside = `${file}.new`; // no sweep looks at it
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(aside, text(owner), { flag: 'wx' });
    renameSync(aside, file);
  } catch (error) {
    rmSync(aside, { force: true });
    throw writeFailed(file, error);
  }
}

export interface DeadSession {
  session: string;
  file: string;
  entries: Leftover[];
}

/** Whether the Tare that keeps this list still lives. */
export function isSessionAlive(folder: string, session: string): boolean {
  const owner = readLines(path.join(folder, `${session}.ndjson`))?.find((line) => 'owner' in line);
  return owner !== undefined && isAlive(owner);
}

function isAlive(owner: { owner: number; startTicks: number; bootId: string }): boolean {
  if (owner.bootId !== bootId()) return false;
  return owner.bootId === '' ? exists(owner.owner) : startTicks(owner.owner) === owner.startTicks;
}

/** Where there is no /proc, another process that got the number is taken for the owner: better than sweeping what a living Tare has. */
function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

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
    if (!lines) return [];
    const owner = lines.find((line) => 'owner' in line);
    if (owner && isAlive(owner)) return [];
    const gone = new Set(lines.flatMap((line) => ('gone' in line ? [line.gone] : [])));
    const entries = lines.flatMap((line) =>
      'kind' in line && !gone.has(line.id) ? [{ kind: line.kind, name: line.name, session }] : [],
    );
    return [{ session, file, entries }];
  });
}

/** Undefined when there is no such list, or not any more: its owner may close it, and others sweep it, at any time. */
function readLines(file: string): Line[] | undefined {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return content.split('\n').flatMap((line) => {
    try {
      return line ? [JSON.parse(line) as Line] : [];
    } catch {
      return [];
    }
  });
}
