import type { Progress } from '../contract/work/progress';
import type { Ledger } from './process/ledger';

/** What work may use while it lasts: a run, or a longer job. */
export interface RunScope {
  ledger: Ledger;
  signal: AbortSignal;
  progress: (progress: Progress) => void;
  /** a port of the loopback interface that was free a moment ago */
  freePort: () => Promise<number>;
  /** of a trial: told of the cheap counters of a machine's process when it is spawned, long before the instance is there */
  watch?: (started: { read: () => Promise<{ residentBytes?: number; cpuMs?: number }> }) => void;
}
