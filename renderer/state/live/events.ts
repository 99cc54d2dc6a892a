import type { TareEvent } from '../../../main/contract/events';
import { beginHosts, takeOfHost } from './hosts';
import { applyEvent, emptyRun, type LiveRun } from './run';

/**
 * The run after a batch of events; a run that begins replaces one that is over. The answer is a new object, and so are the lanes that
 * something was told of: what shows the others need not look at them again.
 */
export function takeEvents(
  before: LiveRun | undefined,
  events: readonly TareEvent[],
  nowMs: number,
): LiveRun | undefined {
  let run = before && { ...before };
  for (const event of events) {
    if (!event.run) continue;
    if (run?.id !== event.run) {
      // of two that are under way, the one that is told of comes first
      if ((run?.state === 'running' && !run.by) || event.kind === 'run-ended') continue;
      run = emptyRun(event.run, nowMs);
    }
    if (event.kind === 'hosts-started') beginHosts(run, event, nowMs);
    else if (event.host !== undefined) takeOfHost(run, event.host, event, nowMs);
    else applyEvent(run, event, nowMs);
  }
  return run;
}
