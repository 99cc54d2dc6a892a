/** What a door may ask about the runs that are kept. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Run, RunId, RunSummary } from '../../../contract/run/run';
import type { WorkUnderWay } from '../../../contract/work/work';
import type { Engine } from '../../engine';
import { TareError } from '../../base/errors';
import { reported } from '../report/reported';
import { lineOf } from './answered';
import { followRun } from './follow';
import { changeLabel, loadLabel } from './labels';
import { fleetCalls } from './fleets/calls';
import { fleetLines, previousFleet, trashedFleetLine } from './fleets/lines';
import { fleetFile, runFolder, trashedRunFolder } from '../../base/paths';
import { experienceOf } from './experience';
import { historySeries, previousRun } from './series';
import { indexedLines, type Line } from './summaries';
import { loadRun, loadRunFile, loadSamples, runIds, unreadable } from './store';
import { isOfHosts, moveToTrash, purgeTrash, removeForGood, restoreFromTrash, trashedRuns } from './trash';

type HistoryCalls = Pick<
  Engine,
  | 'runs'
  | 'history'
  | 'previousRun'
  | 'experience'
  | 'deletedRuns'
  | 'run'
  | 'samples'
  | 'followRun'
  | 'labelRun'
  | 'deleteRun'
  | 'restoreRun'
  | 'fleet'
  | 'fleetRun'
  | 'compareFleets'
>;

/** @param underWay  by whichever Tare on this data folder */
export function historyCalls(data: string, underWay: () => WorkUnderWay[]): HistoryCalls {
  const isUnderWay = (id: RunId): boolean => underWay().some(({ run }) => run === id);
  const withState = (id: RunId, read: () => Promise<Run>) => trueState(read, () => isUnderWay(id));
  const load = async (id: RunId): Promise<Run> => {
    const [run, label] = await Promise.all([
      withState(id, () => loadRun(data, id)),
      loadLabel(runFolder(data, id)),
    ]);
    return { ...run, ...(label && { label }) };
  };
  const look = (id: RunId, read: () => Promise<Run>): Promise<RunSummary> =>
    withState(id, read)
      .then(lineOf)
      .catch((error: unknown) => unreadable(id, error));
  const line = async (id: RunId): Promise<Line> => {
    const label = await loadLabel(runFolder(data, id));
    return { summary: await look(id, () => loadRun(data, id)), ...(label && { label }) };
  };
  const runs = async (): Promise<RunSummary[]> => {
    const ids = (await runIds(data)).reverse();
    const lines = await indexedLines(data, ids, (id) => settled(data, id));
    const told: RunSummary[] = [];
    for (const id of ids) {
      const { summary, label } = lines.get(id) ?? (await line(id));
      if (hasRecord(summary)) told.push(label ? { ...summary, label } : summary);
    }
    return told;
  };
  const deleted = async ({ id, deletedAtMs }: { id: RunId; deletedAtMs: number }): Promise<RunSummary> => {
    const folder = trashedRunFolder(data, id);
    const label = await loadLabel(folder);
    const summary = isOfHosts(folder)
      ? await trashedFleetLine(folder, id)
      : await look(id, () => loadRunFile(path.join(folder, 'run.json')));
    return { ...summary, ...(label && { label }), deletedAt: new Date(deletedAtMs).toISOString() };
  };

  return {
    ...fleetCalls(data),
    runs: async () => merged(await runs(), await fleetLines(data, isUnderWay)),
    history: () => historySeries(data),
    previousRun: ({ id }) =>
      existsSync(fleetFile(data, id)) ? previousFleet(data, id) : previousRun(data, id),
    experience: () => experienceOf(data),
    deletedRuns: async () => Promise.all((await trashedRuns(data)).reverse().map(deleted)),
    async run({ id }) {
      const run = await load(id);
      // one that is under way is looked at often, and has its report made when it ends
      return run.state === 'running' ? run : reported(run, () => loadSamples(data, id));
    },
    samples: ({ id }) => loadSamples(data, id),
    followRun: (followed) =>
      followRun({ data, ...followed }, () => load(followed.id), isUnderWay(followed.id)),
    labelRun: ({ id, ...change }) => changeLabel(data, id, change),
    async deleteRun({ id, forGood }) {
      if (isUnderWay(id)) throw new TareError({ code: 'run-under-way', id });
      await (forGood ? removeForGood : moveToTrash)(data, id);
      await purgeTrash(data);
    },
    restoreRun: ({ id }) => restoreFromTrash(data, id),
  };
}

/** Of a run whose record will change no more; what could not be read now may be readable next time. */
async function settled(data: string, id: RunId): Promise<RunSummary | undefined> {
  const run = await loadRun(data, id).catch(() => undefined);
  return run && run.state !== 'running' ? lineOf(run) : undefined;
}

/** Newest first. */
const merged = (...lists: RunSummary[][]): RunSummary[] =>
  lists.flat().sort((a, b) => (a.id < b.id ? 1 : -1));

/** A folder is no run until its record is in it: it is just being made, or its maker was killed in that instant. */
const hasRecord = ({ failure }: RunSummary): boolean => failure?.code !== 'run-unknown';

/** A run that says it is running although nobody makes it was interrupted; or it has ended between the two looks, and then says so. */
async function trueState(read: () => Promise<Run>, isUnderWay: () => boolean): Promise<Run> {
  const run = await read();
  if (run.state !== 'running' || isUnderWay()) return run;
  const now = await read();
  return now.state === 'running' ? { ...now, state: 'interrupted' } : now;
}
