import type { WorkUnderWay } from '../../../contract/work/work';
import { livingSessions } from '../process/sessions/sessions';

/**
 * What is under way on a data folder, by this and by every other Tare, in the order in which it began.
 * @param folder  of the ledgers
 * @param own  the session of the engine that is asked, if it has one
 */
export const workUnderWay = (folder: string, own: string | undefined): WorkUnderWay[] =>
  livingSessions(folder)
    .flatMap(({ session, pid, work }) =>
      work.map((note) => ({ ...note, session, pid, own: session === own })),
    )
    .sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
