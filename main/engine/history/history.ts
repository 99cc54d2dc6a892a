/** What a door may ask about the runs that are kept. */
import path from 'node:path';
import type { Run, RunId, RunSummary } from '../../contract/run/run';
import type { Engine } from '../engine';
import { TareError } from '../errors';
import { isSessionAlive } from '../process/ledger';
import { reported } from '../report/reported';
import { changeLabel, loadLabel } from './labels';
import { ledgerFolder, runFolder, trashedRunFolder } from './paths';
import { loadRun, loadRunFile, loadSamples, runIds, summarise, unreadable } from './store';
import { moveToTrash, purgeTrash, restoreFromTrash, trashedRuns } from './trash';

type HistoryCalls = Pick<
  Engine,
  'runs' | 'deletedRuns' | 'run' | 'samples' | 'labelRun' | 'deleteRun' | 'restoreRun'
>;

/** @param underWay  the run of this very engine that must not be moved away */
export function historyCalls(data: string, underWay: () => RunId | undefined): HistoryCalls {
  /** A run that says it is running although its Tare is gone was interrupted. */
  const withState = (run: Run): Run => {
    const orphaned = run.state === 'running' && !isSessionAlive(ledgerFolder(data), run.session);
    return orphaned ? { ...run, state: 'interrupted' } : run;
  };
  const load = async (id: RunId): Promise<Run> => {
    const [run, label] = await Promise.all([loadRun(data, id), loadLabel(runFolder(data, id))]);
    return { ...withState(run), ...(label && { label }) };
  };
  const kept = async (id: RunId): Promise<RunSummary> => {
    try {
      return summarise(await load(id));
    } catch (error) {
      const label = await loadLabel(runFolder(data, id));
      return { ...unreadable(id, error), ...(label && { label }) };
    }
  };
  const deleted = async ({ id, deletedAtMs }: { id: RunId; deletedAtMs: number }): Promise<RunSummary> => {
    const folder = trashedRunFolder(data, id);
    const label = await loadLabel(folder);
    const summary = await loadRunFile(path.join(folder, 'run.json')).then(
      (run) => summarise(withState(run)),
      (error: unknown) => unreadable(id, error),
    );
    return { ...summary, ...(label && { label }), deletedAt: new Date(deletedAtMs).toISOString() };
  };

  return {
    runs: async () => Promise.all((await runIds(data)).reverse().map(kept)),
    deletedRuns: async () => Promise.all((await trashedRuns(data)).reverse().map(deleted)),
    async run({ id }) {
      const run = await load(id);
      // one that is under way is looked at often, and has its report made when it ends
      return run.state === 'running' ? run : reported(run, () => loadSamples(data, id));
    },
    samples: ({ id }) => loadSamples(data, id),
    labelRun: ({ id, ...change }) => changeLabel(data, id, change),
    async deleteRun({ id }) {
      const state = await load(id).then(
        (run) => run.state,
        () => undefined, // unreadable: nobody writes it
      );
      if (id === underWay() || state === 'running') throw new TareError({ code: 'run-under-way', id });
      await moveToTrash(data, id);
      await purgeTrash(data);
    },
    restoreRun: ({ id }) => restoreFromTrash(data, id),
  };
}
