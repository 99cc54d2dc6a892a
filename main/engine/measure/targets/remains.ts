/** What is left of an instance when it has been stopped or deleted: looked for, and not taken for granted. */
import { startTicks } from '../../base/process/proc';
import { isRefused, memoryOf, ownBytes } from '../../base/process/memory';
import { thisMachine, type HostFiles, type ReadableMachine } from '../../base/process/hostFiles';
import type { Left, Remains } from './target';

/**
 * @param pids  of an instance that runs: whatever of these is still there later is left of it
 * @param weigh  what those that are left take
 * @param machine  that they are processes of
 */
export function memoryLeft(
  pids: readonly number[],
  weigh: (pids: number[], files: HostFiles) => Promise<Left> = ownOfAll,
  machine: ReadableMachine = thisMachine,
): Remains['memory'] {
  // With its start the number names one process for ever: it may be another's by then.
  const looked = machine
    .look((files) =>
      pids.map((pid) => ({ pid, ticks: startTicks(pid, files) })).filter(({ ticks }) => ticks !== undefined),
    )
    .catch(() => []);
  return async () => {
    const seen = await looked;
    if (seen.length === 0) return { reason: 'ESRCH' };
    return machine.look(async (files) => {
      const alive = seen.filter(({ pid, ticks }) => startTicks(pid, files) === ticks).map(({ pid }) => pid);
      if (alive.length === 0) return { bytes: 0 };
      const left = await weigh(alive, files);
      return 'reason' in left && left.reason === 'ESRCH' ? { bytes: 0 } : left; // ended just now
    });
  };
}

async function ownOfAll(pids: number[], files: HostFiles): Promise<Left> {
  const memory = await memoryOf(pids, undefined, files);
  return isRefused(memory) ? memory : { bytes: ownBytes(memory) };
}

/** A reading that the system may refuse. */
export function attempted(read: () => number): Left {
  try {
    return { bytes: read() };
  } catch (error) {
    return { reason: (error as NodeJS.ErrnoException).code ?? 'ENODATA' };
  }
}
