/** A run on several hosts as a line of the history. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { endOfFleet, type Fleet } from '../../../../contract/fleet/fleet';
import { resultsOf } from '../../../../contract/fleet/results';
import type { HostsComparison } from '../../../../contract/report/fleet';
import type { RunId, RunState, RunSummary } from '../../../../contract/run/run';
import { isCounted } from '../../report/hosts/comparisons';
import { reportedFleet } from '../../report/hosts/reported';
import { loadLabel } from '../labels';
import { fleetFile, fleetFolder, fleetLinesFile, labelFile } from '../../../base/paths';
import { readIndex } from '../recordIndex';
import { planId } from '../series';
import { summarise, unreadable } from '../store';
import { fleetIds, loadFleet, loadFleetFile } from './store';

/** @param isUnderWay  whether some Tare makes it */
const fleetState = (fleet: Fleet, isUnderWay: boolean): RunState =>
  fleet.endedAt !== undefined ? endOfFleet(fleet) : isUnderWay ? 'running' : 'interrupted';

export function fleetLine(fleet: Fleet, isUnderWay: boolean): RunSummary {
  const { id, startedAt, plan, hosts, failure } = fleet;
  const { comparisons } = reportedFleet(fleet).report;
  const runs = hosts.flatMap(({ run }) => run ?? []);
  const [memory, startUp] = [ratioOf(comparisons, 'memory'), ratioOf(comparisons, 'start-up')];
  return {
    ...summarise({
      ...{ id, startedAt, plan, state: fleetState(fleet, isUnderWay), rounds: [] },
      trials: runs.flatMap(({ trials }) => trials),
    }),
    // times of several computers are not averaged
    readyMs: {},
    series: planId({ plan }),
    ...(failure && { failure }),
    hosts: {
      ...resultsOf(hosts),
      ratios: { ...(memory !== undefined && { memory }), ...(startUp !== undefined && { startUp }) },
    },
  };
}

/** The mean of hosts, or the ratio of the only one that can be compared. */
function ratioOf(
  comparisons: readonly HostsComparison[],
  metric: HostsComparison['metric'],
): number | undefined {
  const found = comparisons.find((one) => one.metric === metric);
  if (found?.pooled) return found.pooled.ratio;
  const counted = found?.hosts.filter(isCounted) ?? [];
  return counted.length === 1 ? counted[0]!.ratio : undefined;
}

/** All that are kept, newest first. */
export async function fleetLines(data: string, isUnderWay: (id: RunId) => boolean): Promise<RunSummary[]> {
  const ids = await fleetIds(data);
  const index = await readIndex<RunSummary>(ids, {
    data,
    file: fleetLinesFile(data),
    fileOf: (id) => fleetFile(data, id),
    // one without an end may get one, or more hosts
    derive: async (id) => {
      const fleet = await loadFleet(data, id).catch(() => undefined);
      return fleet?.endedAt === undefined ? undefined : fleetLine(fleet, false);
    },
  });
  if (index.changed) await index.keep('');
  const lines: RunSummary[] = [];
  for (const id of ids.reverse()) {
    const line =
      index.values.get(id) ??
      (await loadFleet(data, id)
        .then((fleet) => fleetLine(fleet, isUnderWay(id)))
        .catch((error: unknown) => unreadable(id, error)));
    // a folder is none until its record is in it
    if (line.failure?.code !== 'run-unknown') lines.push(await labelled(fleetFolder(data, id), line));
  }
  return lines;
}

/** The last before this one that measured the same plan, on whichever hosts; null where there is none. */
export async function previousFleet(data: string, id: RunId): Promise<RunId | null> {
  const lines = await fleetLines(data, () => false);
  const series = lines.find((line) => line.id === id)?.series;
  const before = lines.find((line) => line.id < id && line.series === series && (line.hosts?.ok ?? 0) > 0);
  return before?.id ?? null;
}

/** @param folder  in the trash */
export const trashedFleetLine = (folder: string, id: RunId): Promise<RunSummary> =>
  loadFleetFile(path.join(folder, path.basename(fleetFile('', id))))
    .then((fleet) => fleetLine(fleet, false))
    .catch((error: unknown) => unreadable(id, error));

async function labelled(folder: string, line: RunSummary): Promise<RunSummary> {
  const label = existsSync(labelFile(folder)) ? await loadLabel(folder) : undefined;
  return label ? { ...line, label } : line;
}
