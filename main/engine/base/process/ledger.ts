/**
 * The write-ahead list of what this session creates and does: a line goes to disk *before* each container, process or folder
 * comes into being, so a crash at any instant leaves either nothing or something that is written down; and before each piece
 * of work, so that every Tare on this data folder can see it (sessions/ reads the lists).
 * The next start sweeps the lists of sessions whose owner is dead (see clean.ts).
 */
import { randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Leftover } from '../../../contract/machine';
import type { WorkNote } from '../../../contract/work/work';
import { TareError } from '../errors';
import { makeFolder } from '../folder';
import { bootId, startTicks } from './proc';
import type { Line } from './sessions/lines';

type Kind = Leftover['kind'];

/** Label of every container, network and image that a session makes. */
export const sessionLabel = 'tare.session';

export interface Ledger {
  readonly session: string;
  /** a name that no other thing of any session has; also how a leftover process is recognised by its command line */
  name(what: string): string;
  /** call before creating; the answer strikes the entry out, once the thing is gone, and never throws */
  note(kind: Kind, name: string): () => void;
  /** call before work begins; the answer strikes it out once it is over, and never throws */
  noteWork(work: WorkNote): () => void;
  /** what is not struck out: it is there, or may be */
  entries(): Leftover[];
  /** call when everything is gone */
  close(): void;
}

/**
 * Whoever starts Tare may set this, to know afterwards what was made on his behalf: every session's name then begins with it.
 * Letters and digits, since containers and folders are called after it.
 */
const sessionPrefix = (): string => (process.env.TARE_SESSION_PREFIX ?? '').replace(/[^a-z0-9]/g, '');

/**
 * Opens this session's list in `folder`.
 * @param sharing  `forEveryone`: other users of the machine keep theirs in the same folder, and read this one
 * @throws {TareError} `write-failed`, here and whenever something is noted: what cannot be written down is not created
 */
export function openLedger(folder: string, sharing: { forEveryone?: boolean } = {}): Ledger {
  const session = sessionPrefix() + randomBytes(6).toString('hex');
  const file = path.join(folder, `${session}.ndjson`);
  const owner = { owner: process.pid, startTicks: startTicks(process.pid) ?? 0, bootId: bootId() };
  begin(file, owner, sharing.forEveryone === true);
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
  const open = new Map<number, { kind: Kind; name: string } | { work: WorkNote }>();
  const enter = (entry: { kind: Kind; name: string } | { work: WorkNote }) => {
    const id = ++count;
    write({ id, ...entry });
    open.set(id, entry);
    return () => {
      if (!open.delete(id)) return;
      try {
        write({ gone: id });
      } catch {
        // An entry that stays is looked for in vain by the next sweep, which then removes the whole list.
      }
    };
  };
  return {
    session,
    name: (what) => `tare-${session}-${what}-${++count}`,
    note: (kind, name) => enter({ kind, name }),
    noteWork: (work) => enter({ work }),
    entries: () => [...open.values()].flatMap((entry) => ('kind' in entry ? [{ ...entry, session }] : [])),
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

/** Never throws: why it could not be written is the failure to tell. */
function removeIfThere(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // its folder is none
  }
}

/** A list comes into being with its owner in it: one without would be taken for a dead session's and be swept. */
function begin(file: string, owner: Line, forEveryone: boolean): void {
  const aside = `${file}.new`; // no sweep looks at it
  const folder = path.dirname(file);
  try {
    const isNew = makeFolder(folder);
    writeFileSync(aside, text(owner), { flag: 'wx' });
    // Whatever the umask is: one that others may write is not believed. The folder is sticky, so that nobody removes another's.
    chmodSync(aside, 0o644);
    if (forEveryone && isNew) chmodSync(folder, 0o1777);
    renameSync(aside, file);
  } catch (error) {
    removeIfThere(aside);
    throw writeFailed(file, error);
  }
}
