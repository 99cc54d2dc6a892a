/**
 * Runs on several hosts as they lie on disk: one fleet.json, and beside it a run.json for each host that came home, until all are in the
 * record; one that it has no room for stays there.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { RunRecord } from '../../../../contract/record';
import { outcomeOf, type Fleet, type FleetHost, type FleetOverview } from '../../../../contract/fleet/fleet';
import { isRunId, type Run, type RunId } from '../../../../contract/run/run';
import { TareError } from '../../../base/errors';
import { foreignText } from '../../../base/foreignText';
import { fleetFile, fleetHostFolder, fleetsFolder, runFile } from '../../../base/paths';
import { loadRunFile } from '../store';
import { readFleet, readFleetOverview, readRecord } from '../upgrade';

/** A thousand hosts with a run of 27 trials take some 170 MB; as data, a record takes several times as much memory as on disk. */
export const mostFleetBytes = 192 * 1024 ** 2;

/** Ids of all of them, oldest first. */
export async function fleetIds(data: string): Promise<RunId[]> {
  const names = await readdir(fleetsFolder(data)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter(isRunId).sort();
}

/**
 * A fleet.json wherever it lies.
 * @throws {TareError} `run-unreadable` · `run-too-new`
 */
export const loadFleetFile = async (file: string): Promise<Fleet> => readFleet(await textOf(file), file);

/** A run.json or a fleet.json wherever it lies. @throws as `loadFleetFile` */
export const loadRecordFile = async (file: string): Promise<RunRecord> =>
  readRecord(await textOf(file), file);

const textOf = (file: string): Promise<string> =>
  foreignText(file, { bytes: mostFleetBytes }).catch((error: NodeJS.ErrnoException) => {
    throw new TareError({ code: 'run-unreadable', path: file, reason: error.code ?? error.message });
  });

/** The same without the runs in it. @throws as `loadFleetFile` */
export const loadFleetOverview = async (file: string): Promise<FleetOverview> =>
  readFleetOverview(await textOf(file), file);

/**
 * One that is kept here; of one that has no end yet, with what is home.
 * @throws {TareError} `run-unknown` · `run-unreadable` · `run-too-new`
 */
export async function loadFleet(data: string, id: RunId): Promise<Fleet> {
  const fleet = await loadFleetFile(fleetFile(data, id)).catch((error: unknown) => {
    const { failure } = error as TareError;
    throw failure?.code === 'run-unreadable' && failure.reason === 'ENOENT'
      ? new TareError({ code: 'run-unknown', id })
      : error;
  });
  return fleet.endedAt === undefined ? { ...fleet, hosts: await homeHosts(data, id, fleet.hosts) } : fleet;
}

/** Those of the record, and those whose run lies beside it. */
async function homeHosts(data: string, id: RunId, known: readonly FleetHost[]): Promise<FleetHost[]> {
  const folders = await readdir(path.dirname(fleetHostFolder(data, id, '_'))).catch(() => []);
  const home: FleetHost[] = [];
  for (const name of folders.sort()) {
    if (known.some((host) => host.name === name)) continue;
    const run = await runBeside(data, id, name).catch(() => undefined);
    if (run) home.push({ name, outcome: outcomeOf(run.state), runId: run.id, run });
  }
  return [...known, ...home];
}

const runBeside = (data: string, id: RunId, host: string): Promise<Run> =>
  loadRunFile(path.join(fleetHostFolder(data, id, host), path.basename(runFile(data, id))));

/**
 * The run of one host.
 * @throws {TareError} `run-unknown` · as `loadFleet`
 */
export async function loadFleetRun(data: string, id: RunId, name: string): Promise<Run> {
  const { hosts } = await loadFleet(data, id);
  const host = hosts.find((one) => one.name === name);
  const run = host?.run ?? (host && (await runBeside(data, id, host.name).catch(() => undefined)));
  if (!run) throw new TareError({ code: 'run-unknown', id: `${id}/${name}` });
  return run;
}
