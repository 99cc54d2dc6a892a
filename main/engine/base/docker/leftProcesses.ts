/**
 * What a runtime leaves running of a container that the engine has removed: gVisor, refused while it starts one, leaves its kernel and
 * its file server, which keep the shim alive, and the engine forgets all three.
 */
import path from 'node:path';
import type { Failure } from '../../../contract/failures';
import { descendants } from '../process/family';
import type { Ledger } from '../process/ledger';
import { isShim } from '../process/neighbours';
import { processes, startTicks, wordsOf, type ProcessLine } from '../process/proc';
import { sleep } from '../signals';

/** How long a shim has to end by itself once its container is removed; usual are tens of milliseconds. */
const byItselfMs = 2000;
const killLimitMs = 5000;

type Left = NonNullable<Extract<Failure, { code: 'docker-refused' }>['left']>;

export const isContainerId = (name: string): boolean => /^[0-9a-f]{64}$/.test(name);

/** A container's shim, and all that it has running. It has the whole id among its words, as no other container's has. */
export function processesOfContainer(id: string): ProcessLine[] {
  const shims = processes().filter(({ words }) => isShim(words) && words.includes(id));
  const below = shims.flatMap(({ pid }) => descendants(pid));
  // first those that would be lost sight of without their shim
  const all = [...below.map(({ pid }) => ({ pid, words: wordsOf(pid) })), ...shims];
  return all.filter(({ pid }) => startTicks(pid) !== undefined);
}

/**
 * Ends what is left of a container, which the engine must have removed. It is in the ledger meanwhile, and stays there where it cannot
 * be ended, as by a user who may not end the engine's processes.
 * @param id  the container's full id
 * @returns undefined where nothing was left
 */
export async function endLeftProcesses(id: string, ledger: Pick<Ledger, 'note'>): Promise<Left | undefined> {
  const strike = ledger.note('process', id);
  const found = namesOf(await stillThere(id, byItselfMs));
  const mayEnd = processesOfContainer(id)
    .map(({ pid }) => end(pid))
    .every(Boolean);
  const running = namesOf(await stillThere(id, mayEnd ? killLimitMs : 0));
  if (running.length === 0) strike();
  return found.length > 0 ? { ended: found.filter((name) => !running.includes(name)), running } : undefined;
}

/** Those of a container's processes that have not ended by themselves in that time. */
async function stillThere(id: string, limitMs: number): Promise<ProcessLine[]> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const found = processesOfContainer(id);
    if (found.length === 0 || performance.now() >= deadline) return found;
    await sleep(20);
  }
}

/** By program, each once; some of gVisor's have no words, which are parts of its kernel. */
const namesOf = (found: readonly ProcessLine[]): string[] => [
  ...new Set(found.flatMap(({ words: [program] }) => (program === undefined ? [] : path.basename(program)))),
];

/** Whether this user may end it, or it has ended. */
function end(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
