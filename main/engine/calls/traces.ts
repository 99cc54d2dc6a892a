/** What a killed Tare leaves that stands in no list by its own name: half-written records, and folders for temporary files of its own. */
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { RunId } from '../../contract/run/run';
import { runFolder } from '../base/paths';

/** As write-file-atomic calls what it is about to put in a record's place. */
const halfWritten = /^run\.json\.\d+$/;

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

/**
 * What is left of runs that nobody makes any more: what was to become their record, and the whole folder where there is none yet.
 * @param runs  those that a dead session had under way
 */
export function halfKept(dataFolder: string, runs: readonly RunId[]): string[] {
  return runs.flatMap((id) => {
    const folder = runFolder(dataFolder, id);
    const names = namesIn(folder);
    const half = names.filter((name) => halfWritten.test(name));
    // it may hold what a person put there
    const isOurs = names.every((name) => half.includes(name) || name === 'samples.ndjson');
    const isThere = lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
    if (isThere && isOurs) return [folder];
    return half.map((name) => path.join(folder, name));
  });
}

/** A page that leads a browser to the local page, and a browser's profile that prints (of before 0.2): each lives for a minute at most. */
const temporary = /^tare-(open|print)-\w{6}$/;
const longAfterMs = 10 * 60_000;

/** Folders of this user's that no Tare that lives can still need. */
export function abandoned(
  places: readonly (string | undefined)[] = [process.env.XDG_RUNTIME_DIR, os.tmpdir()],
): string[] {
  const own = process.geteuid?.();
  const isOld = (folder: string) => {
    const found = lstatSync(folder, { throwIfNoEntry: false });
    const isOwn = own === undefined || found?.uid === own;
    return found?.isDirectory() === true && isOwn && Date.now() - found.mtimeMs > longAfterMs;
  };
  const all = new Set(places.filter((place) => place !== undefined));
  return [...all].flatMap((place) =>
    namesIn(place)
      .filter((name) => temporary.test(name))
      .map((name) => path.join(place, name))
      .filter(isOld),
  );
}

export const removeTrace = (place: string): void => rmSync(place, { recursive: true, force: true });
