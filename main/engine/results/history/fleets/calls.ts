/** What a door may ask about runs on several hosts. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Fleet, FleetOverview } from '../../../../contract/fleet/fleet';
import { isOfHosts } from '../../../../contract/record';
import type { RunReference } from '../../../../contract/report/comparison';
import type { Run, RunId } from '../../../../contract/run/run';
import type { Engine } from '../../../engine';
import { TareError } from '../../../base/errors';
import { compareFleets } from '../../report/hosts/change';
import { reported } from '../../report/reported';
import { isKnown, reportedFleet, type ReportedFleet } from '../../report/hosts/reported';
import { loadLabel } from '../labels';
import { fleetFile, fleetFolder } from '../../../base/paths';
import { loadFleet, loadFleetOverview, loadFleetRun, loadRecordFile } from './store';

type FleetCalls = Pick<Engine, 'fleet' | 'fleetRun' | 'compareFleets'>;

/** One with its report and its label. */
export async function wholeFleet(data: string, id: RunId): Promise<ReportedFleet> {
  const [fleet, label] = await Promise.all([loadFleet(data, id), loadLabel(fleetFolder(data, id))]);
  return reportedFleet({ ...fleet, ...(label && { label }) });
}

/** The same; undefined where the id is that of no such run. */
export const findFleet = async (data: string, id: RunId): Promise<ReportedFleet | undefined> =>
  existsSync(fleetFile(data, id)) ? wholeFleet(data, id) : undefined;

export const overviewOf = ({ hosts, ...fleet }: Fleet): FleetOverview => ({
  ...fleet,
  hosts: hosts.map((host) => {
    const row = { ...host };
    delete row.run;
    return row;
  }),
});

/** Its report is in it once it is over; of one without it, the runs have to be looked at. */
async function overview(data: string, id: RunId): Promise<FleetOverview> {
  const known = await loadFleetOverview(fleetFile(data, id));
  if (known.endedAt === undefined || !known.report || !isKnown(known.report))
    return overviewOf(await wholeFleet(data, id));
  const label = await loadLabel(fleetFolder(data, id));
  return { ...known, ...(label && { label }) };
}

/** One that is kept here, or lies anywhere as a fleet.json; undefined where it is no run on several hosts. */
async function referred(data: string, run: RunReference): Promise<Fleet | undefined> {
  if ('id' in run) return findFleet(data, run.id);
  const found = await loadRecordFile(path.resolve(run.path));
  return isOfHosts(found) ? found : undefined;
}

const nameOf = (run: RunReference): string => ('id' in run ? run.id : path.basename(run.path));

export function fleetCalls(data: string): FleetCalls {
  return {
    async fleet({ id }) {
      return existsSync(fleetFile(data, id)) ? overview(data, id) : null;
    },
    async compareFleets({ base, other, minimumEffect }) {
      const [before, after] = await Promise.all([referred(data, base), referred(data, other)]);
      if (!before && !after) return null;
      // ratios of several hosts are held against nothing that one computer measured
      if (!before || !after)
        throw new TareError({ code: 'not-comparable', base: nameOf(base), other: nameOf(other) });
      return compareFleets(before, after, minimumEffect);
    },
    async fleetRun({ id, host }): Promise<Run> {
      const run = await loadFleetRun(data, id, host);
      // its samples lie beside it; no figure of its report but the lines over time comes from them
      return reported(run, () => Promise.resolve([]));
    },
  };
}
