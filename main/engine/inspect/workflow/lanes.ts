/** A lane without holes: what was seen of it, and named waiting in between. Pure. */
import type {
  BuildPart,
  WorkflowLane,
  WorkflowStep,
  WorkflowStepName,
  WorkflowWay,
} from '../../../contract/work/workflow';

/** A step as it was seen; without `toMs` it is still going on. */
export interface Seen extends Omit<WorkflowStep, 'toMs' | 'idle' | 'growing'> {
  lane: WorkflowLane;
  /** of a build, where it goes on beside others */
  part?: BuildPart;
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
 * The lanes of one way. Where parts of a build were seen, they follow the lane that they belong to: what BuildKit does itself, then the
 * stages in the order in which they began.
 */
export const lanesOf = (
  lanes: readonly WorkflowLane[],
  seen: readonly Seen[],
  tookMs: number,
): WorkflowWay['lanes'] =>
  lanes.flatMap((lane) => {
    const own = seen.filter((one) => one.lane === lane);
    const main = own.filter(({ part }) => !part);
    return [{ lane, steps: laneSteps(lane, main, tookMs) }, ...partLanes(lane, own, tookMs)];
  });

function partLanes(lane: WorkflowLane, seen: readonly Seen[], tookMs: number): WorkflowWay['lanes'] {
  const parts = new Map<string, { part: BuildPart; steps: Seen[] }>();
  for (const one of seen.toSorted((a, b) => a.fromMs - b.fromMs)) {
    if (!one.part) continue;
    const key = JSON.stringify(one.part);
    const known = parts.get(key) ?? { part: one.part, steps: [] };
    known.steps.push(one);
    parts.set(key, known);
  }
  const inOrder = [...parts.values()].sort(
    (a, b) => Number(b.part.kind === 'own') - Number(a.part.kind === 'own'),
  );
  return inOrder.flatMap(({ part, steps }) =>
    sideBySide(steps).map((track) => ({ lane, part, steps: laneSteps(lane, track, tookMs) })),
  );
}

/** As few rows as it takes for no two steps of a row to overlap. */
function sideBySide(steps: readonly Seen[]): Seen[][] {
  const rows: Seen[][] = [];
  for (const step of steps) {
    const row = rows.find((one) => (one.at(-1)!.toMs ?? Infinity) <= step.fromMs);
    if (row) row.push(step);
    else rows.push([step]);
  }
  return rows;
}

/**
 * Steps from 0 to `tookMs`, each beginning where the one before ends: a step that overlaps an earlier one begins after it, and what lies
 * between two becomes a step of waiting. So their durations add up to the whole. What took no time at all stays a step.
 */
function laneSteps(lane: WorkflowLane, seen: readonly Seen[], tookMs: number): WorkflowStep[] {
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
  for (const one of seen.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const { name, facts, seen: sight, evidence, request, command, id, inputs, fromMs, toMs } = one;
    const isInstant = toMs !== undefined && toMs <= fromMs;
    const end = Math.min(tookMs, toMs ?? tookMs);
    if (end <= cursor && !isInstant) continue;
    wait(Math.min(fromMs, tookMs));
    if (end <= cursor && !isInstant) continue;
    const growing = toMs === undefined && { growing: true as const };
    const words = { ...(request !== undefined && { request }), ...(command !== undefined && { command }) };
    const graph = { ...(id !== undefined && { id }), ...(inputs && { inputs }) };
    const step = { name, facts, seen: sight, evidence, ...words, ...graph, idle: false, ...growing };
    steps.push({ ...step, fromMs: cursor, toMs: Math.max(cursor, end) });
    cursor = Math.max(cursor, end);
  }
  wait(tookMs);
  return steps;
}
