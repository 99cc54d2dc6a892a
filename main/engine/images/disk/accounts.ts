/**
 * Who an image's USER is: the rules of Docker (moby/user, GetExecUser), by the image's own passwd and group files.
 * The guest's PID 1 follows the same rules in C (assets/guest/init.c).
 */
import { TareError } from '../../base/errors';

export interface Account {
  uid: number;
  gid: number;
  /** supplementary groups; the primary one is not among them */
  groups: number[];
  home: string;
}

/** The image's /etc/passwd and /etc/group, empty where it has none. */
export interface Accounts {
  passwd: string;
  group: string;
}

const largestId = 2 ** 31 - 1;

const numberOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;

const records = (file: string): string[][] => file.split('\n').map((line) => line.split(':'));

const unknown = (reason: string, text: string): TareError =>
  new TareError({ code: 'guest-refused', reason: `${reason}: ${text}`, output: '' });

/**
 * @param user  as the image says: `name`, `uid`, `name:group`, `uid:gid`; empty is root
 * @throws {TareError} `guest-refused` when a name is not in the files
 */
export function resolveAccount(user: string, { passwd, group }: Accounts): Account {
  const [wantedUser = '', wantedGroup = ''] = user.split(':', 2);
  const entry = findUser(wantedUser, passwd);
  const uid = entry?.uid ?? idOf('unknown-user', wantedUser || '0');
  const home = entry?.home || '/';
  if (wantedGroup) return { uid, gid: findGroup(wantedGroup, group), groups: [], home };
  const groups = entry ? memberships(entry.name, group) : [];
  return { uid, gid: entry?.gid ?? 0, groups, home };
}

function findUser(wanted: string, passwd: string) {
  const number = numberOf(wanted || '0');
  for (const [name = '', , uidText, gidText, , home = ''] of records(passwd)) {
    const [uid, gid] = [numberOf(uidText), numberOf(gidText)];
    if (uid === undefined || gid === undefined) continue;
    if (number === undefined ? name === wanted : uid === number) return { name, uid, gid, home };
  }
  return undefined;
}

function findGroup(wanted: string, group: string): number {
  const number = numberOf(wanted);
  for (const [name, , gidText] of records(group)) {
    const gid = numberOf(gidText);
    if (gid !== undefined && (number === undefined ? name === wanted : gid === number)) return gid;
  }
  return idOf('unknown-group', wanted);
}

function idOf(reason: string, text: string): number {
  const number = numberOf(text);
  if (number === undefined || number > largestId) throw unknown(reason, text);
  return number;
}

const memberships = (name: string, group: string): number[] =>
  records(group).flatMap(([, , gidText, members = '']) => {
    const gid = numberOf(gidText);
    return gid !== undefined && members.split(',').includes(name) ? [gid] : [];
  });
