/**
 * Deleted runs lie in a folder of their own for a while, whole. Each way there and back is one rename:
 * whatever kills Tare in between, the run is in one of the two places.
 */
import { readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { isRunId, type RunId } from '../../../contract/run/run';
import { TareError } from '../../base/errors';
import { makeFolder } from '../../base/folder';
import {
  fleetFolder,
  isFleetFile,
  keptFolder,
  recordIn,
  runFolder,
  trashedRunFolder,
  trashFolder,
} from '../../base/paths';

/** How long a deleted run can be brought back. */
export const trashDays = 30;
const dayMs = 86_400_000;

/** @throws {TareError} `run-unknown` · `write-failed` */
export async function moveToTrash(data: string, id: RunId): Promise<void> {
  await move(keptFolder(data, id), trashedRunFolder(data, id), id, trashFolder(data));
  // the folder's time of change says since when it lies there
  await utimes(trashedRunFolder(data, id), new Date(), new Date()).catch(() => undefined);
}

/** @throws {TareError} `run-unknown` when it is not in the trash (any more) · `write-failed` */
export async function restoreFromTrash(data: string, id: RunId): Promise<void> {
  const folder = trashedRunFolder(data, id);
  const kept = isFleetFile(recordIn(folder)) ? fleetFolder(data, id) : runFolder(data, id);
  await move(folder, kept, id, path.dirname(kept));
}

async function move(from: string, to: string, id: RunId, parent: string): Promise<void> {
  try {
    makeFolder(parent);
    await rename(from, to);
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new TareError({ code: 'run-unknown', id });
    throw new TareError({ code: 'write-failed', path: to, reason: code }, { cause: error });
  }
}

/** The runs in the trash, oldest first, with the time when each was deleted. */
export async function trashedRuns(data: string): Promise<{ id: RunId; deletedAtMs: number }[]> {
  const names = await readdir(trashFolder(data)).catch(() => []);
  const found: { id: RunId; deletedAtMs: number }[] = [];
  for (const id of names.filter(isRunId).sort()) {
    const { mtimeMs } = (await stat(trashedRunFolder(data, id)).catch(() => undefined)) ?? {};
    if (mtimeMs !== undefined) found.push({ id, deletedAtMs: mtimeMs });
  }
  return found;
}

/** In two steps, so that a run is never there by half. @throws {TareError} `run-unknown` · `write-failed`; what the system says */
export async function removeForGood(data: string, id: RunId): Promise<void> {
  await moveToTrash(data, id);
  await rm(trashedRunFolder(data, id), { recursive: true, force: true });
}

/** Removes for good what was deleted more than `trashDays` ago. What cannot be removed is tried again next time. */
export async function purgeTrash(data: string, nowMs = Date.now()): Promise<void> {
  for (const { id, deletedAtMs } of await trashedRuns(data)) {
    if (nowMs - deletedAtMs < trashDays * dayMs) continue;
    await rm(trashedRunFolder(data, id), { recursive: true, force: true }).catch(() => undefined);
  }
}
