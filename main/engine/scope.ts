import type { Progress } from '../contract/work/progress';
import type { Ledger } from './process/ledger';

/** What work may use while it lasts: a run, or a longer job. */
export interface RunScope {
  ledger: Ledger;
  signal: AbortSignal;
  progress: (progress: Progress) => void;
  /** a port of the loopback interface that was free a moment ago */
  freePort: () => Promise<number>;
}
