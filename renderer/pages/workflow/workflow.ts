import type { Kind } from '../../../main/drawing/palette';
import type {
  BuildPart,
  WorkflowLane,
  WorkflowStep,
  WorkflowWay,
} from '../../../main/contract/work/workflow';

/** A step with who did it. */
export interface LaneStep {
  lane: WorkflowLane;
  /** of a build, where the step is one of several that go on at the same time */
  part?: BuildPart;
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
  const busy = ({ steps, ...lane }: WorkflowWay['lanes'][number]): LaneStep[] =>
    steps.filter(({ idle }) => !idle).map((step) => ({ ...lane, step }));
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

/** Names a step within its way: no two of one lane begin at the same instant, but for those of a build, which have names of their own. */
export const keyOf = ({ lane, step }: Pick<LaneStep, 'lane' | 'step'>): string =>
  `${lane}-${step.id ?? step.fromMs}`;

/** The steps of a build that one of them had to wait for, in the order in which they began. */
export function waitedFor(way: WorkflowWay, { inputs = [] }: WorkflowStep): LaneStep[] {
  return way.lanes
    .flatMap(({ steps, ...lane }) => steps.map((step): LaneStep => ({ ...lane, step })))
    .filter(({ step }) => step.id !== undefined && inputs.includes(step.id))
    .sort((a, b) => a.step.fromMs - b.step.fromMs);
}

/** A line from the end of one step to the beginning of another that had to wait for it; rows count from the topmost lane. */
export interface Wait {
  from: { row: number; atMs: number };
  to: { row: number; atMs: number };
  /** keys of both */
  ends: [string, string];
}

/** What stages of a build waited for in other stages. What follows the step before it, in the same lane, needs no line. */
export function waitsOf(way: WorkflowWay): Wait[] {
  const places = way.lanes.flatMap(({ lane, part, steps }, row) =>
    part?.kind === 'stage' ? steps.map((step) => ({ row, step, key: keyOf({ lane, step }) })) : [],
  );
  const byId = new Map(places.map((place) => [place.step.id, place]));
  return places.flatMap(({ row, step, key }) =>
    (step.inputs ?? []).flatMap((id): Wait[] => {
      const before = byId.get(id);
      if (!before || before.row === row) return [];
      const from = { row: before.row, atMs: before.step.toMs };
      return [{ from, to: { row, atMs: step.fromMs }, ends: [before.key, key] }];
    }),
  );
}
