/** What the phases of one start mean on its way. */
import type { Phase, Trial } from '../../../contract/run/run';
import type { Instance } from '../../measure/targets/target';
import type { TrialContext } from '../../measure/trial/trial';
import type { Recorder, Written } from './recorder';

interface Follower extends Pick<TrialContext, 'originMs' | 'onPhase' | 'onStarted'> {
  /** the start is over, well or not */
  ready(record: Trial): void;
}

/** Phases come with their instant on the trial's own clock, which begins at `start`. */
export function followTrial(
  recorder: Recorder,
  told: { started: (instance: Instance) => Written; phase?: (name: string, atMs: number) => void },
): Follower {
  let startMs = performance.now();
  let asking: Written | undefined;
  return {
    originMs: startMs,
    onPhase(_, phase: Phase) {
      if (phase.name === 'start') startMs = performance.now() - phase.atMs;
      const atMs = startMs + phase.atMs;
      if (phase.name === 'ready') asking?.end(atMs);
      told.phase?.(phase.name, atMs);
    },
    onStarted: (instance) => void (asking = told.started(instance)),
    ready({ readyMs, answerSha256, failure }) {
      asking?.end();
      recorder.note({
        ...(readyMs !== undefined && { startMs: readyMs, readyMs: recorder.at(startMs + readyMs) }),
        ...(answerSha256 !== undefined && { answerSha256 }),
        ...(failure && { failure }),
      });
    },
  };
}
