import type { TareEvent } from '../events';
import type { HostProgress } from './progress';

/** What an event of a host tells of how far it is; undefined where it tells nothing of that. */
export function progressTold(event: TareEvent): Partial<HostProgress> | undefined {
  if (event.kind === 'host') {
    const { stage, version, failure } = event;
    return { stage, ...(version !== undefined && { version }), ...(failure && { failure }) };
  }
  if (event.kind === 'run-started') return { trials: { done: 0, of: event.trials } };
  return event.kind === 'trial-ended' ? { trials: { done: event.done, of: event.of } } : undefined;
}
