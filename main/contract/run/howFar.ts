import { trialsOf } from '../planning';
import type { Run } from './run';

/** How far a run is by its record: trials that have ended, of how many, warm-ups included. */
export function howFar({ plan, warmups, trials }: Pick<Run, 'plan' | 'warmups' | 'trials'>): {
  done: number;
  of: number;
} {
  const done = warmups.length + trials.length;
  const begun = 1 + Math.max(-1, ...trials.map(({ index }) => index));
  return { done, of: Math.max(done, trialsOf(plan, begun)) };
}
