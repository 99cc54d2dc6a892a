/** Every file and folder name that Tare writes, in one place. */
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const usualFolders = {
  XDG_DATA_HOME: '.local/share',
  XDG_CACHE_HOME: '.cache',
  XDG_CONFIG_HOME: '.config',
} as const;
export type XdgVariable = keyof typeof usualFolders;

/**
 * Tare's folder of a kind. Follows the XDG Base Directory specification on every system, so that one sentence in the README
 * holds everywhere; a relative path is passed over, as the specification says.
 */
export function xdgFolder(
  variable: XdgVariable,
  around: { environment: NodeJS.ProcessEnv; home: string } = { environment: process.env, home: os.homedir() },
): { folder: string; isUsual: boolean } {
  const usual = path.join(around.home, usualFolders[variable], 'tare');
  const said = around.environment[variable];
  const folder = said && path.isAbsolute(said) ? path.join(said, 'tare') : usual;
  return { folder, isUsual: folder === usual };
}

export const settingsFile = (config: string): string => path.join(config, 'settings.json');
/** The hosts that a person keeps, in the form of a file of hosts. */
export const hostsFile = (config: string): string => path.join(config, 'hosts.json');
/** Whether this is the name of something that a configuration folder holds. */
export const isOfConfiguration = (name: string): boolean =>
  [settingsFile, hostsFile].some((file) => file('') === name);
export const ledgerFolder = (data: string): string => path.join(data, 'ledger');
/** By which fingerprints are made: nobody else's business. */
export const keyFile = (data: string): string => path.join(data, 'fingerprint.key');
export const runsFolder = (data: string): string => path.join(data, 'runs');
/** Whether this is the name of something that a data folder holds. */
export const isOfData = (name: string): boolean =>
  [runsFolder, fleetsFolder, ledgerFolder].some((folder) => folder('') === name);
/** Derived from the records, and made anew whenever it does not fit them. */
export const summariesFile = (data: string): string => path.join(data, 'summaries.json');
export const seriesFile = (data: string): string => path.join(data, 'series.json');
export const timesFile = (data: string): string => path.join(data, 'times.json');
export const runFolder = (data: string, id: string): string => path.join(runsFolder(data), id);
export const runFile = (data: string, id: string): string => path.join(runFolder(data, id), 'run.json');
/** Where a record is kept: that of a run on several hosts in a folder of theirs, each other one, and one that is not there, among the runs. */
export const keptFolder = (data: string, id: string): string =>
  existsSync(fleetFile(data, id)) ? fleetFolder(data, id) : runFolder(data, id);
export const keptFile = (data: string, id: string): string => recordIn(keptFolder(data, id));
/** The record in a folder of its own, which may lie in the trash. */
export function recordIn(folder: string): string {
  const ofHosts = path.join(folder, path.basename(fleetFile('', '')));
  return existsSync(ofHosts) ? ofHosts : path.join(folder, path.basename(runFile('', '')));
}
/** Whether a record's file is called as one on several hosts is. */
export const isFleetFile = (file: string): boolean =>
  path.basename(file) === path.basename(fleetFile('', ''));
export const labelFile = (folder: string): string => path.join(folder, 'label.json');
/** Deleted runs, until they are purged. Beside the runs, so that moving one there is a single step on one file system. */
export const trashFolder = (data: string): string => path.join(data, 'trash');
export const trashedRunFolder = (data: string, id: string): string => path.join(trashFolder(data), id);
export const samplesFile = (data: string, id: string): string =>
  path.join(runFolder(data, id), 'samples.ndjson');

/** Runs on several hosts. Each has a folder, with its record and, per host, what came home of it. */
export const fleetsFolder = (data: string): string => path.join(data, 'fleets');
export const fleetFolder = (data: string, id: string): string => path.join(fleetsFolder(data), id);
export const fleetFile = (data: string, id: string): string => path.join(fleetFolder(data, id), 'fleet.json');
export const fleetHostFolder = (data: string, id: string, host: string): string =>
  path.join(fleetFolder(data, id), 'hosts', host);
