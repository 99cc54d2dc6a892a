import type { Kind } from '../../../main/drawing/palette';
import type { WorkflowLane, WorkflowStep, WorkflowWay } from '../../../main/contract/work/workflow';

/** A step with who did it. */
export interface LaneStep {
  lane: WorkflowLane;
  step: WorkflowStep;
}

/** What one party asked for, and what the others did because of it. */
export interface Chapter extends LaneStep {
  parts: LaneStep[];
  /** how many calls of this kind followed each other */
  times: number;
}

/** A way as a story: each call of the client, or each thing that this computer did, with what happened meanwhile on the other lanes. */
export function chaptersOf(way: WorkflowWay): Chapter[] {
  const [first, ...others] = way.lanes;
  if (!first) return [];
  const busy = ({ lane, steps }: WorkflowWay['lanes'][number]): LaneStep[] =>
    steps.filter(({ idle }) => !idle).map((step) => ({ lane, step }));
  const chapters = busy(first).map((one): Chapter => ({ ...one, parts: [], times: 1 }));
  for (const part of others.flatMap(busy).sort((a, b) => a.step.fromMs - b.step.fromMs)) {
    const middle = (part.step.fromMs + part.step.toMs) / 2;
    const home =
      chapters.find(({ step }) => step.fromMs <= middle && middle <= step.toMs) ??
      chapters.findLast(({ step }) => step.fromMs <= part.step.fromMs);
    if (home) home.parts.push(part);
    else chapters.unshift({ ...part, parts: [], times: 1 });
  }
  return merged(chapters);
}

/** The same small question several times in a row is told once. */
function merged(chapters: Chapter[]): Chapter[] {
  const told: Chapter[] = [];
  for (const chapter of chapters) {
    const last = told.at(-1);
    const again = last?.step.name === chapter.step.name && last.parts.length + chapter.parts.length === 0;
    if (last && again) last.times += 1;
    else told.push(chapter);
  }
  return told;
}

/** A lane's colour: that of what works there. */
export const laneFill: Record<WorkflowLane, Kind> = {
  client: 'other',
  host: 'other',
  daemon: 'container',
  registry: 'process',
  guest: 'vm',
};

/** Names a step within its way: no two of one lane begin at the same instant. */
export const keyOf = ({ lane, step }: LaneStep): string => `${lane}-${step.fromMs}`;
