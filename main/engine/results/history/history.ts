/** What a door may ask about the records that are kept. */
import { existsSync } from 'node:fs';
import type { Fleet, FleetOverview } from '../../../contract/fleet/fleet';
import { isOfHosts, type RunRecord } from '../../../contract/record';
import type { Run, RunId, RunSummary } from '../../../contract/run/run';
import type { WorkUnderWay } from '../../../contract/work/work';
import type { Engine } from '../../engine';
import { TareError } from '../../base/errors';
import { isKnown } from '../report/hosts/reported';
import { reported, reportedRecord, type ReportedRecord } from '../report/reported';
import { followRun } from './follow';
import { changeLabel, loadLabel } from './labels';
import { lineOf, unreadable } from './lines';
import { fleetFile, keptFolder, recordIn, trashedRunFolder } from '../../base/paths';
import { experienceOf } from './experience';
import { historySeries, previousRun } from './series';
import { loadFleetOverview, loadKept, loadRecord, loadRun, loadSamples } from './store';
import { recordLines } from './summaries';
import { moveToTrash, purgeTrash, removeForGood, restoreFromTrash, trashedRuns } from './trash';

type HistoryCalls = Pick<
  Engine,
  | 'runs'
  | 'history'
  | 'previousRun'
  | 'experience'
  | 'deletedRuns'
  | 'record'
  | 'run'
  | 'samples'
  | 'followRun'
  | 'labelRun'
  | 'deleteRun'
  | 'restoreRun'
>;

/** The records of a data folder, for whoever does something with one. */
export interface KeptRecords {
  /** with what a person wrote on it, and its true state. @throws {TareError} as `loadRecord` */
  load(id: RunId): Promise<RunRecord>;
  /** with its report, too. @throws as `load` */
  reported(id: RunId): Promise<ReportedRecord>;
}

/** @param underWay  by whichever Tare on this data folder */
export function keptRecords(data: string, underWay: () => WorkUnderWay[]): KeptRecords {
  const load = async (id: RunId): Promise<RunRecord> => {
    const [record, label] = await Promise.all([
      trueState(
        () => loadRecord(data, id),
        () => isBeingMade(id, underWay),
      ),
      loadLabel(keptFolder(data, id)),
    ]);
    return { ...record, ...(label && { label }) };
  };
  return { load, reported: async (id) => reportedRecord(await load(id), () => loadSamples(data, id)) };
}

const isBeingMade = (id: RunId, underWay: () => WorkUnderWay[]): boolean =>
  underWay().some(({ run }) => run === id);

export function historyCalls(
  data: string,
  underWay: () => WorkUnderWay[],
  kept = keptRecords(data, underWay),
): HistoryCalls {
  const isUnderWay = (id: RunId) => isBeingMade(id, underWay);
  const line = (id: RunId, read: () => Promise<RunRecord>): Promise<RunSummary> =>
    trueState(read, () => isUnderWay(id))
      .then((record) => lineOf(record, isUnderWay(id)))
      .catch((error: unknown) => unreadable(id, error));
  const runs = (): Promise<RunSummary[]> =>
    recordLines(data, {
      settled: (id) => settled(data, id),
      now: (id) => line(id, () => loadRecord(data, id)),
    });
  const deleted = async ({ id, deletedAtMs }: { id: RunId; deletedAtMs: number }): Promise<RunSummary> => {
    const folder = trashedRunFolder(data, id);
    const label = await loadLabel(folder);
    const summary = await line(id, () => loadKept(recordIn(folder)));
    return { ...summary, ...(label && { label }), deletedAt: new Date(deletedAtMs).toISOString() };
  };
  const ownRun = async (id: RunId): Promise<Run> => {
    const run = await kept.load(id);
    if (isOfHosts(run)) throw new TareError({ code: 'run-unknown', id });
    return run;
  };
  const run: HistoryCalls['run'] = async ({ id, host }) => {
    // its samples lie beside it; no figure of its report but the lines over time comes from them
    if (host !== undefined) return reported(await loadRun(data, id, host), () => Promise.resolve([]));
    const own = await ownRun(id);
    // one that is under way is looked at often, and has its report made when it ends
    return own.state === 'running' ? own : reported(own, () => loadSamples(data, id));
  };

  return {
    runs,
    history: () => historySeries(data),
    previousRun: async ({ id }) =>
      existsSync(fleetFile(data, id)) ? previousOnHosts(await runs(), id) : previousRun(data, id),
    experience: () => experienceOf(data),
    deletedRuns: async () => Promise.all((await trashedRuns(data)).reverse().map(deleted)),
    record: async ({ id }) => (existsSync(fleetFile(data, id)) ? overview(data, id, kept) : run({ id })),
    run,
    samples: ({ id }) => loadSamples(data, id),
    followRun: (followed) =>
      followRun({ data, ...followed }, () => ownRun(followed.id), isUnderWay(followed.id)),
    labelRun: ({ id, ...change }) => changeLabel(data, id, change),
    async deleteRun({ id, forGood }) {
      if (isUnderWay(id)) throw new TareError({ code: 'run-under-way', id });
      await (forGood ? removeForGood : moveToTrash)(data, id);
      await purgeTrash(data);
    },
    restoreRun: ({ id }) => restoreFromTrash(data, id),
  };
}

/** Of a record that will change no more; what could not be read now may be readable next time. */
async function settled(data: string, id: RunId): Promise<RunSummary | undefined> {
  const record = await loadRecord(data, id).catch(() => undefined);
  return record && hasEnd(record) ? lineOf(record) : undefined;
}

/** One on several hosts may get more of them until then. */
const hasEnd = (record: RunRecord): boolean =>
  isOfHosts(record) ? record.endedAt !== undefined : record.state !== 'running';

/** A run that says it is running although nobody makes it was interrupted; or it has ended between the two looks, and then says so. */
async function trueState(read: () => Promise<RunRecord>, isUnderWay: () => boolean): Promise<RunRecord> {
  const record = await read();
  if (hasEnd(record) || isUnderWay()) return record;
  const now = await read();
  return isOfHosts(now) || hasEnd(now) ? now : { ...now, state: 'interrupted' };
}

export const overviewOf = ({ hosts, ...fleet }: Fleet): FleetOverview => ({
  ...fleet,
  hosts: hosts.map((host) => {
    const row = { ...host };
    delete row.run;
    return row;
  }),
});

/** Its report is in it once it is over; of one without it, the runs have to be looked at. */
async function overview(data: string, id: RunId, kept: KeptRecords): Promise<FleetOverview> {
  const known = await loadFleetOverview(fleetFile(data, id));
  if (known.endedAt === undefined || !known.report || !isKnown(known.report))
    return overviewOf((await kept.reported(id)) as Fleet);
  const label = await loadLabel(keptFolder(data, id));
  return { ...known, ...(label && { label }) };
}

/** The last before this one that measured the same plan, on whichever hosts; null where there is none. */
function previousOnHosts(lines: readonly RunSummary[], id: RunId): RunId | null {
  const series = lines.find((line) => line.id === id)?.series;
  const before = lines.find((line) => line.id < id && line.series === series && (line.hosts?.ok ?? 0) > 0);
  return before?.id ?? null;
}
