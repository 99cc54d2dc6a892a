/** A lane without holes: what was seen of it, and named waiting in between. Pure. */
import type { WorkflowLane, WorkflowStep, WorkflowStepName } from '../../contract/work/workflow';

/** A step as it was seen; without `toMs` it is still going on. */
export interface Seen extends Omit<WorkflowStep, 'toMs' | 'idle' | 'growing'> {
  lane: WorkflowLane;
  toMs?: number;
}

const gapNames: Record<WorkflowLane, WorkflowStepName> = {
  client: 'own-work',
  daemon: 'idle-daemon',
  registry: 'idle-registry',
  host: 'idle-host',
  guest: 'idle-guest',
};

/** Shorter gaps are the time it takes to notice: they belong to the step before. */
const smallestGapMs = 0.5;

/**
 * The steps of one lane from 0 to `tookMs`, each beginning where the one before ends: a step that overlaps an earlier one begins
 * after it, and what lies between two becomes a step of waiting. So their durations add up to the whole.
 */
export function laneSteps(lane: WorkflowLane, seen: readonly Seen[], tookMs: number): WorkflowStep[] {
  const steps: WorkflowStep[] = [];
  let cursor = 0;
  const wait = (untilMs: number) => {
    if (untilMs <= cursor) return;
    const last = steps.at(-1);
    if (last && untilMs - cursor < smallestGapMs) last.toMs = untilMs;
    else {
      const gap = { name: gapNames[lane], facts: {}, idle: true, seen: 'gap' as const, evidence: [] };
      steps.push({ ...gap, fromMs: cursor, toMs: untilMs });
    }
    cursor = untilMs;
  };
  const own = seen.filter((one) => one.lane === lane);
  for (const one of own.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const { name, facts, seen: sight, evidence, request, command, fromMs, toMs } = one;
    const end = Math.min(tookMs, toMs ?? tookMs);
    if (end <= cursor) continue;
    wait(Math.min(fromMs, tookMs));
    if (end <= cursor) continue;
    const growing = toMs === undefined && { growing: true as const };
    const words = { ...(request !== undefined && { request }), ...(command !== undefined && { command }) };
    const step = { name, facts, seen: sight, evidence, ...words, idle: false, ...growing };
    steps.push({ ...step, fromMs: cursor, toMs: end });
    cursor = end;
  }
  wait(tookMs);
  return steps;
}
