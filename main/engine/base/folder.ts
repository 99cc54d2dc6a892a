import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Makes a folder and those above it. Step by step, since Node's own `recursive` says of a file system that is read-only that there is
 * no such file, and never comes back where the system says that a folder cannot be found although the one above it is there: /proc does.
 * @returns whether it was not there before
 * @throws what the system says: EROFS, ENOENT, EACCES, ENOSPC, EEXIST when a file stands there …
 */
export function makeFolder(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    const above = path.dirname(folder);
    if (isFolder(folder)) return false;
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || above === folder) throw error;
  }
  makeFolder(path.dirname(folder));
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (isFolder(folder)) return false; // whoever made it first, it is there
    throw error;
  }
}

const isFolder = (folder: string): boolean => {
  try {
    return statSync(folder).isDirectory();
  } catch {
    return false; // not even to be looked at: what it could not be made for is the failure to tell
  }
};
