/** Every file and folder name that Tare writes, in one place. */
import os from 'node:os';
import path from 'node:path';

const home = (variable: string, fallback: string): string => {
  const value = process.env[variable];
  return path.join(value && path.isAbsolute(value) ? value : path.join(os.homedir(), fallback), 'tare');
};

/** Follows the XDG Base Directory specification on every system, so that one sentence in the README holds everywhere. */
export const defaultDataFolder = (): string => home('XDG_DATA_HOME', '.local/share');
export const defaultCacheFolder = (): string => home('XDG_CACHE_HOME', '.cache');

export const ledgerFolder = (data: string): string => path.join(data, 'ledger');
export const runsFolder = (data: string): string => path.join(data, 'runs');
export const runFolder = (data: string, id: string): string => path.join(runsFolder(data), id);
export const runFile = (data: string, id: string): string => path.join(runFolder(data, id), 'run.json');
export const labelFile = (folder: string): string => path.join(folder, 'label.json');
/** Deleted runs, until they are purged. Beside the runs, so that moving one there is a single step on one file system. */
export const trashFolder = (data: string): string => path.join(data, 'trash');
export const trashedRunFolder = (data: string, id: string): string => path.join(trashFolder(data), id);
export const samplesFile = (data: string, id: string): string =>
  path.join(runFolder(data, id), 'samples.ndjson');
