import { z } from 'zod';
import { comparedMetrics } from '../metrics';
import { RunId } from '../run/run';
import { TargetId } from '../targets';

const metricNames = comparedMetrics.map(({ id }) => id);

/** One run in a series. */
const SeriesPoint = z.object({
  run: RunId,
  startedAt: z.string(),
  median: z.number(),
  /** trials that the median is of */
  n: z.number(),
  /** of the image that was measured */
  digest: z.string().optional(),
});

/** The machine, or what measures on it, is not what it was for the run before: what follows is a segment of its own. */
const MachineChange = z.object({
  /** index of the first point on the other machine */
  at: z.number(),
  /** each named by a message `condition.WHAT`; null: not known */
  what: z.array(z.object({ what: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
});

/** From this run on the level is another one. */
const LevelStep = z.object({
  /** index of the first point on the new level */
  at: z.number(),
  /** runs on either side, up to the next step or change of the machine */
  before: z.number(),
  after: z.number(),
  /** new level ∕ old level */
  ratio: z.number(),
  /** chance of a step like this in a series without any */
  p: z.number(),
});

/** One metric of one workload on one target over all runs of the same plan, oldest first. */
export const HistorySeries = z.object({
  /** `id` is the same for plans that measure the same: their number of trials, order and patience do not matter. `cold`: of cold starts */
  plan: z.object({ id: z.string(), name: z.string(), cold: z.literal(true).optional() }),
  workload: z.string(),
  target: TargetId,
  metric: z.enum(metricNames),
  points: z.array(SeriesPoint).min(1),
  changes: z.array(MachineChange),
  steps: z.array(LevelStep),
});
export type HistorySeries = z.infer<typeof HistorySeries>;
export type SeriesPoint = z.infer<typeof SeriesPoint>;
