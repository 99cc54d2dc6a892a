import type { Progress } from '../../contract/work/progress';
import type { Ledger } from './process/ledger';

/** What work may use while it lasts: a run, or a longer job. */
export interface RunScope {
  ledger: Ledger;
  signal: AbortSignal;
  progress: (progress: Progress) => void;
  /** a port of the loopback interface that was free a moment ago */
  freePort: () => Promise<number>;
  /** what was found out once for all of it, by what it is about: see `onceIn` */
  known: Map<string, Promise<unknown>>;
  /** of a trial: told of the cheap counters of a machine's process when it is spawned, long before the instance is there */
  watch?: (started: { read: () => Promise<{ residentBytes?: number; cpuMs?: number }> }) => void;
}

/** Finds out what stays as it is while the work lasts: whoever asks next has the first one's answer. What failed is tried again. */
export function onceIn<T>(
  { known }: Pick<RunScope, 'known'>,
  about: string,
  findOut: () => Promise<T>,
): Promise<T> {
  const found = known.get(about);
  if (found) return found as Promise<T>;
  const finding = findOut();
  known.set(about, finding);
  finding.catch(() => known.delete(about));
  return finding;
}
