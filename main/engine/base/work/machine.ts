/**
 * What every Tare on this machine has under way, whatever its data folder and whoever its user: nothing may disturb a run. Each keeps a
 * ledger of its own in one place. Nothing is ever taken over from one that was killed: a ledger whose process is gone counts for nothing.
 */
import { rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { OtherWork } from '../../../contract/run/run';
import type { WorkNote } from '../../../contract/work/work';
import { openLedger, type Ledger } from '../process/ledger';
import { deadSessions, livingSessions } from '../process/sessions/sessions';

export interface MachineLock {
  /**
   * Call before work begins; the answer strikes it out. Whoever enters first and looks at the `others` afterwards can miss nobody: of two
   * that begin at the same instant each sees the other.
   * @throws {TareError} `write-failed`
   */
  enter(work: WorkNote): () => void;
  /** what other Tares have under way, in the order in which it began */
  others(): OtherWork[];
  /** call when nothing is under way any more */
  close(): void;
}

/** @param folder  the same for all that are to see each other */
export function openMachineLock(folder = machineFolder()): MachineLock {
  let ledger: Ledger | undefined;
  const open = (): Ledger => {
    // another user's are his to remove: they are none of the dead here, and count for nothing
    for (const { file } of deadSessions(folder).dead) removed(file);
    return openLedger(folder, { forEveryone: true });
  };
  return {
    enter: (work) => (ledger ??= open()).noteWork(work),
    others: () =>
      livingSessions(folder)
        .filter(({ session }) => session !== ledger?.session)
        .flatMap(({ pid, work }) => work.map(({ kind, startedAt }) => ({ kind, pid, startedAt })))
        .sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1)),
    close: () => ledger?.close(),
  };
}

/**
 * Writes work down for the Tares on this data folder and for those on this machine; the answer strikes out both.
 * @throws {TareError} `write-failed`; then it stands in neither
 */
export function noteInBoth(work: WorkNote, ledger: Ledger, machine: MachineLock): () => void {
  const strike = ledger.noteWork(work);
  try {
    const leave = machine.enter(work);
    return () => [leave, strike].forEach((out) => out());
  } catch (error) {
    strike();
    throw error;
  }
}

/** A place that all users of the machine share; `TARE_LOCK_DIR` names another one. */
function machineFolder(): string {
  const asked = process.env.TARE_LOCK_DIR;
  if (asked) return path.resolve(asked);
  if (process.platform === 'win32') return path.join(os.tmpdir(), 'tare-at-work');
  // chosen by what everybody sees of it, not by what this user may: all must come to the same place
  return isForEveryone('/run/lock') ? '/run/lock/tare' : '/tmp/tare-at-work';
}

const worldWritable = 0o002;

function isForEveryone(folder: string): boolean {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() === true && (found.mode & worldWritable) !== 0;
}

function removed(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // not ours
  }
}
