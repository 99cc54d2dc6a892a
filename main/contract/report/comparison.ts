import { z } from 'zod';
import { comparedMetrics } from '../metrics';
import { TargetId } from '../targets';
import { Interval, Outcome, Table, Verdict } from './report';
import { RunId } from '../run/run';

/** A run that is kept here, or one that lies somewhere as a run.json: a baseline in a repository. */
export const RunReference = z.union([z.object({ id: RunId }), z.object({ path: z.string().min(1) })]);
export type RunReference = z.infer<typeof RunReference>;

/** One or more of them: repeated runs of the same plan. */
export const ComparedSide = z.union([
  RunReference.transform((run) => [run]),
  z.array(RunReference).min(1).max(100),
]);

/** One of the runs, as far as a reader needs to know it. */
export const ComparedRun = z.object({
  id: RunId,
  name: z.string(),
  startedAt: z.string(),
  /** counted trials: those that ended well */
  trials: z.number(),
});
export type ComparedRun = z.infer<typeof ComparedRun>;

/**
 * Something that was not the same for all runs.
 * `conditions`: what the numbers were taken on or how; it may explain a difference, so it weakens every verdict ·
 * `subject`: what one compares on purpose, such as the image of a new version
 */
export const Difference = z.object({
  kind: z.enum(['conditions', 'subject']),
  /** names a message `condition.WHAT` */
  what: z.string(),
  /** a workload or target, when the difference concerns only that */
  of: z.string().optional(),
  /** null: not known of that run */
  base: z.string().nullable(),
  other: z.string().nullable(),
});
export type Difference = z.infer<typeof Difference>;

const metricNames = comparedMetrics.map(({ id }) => id);

/** One side's figure over so many runs, and how many trials they have together. */
const Side = z.object({
  /** of the medians of its runs */
  median: z.number(),
  /** what stands next to the ratio: the other side's is the base's times that */
  centre: z.number(),
  runs: z.number(),
  n: z.number(),
});

/** One metric of one workload on one target, on both sides. */
export const MetricComparison = z.object({
  workload: z.string(),
  target: TargetId,
  metric: z.enum(metricNames),
  base: Side,
  other: Side,
  /** other ∕ base */
  ratio: z.number(),
  /**
   * Of repeated runs: at the level at which it was judged, with what varies between runs. Of two single runs: 95 %, with what varies within a run
   * alone. Absent where there are too few values
   */
  interval: Interval.optional(),
  /** of repeated runs: chance of a difference like this when nothing changed; corrected by Holm over all metrics of the comparison */
  p: z.number().optional(),
  /** of repeated runs: the smallest ratio above 1 that would have been seen in 80 % of such comparisons */
  detectable: z.number().optional(),
  outcome: Outcome,
  /** the conditions for which it is not comparable, as named in `differences` */
  because: z.array(z.string()).optional(),
});
export type MetricComparison = z.infer<typeof MetricComparison>;

/** A pair that could not be compared. */
export const LeftOut = z.object({
  workload: z.string(),
  target: TargetId,
  /** `accelerator`: emulated in one run and not in the other, so the times tell of the accelerator alone */
  why: z.enum(['only-in-base', 'only-in-other', 'accelerator', 'not-measured']),
});
export type LeftOut = z.infer<typeof LeftOut>;

/** How runs stand against a baseline. */
export const RunComparison = z.object({
  schemaVersion: z.literal(3),
  base: z.array(ComparedRun).min(1),
  other: z.array(ComparedRun).min(1),
  /** both sides have several runs; else nothing is called, since nothing tells how far two runs of the same differ */
  repeated: z.boolean(),
  /** smallest change worth telling: 0.05 is 5 % */
  minimumEffect: z.number(),
  differences: z.array(Difference),
  /** workloads whose image is the same on both sides, by its fingerprint, although engines of different stores name it by another digest */
  sameImages: z.array(z.string()).optional(),
  metrics: z.array(MetricComparison),
  leftOut: z.array(LeftOut),
  /** true when any metric is `more` */
  regression: z.boolean(),
  verdicts: z.array(Verdict),
  tables: z.array(Table),
});
export type RunComparison = z.infer<typeof RunComparison>;
