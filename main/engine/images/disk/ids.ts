/**
 * Whose an image's files and processes are where Tare is root: of a user namespace in which every id of the image is one of this
 * computer that nobody has. Its root is root over nothing else, and a set-user-ID program of its tree gives away no more than that.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { notStarted, programFailed } from '../../base/process/child';
import { exitText } from '../../base/process/exit';

/** An image's user N is N + 2³¹ here: beyond what useradd, systemd, containers and directories give to anybody. */
export const firstId = 2 ** 31;
/** All that an image can name (see accounts.ts); the last number of all means “none”. */
const idCount = 2 ** 31 - 1;

let opened: Promise<number> | undefined;

/**
 * The namespace, as a descriptor that keeps it: made at the first call, by root only, and gone with Tare. It is shared by all that
 * Tare starts from images, since their ids would be the same in any other.
 * @throws {TareError} `tool-missing` · `program-failed` when the kernel gives none
 */
export function imageIds(): Promise<number> {
  opened ??= open().catch((error: unknown) => {
    opened = undefined; // the next one tries again
    throw error;
  });
  return opened;
}

/** The words before a program's that put it into the namespace, as its root. */
export const asImageRoot = (namespace: string): string[] => ['nsenter', `--user=${namespace}`, '--'];

async function open(): Promise<number> {
  // `unshare` has an option for maps, but before 2.39 it asks newuidmap, which refuses root what is not in /etc/subuid.
  const holder = spawn('unshare', ['--user', 'sh', '-c', 'echo && cat'], { stdio: 'pipe' });
  const complaints = text(holder.stderr);
  const closed = once(holder, 'close') as Promise<[number | null]>;
  closed.catch(() => undefined); // looked at below
  try {
    const ended = await Promise.race([once(holder.stdout, 'data').then(() => undefined), closed]);
    if (ended) throw programFailed('unshare', exitText(ended[0] ?? 1), await complaints);
    for (const kind of ['uid', 'gid'])
      writeFileSync(`/proc/${holder.pid}/${kind}_map`, `0 ${firstId} ${idCount}\n`);
    return openSync(`/proc/${holder.pid}/ns/user`, 'r');
  } catch (error) {
    throw notStarted('unshare', error as Error);
  } finally {
    holder.stdin.end();
    await closed.catch(() => undefined);
  }
}
