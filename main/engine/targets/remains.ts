/** What is left of an instance when it has been stopped or deleted: looked for, and not taken for granted. */
import { startTicks } from '../process/proc';
import { isRefused, memoryOf, ownBytes } from '../process/memory';
import type { Left, Remains } from './target';

/**
 * @param pids  of an instance that runs: whatever of these is still there later is left of it
 * @param weigh  what those that are left take
 */
export function memoryLeft(
  pids: readonly number[],
  weigh: (pids: number[]) => Promise<Left> = ownOfAll,
): Remains['memory'] {
  // With its start the number names one process for ever: it may be another's by then.
  const seen = pids
    .flatMap((pid) => ({ pid, ticks: startTicks(pid) }))
    .filter(({ ticks }) => ticks !== undefined);
  return async () => {
    if (seen.length === 0) return { reason: 'ESRCH' };
    const alive = seen.filter(({ pid, ticks }) => startTicks(pid) === ticks).map(({ pid }) => pid);
    if (alive.length === 0) return { bytes: 0 };
    const left = await weigh(alive);
    return 'reason' in left && left.reason === 'ESRCH' ? { bytes: 0 } : left; // ended just now
  };
}

async function ownOfAll(pids: number[]): Promise<Left> {
  const memory = await memoryOf(pids);
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
