/** The files of a machine that only a reader sees, for the same code that reads this machine's own. */
import type { HostFiles, Usual } from '../../base/process/hostFiles';
import type { Answer, Request } from './protocol';

export type Ask = (request: Request) => Promise<Answer>;

const keyOf = ({ kind, path }: Request): string => `${kind} ${path}`;
const requestOf = (key: string): Request => {
  const [kind, ...path] = key.split(' ');
  return { kind: kind as Request['kind'], path: path.join(' ') };
};

const systemError = (code: string, path: string): Error =>
  Object.assign(new Error(`${code}: ${path}`), { code });

/** What a look needs comes to light as it works: deeper than this lies nothing that it reads. */
const mostPasses = 32;

/**
 * Works with a machine's files as if they were here. Reading is a matter of an instant here and of a journey there: what is not at
 * hand yet is noted, all of it is asked for at once, and the work is done again, until nothing was missing. Each file is read once.
 * @throws what `work` throws in the end · what `ask` rejects with
 */
export async function lookThrough<T>(
  ask: Ask,
  work: (files: HostFiles) => T | Promise<T>,
  usual: Usual = new Set(),
): Promise<T> {
  const known = new Map<string, Answer>();
  const fetch = async (keys: Iterable<string>) => {
    await Promise.all([...keys].map(async (key) => known.set(key, await ask(requestOf(key)))));
  };
  await fetch(usual);
  for (let pass = 0; pass < mostPasses; pass++) {
    const [used, wanted] = [new Set<string>(), new Set<string>()];
    const given = (request: Request): string => {
      const key = keyOf(request);
      used.add(key);
      const answer = known.get(key);
      if (!answer) wanted.add(key);
      if (!answer || 'error' in answer) throw systemError(answer?.error ?? 'EAGAIN', request.path);
      return answer.content;
    };
    const read = (path: string) => given({ kind: 'read', path });
    const outcome = await settled(work, {
      read,
      readLong: (path) => Promise.resolve().then(() => read(path)),
      folders: (path) => given({ kind: 'folders', path }).split('\n').filter(Boolean),
    });
    if (wanted.size === 0) {
      usual.clear();
      for (const key of used) usual.add(key);
      if ('error' in outcome) throw outcome.error;
      return outcome.value;
    }
    await fetch(wanted);
  }
  throw systemError('ELOOP', 'files that lead to ever more files');
}

/** Work that lacks a file may fail for it in any way. */
async function settled<T>(
  work: (files: HostFiles) => T | Promise<T>,
  files: HostFiles,
): Promise<{ value: T } | { error: unknown }> {
  try {
    return { value: await work(files) };
  } catch (error) {
    return { error };
  }
}
