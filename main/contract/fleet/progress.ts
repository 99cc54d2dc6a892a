/** How far each host of a run on several has come. */
import type { TareEvent } from '../events';
import type { Failure } from '../failures';
import type { HostName, HostStage, HostWay } from './host';

export interface HostProgress {
  name: HostName;
  way: HostWay;
  /** absent while others are first */
  stage?: HostStage;
  /** of Tare there, once it has answered */
  version?: string;
  /** trials that have ended, of how many, warm-ups included; absent before its run has begun */
  trials?: { done: number; of: number };
  failure?: Failure;
}

/** What an event of a host tells of how far it is; undefined where it tells nothing of that. */
export function progressTold(event: TareEvent): Partial<HostProgress> | undefined {
  if (event.kind === 'host') {
    const { stage, version, failure } = event;
    return { stage, ...(version !== undefined && { version }), ...(failure && { failure }) };
  }
  if (event.kind === 'run-started') return { trials: { done: 0, of: event.trials } };
  return event.kind === 'trial-ended' ? { trials: { done: event.done, of: event.of } } : undefined;
}
