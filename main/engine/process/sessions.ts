/** What the lists in a data folder say of the sessions that keep them: who still lives and what it does, who is dead and what it left. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Leftover } from '../../contract/machine';
import type { WorkNote } from '../../contract/work/work';
import type { Line, Owner } from './ledger';
import { bootId, startTicks } from './proc';

export interface LivingSession {
  session: string;
  pid: number;
  /** what it has under way */
  work: WorkNote[];
}

export interface DeadSession {
  session: string;
  file: string;
  entries: Leftover[];
}

/** The sessions whose process exists. */
export const livingSessions = (folder: string): LivingSession[] =>
  sessionsIn(folder).flatMap(({ session, owner, open }) =>
    owner && isAlive(owner)
      ? [{ session, pid: owner.owner, work: open.flatMap((line) => ('work' in line ? [line.work] : [])) }]
      : [],
  );

/** The lists of sessions whose process no longer exists. A torn last line is the entry of something never created. */
export const deadSessions = (folder: string): DeadSession[] =>
  sessionsIn(folder).flatMap(({ session, file, owner, open }) =>
    owner && isAlive(owner)
      ? []
      : [
          {
            session,
            file,
            entries: open.flatMap((line) =>
              'kind' in line ? [{ kind: line.kind, name: line.name, session }] : [],
            ),
          },
        ],
  );

interface Session {
  session: string;
  file: string;
  owner: Owner | undefined;
  /** what is not struck out */
  open: Line[];
}

function sessionsIn(folder: string): Session[] {
  return listsIn(folder).flatMap((name): Session[] => {
    const file = path.join(folder, name);
    const lines = readLines(file);
    if (!lines) return [];
    const gone = new Set(lines.flatMap((line) => ('gone' in line ? [line.gone] : [])));
    return [
      {
        session: path.basename(name, '.ndjson'),
        file,
        owner: lines.find((line) => 'owner' in line),
        open: lines.filter((line) => 'id' in line && !gone.has(line.id)),
      },
    ];
  });
}

function listsIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.ndjson'));
  } catch {
    return []; // no session has ever run here
  }
}

function isAlive(owner: Owner): boolean {
  if (owner.bootId !== bootId()) return false;
  const ticks = owner.bootId === '' ? undefined : startTicks(owner.owner);
  return ticks === undefined ? isHidden(owner) : ticks === owner.startTicks;
}

/** Whether it may live although /proc does not show it: there is none, or it hides other users' processes (hidepid). */
const isHidden = ({ owner, bootId }: Owner): boolean => (bootId === '' ? exists(owner) : isAnothers(owner));

/** A zombie of our own is dead: only what another user has is out of reach. */
function isAnothers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Where there is no /proc, another process that got the number is taken for the owner: better than sweeping what a living Tare has. */
function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
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
