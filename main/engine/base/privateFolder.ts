/** Folders that hold what nobody else may read, and that Tare believes because nobody else can have written there. */
import { chmodSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { FolderDoubt } from '../../contract/failures';
import { TareError } from './errors';
import { makeFolder } from './folder';

const others = 0o077;
/** Everybody may make something there, and it may be meant so: /tmp has both. */
const everybodys = 0o1002;

/**
 * Makes a folder that only this user may enter, or closes one that an earlier Tare made for all to enter.
 * @param isTares  whether Tare made a thing of this name there; a folder of something else is left as it is
 * @throws {TareError} `folder-not-private`; what the system says where it cannot be made
 */
export function keepPrivate(folder: string, isTares: (name: string) => boolean): void {
  makeFolder(folder);
  const user = process.geteuid?.();
  if (user === undefined) return; // no file modes: what a user has is his by the system's own rules
  const { uid, mode } = statSync(folder);
  if (uid !== user) throw refused(folder, 'others-own');
  if ((mode & others) === 0) return;
  if (mode & everybodys) throw refused(folder, 'others-may-write');
  if (!isOfTare(folder, isTares)) throw refused(folder, 'not-tares-folder');
  try {
    chmodSync(folder, mode & 0o700);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EROFS') throw error; // else nothing new will lie there
    return;
  }
  if (statSync(folder).mode & others) throw refused(folder, 'modes-not-kept');
}

function isOfTare(folder: string, isTares: (name: string) => boolean): boolean {
  if (path.basename(folder) === 'tare') return true;
  const names = readdirSync(folder);
  return names.length === 0 || names.some(isTares);
}

const refused = (folder: string, reason: FolderDoubt): TareError =>
  new TareError({ code: 'folder-not-private', path: folder, reason });
