/**
 * The lists in a folder, read as if somebody else might have put them there: what they say leads to killing and removing, and others may
 * write into the folder that all users of a machine share.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync, readdirSync, type Stats } from 'node:fs';
import path from 'node:path';
import type { Failure } from '../../../../contract/failures';
import { parseLine, type Line } from './lines';

export interface List {
  /** whose it is, by its name */
  session: string;
  file: string;
  lines: Line[];
  /** why nothing may be removed because it says so; undefined: nobody but this user can have written it */
  doubt: ListDoubt | undefined;
}

type Refused = Extract<Failure, { code: 'list-refused' }>;
type ListDoubt = 'others-own' | 'others-may-write';

const ending = '.ndjson';
const isSession = (name: string): boolean => /^[a-z0-9]{1,100}$/.test(name);

/** A run of ten thousand trials notes some 100,000 lines of a hundred bytes. */
const mostBytes = 64 * 1024 ** 2;
/** Of another user only work counts, a line each. */
const mostBytesOfOthers = 1024 ** 2;

/** All that are called like lists; what cannot be read is the reason why. */
export function listsIn(folder: string): (List | Refused)[] {
  return namesIn(folder).flatMap((name) => {
    const file = path.join(folder, name);
    try {
      return [readList(file)];
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? String(error);
      // its owner may close it, and others sweep it, at any time
      return reason === 'ENOENT' ? [] : [refused(file, reason)];
    }
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(ending));
  } catch {
    return []; // no session has ever run here
  }
}

const refused = (path: string, reason: string): Refused => ({ code: 'list-refused', path, reason });

function readList(file: string): List | Refused {
  const session = path.basename(file, ending);
  if (!isSession(session)) return refused(file, 'no-list');
  // neither what a link leads to, nor a pipe that would be waited for; what was looked at is what is read, whatever is moved meanwhile
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile()) return refused(file, found.isDirectory() ? 'EISDIR' : 'no-list');
    const doubt = doubtOf(found);
    if (found.size > (doubt ? mostBytesOfOthers : mostBytes)) return refused(file, 'too-large');
    const lines = readFileSync(descriptor, 'utf8')
      .split('\n')
      .flatMap((line) => parseLine(line) ?? []);
    return { session, file, lines, doubt };
  } finally {
    closeSync(descriptor);
  }
}

const writableByOthers = 0o022;

function doubtOf({ uid, mode }: Stats): ListDoubt | undefined {
  const own = process.geteuid?.();
  if (own === undefined) return undefined; // a system without such owners and modes
  if (uid !== own) return 'others-own';
  return (mode & writableByOthers) === 0 ? undefined : 'others-may-write';
}
