/** What the lists in a data folder say of the sessions that keep them: who still lives and what it does, who is dead and what it left. */
import type { Failure } from '../../../../contract/failures';
import type { Leftover } from '../../../../contract/machine';
import type { RunId } from '../../../../contract/run/run';
import type { WorkNote } from '../../../../contract/work/work';
import { bootId, startTicks } from '../proc';
import type { Owner } from './lines';
import { listsIn, type List } from './lists';

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
  /** those that it had under way */
  runs: RunId[];
}

/** The sessions whose process exists, whoever's they are. */
export const livingSessions = (folder: string): LivingSession[] =>
  listsIn(folder).flatMap((list) => {
    if ('code' in list) return [];
    const owner = ownerOf(list);
    return owner && isAlive(owner)
      ? [
          {
            session: list.session,
            pid: owner.owner,
            work: openOf(list).flatMap((line) => ('work' in line ? [line.work] : [])),
          },
        ]
      : [];
  });

/** What may be swept, and what may not. */
export interface DeadSessions {
  dead: DeadSession[];
  /** lists that cannot be read, or that somebody else may have written */
  refused: Extract<Failure, { code: 'list-refused' }>[];
}

/** The lists of sessions whose process no longer exists. A torn last line is the entry of something never created. */
export function deadSessions(folder: string): DeadSessions {
  const found: DeadSessions = { dead: [], refused: [] };
  for (const list of listsIn(folder)) {
    if ('code' in list) {
      found.refused.push(list);
      continue;
    }
    const owner = ownerOf(list);
    if (owner && isAlive(owner)) continue;
    const { session, file, doubt } = list;
    if (doubt) found.refused.push({ code: 'list-refused', path: file, reason: doubt });
    else found.dead.push({ session, file, entries: leftBy(list), runs: runsOf(list) });
  }
  return found;
}

const leftBy = (list: List): Leftover[] =>
  openOf(list).flatMap((line) =>
    'kind' in line ? [{ kind: line.kind, name: line.name, session: list.session }] : [],
  );

const runsOf = (list: List): RunId[] =>
  openOf(list).flatMap((line) => ('work' in line && line.work.run !== undefined ? [line.work.run] : []));

const ownerOf = ({ lines }: List): Owner | undefined => lines.find((line) => 'owner' in line);

/** What is not struck out. */
function openOf({ lines }: List) {
  const gone = new Set(lines.flatMap((line) => ('gone' in line ? [line.gone] : [])));
  return lines.flatMap((line) => ('id' in line && !gone.has(line.id) ? [line] : []));
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
