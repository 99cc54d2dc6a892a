import { z } from 'zod';
import { comparedMetrics } from '../metrics';
import { TargetId } from '../targets';
import { Interval, Table, Verdict } from './report';
import { RunId } from '../run/run';

/** A run that is kept here, or one that lies somewhere as a run.json: a baseline in a repository. */
export const RunReference = z.union([z.object({ id: RunId }), z.object({ path: z.string().min(1) })]);
export type RunReference = z.infer<typeof RunReference>;

/** One of the two runs, as far as a reader needs to know it. */
export const ComparedRun = z.object({
  id: RunId,
  name: z.string(),
  startedAt: z.string(),
  /** counted trials: those that ended well */
  trials: z.number(),
});
export type ComparedRun = z.infer<typeof ComparedRun>;

/**
 * Something that was not the same for both runs.
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

/** One metric of one workload on one target, in both runs. `faster` means less: less time, or fewer bytes. */
export const MetricComparison = z.object({
  workload: z.string(),
  target: TargetId,
  metric: z.enum(metricNames),
  base: z.object({ median: z.number(), n: z.number() }),
  other: z.object({ median: z.number(), n: z.number() }),
  /** other ∕ base, of the medians */
  ratio: z.number(),
  /** 95 % interval of the ratio; absent where a run has a single trial */
  interval: Interval.optional(),
  /** chance of a difference like this when nothing changed; corrected by Holm over all metrics of the comparison */
  p: z.number().optional(),
  judgement: z.enum(['faster', 'slower', 'cannot tell']),
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

/** How a run stands against a baseline. */
export const RunComparison = z.object({
  schemaVersion: z.literal(1),
  base: ComparedRun,
  other: ComparedRun,
  /** smallest change worth telling: 0.05 is 5 % */
  minimumEffect: z.number(),
  differences: z.array(Difference),
  metrics: z.array(MetricComparison),
  leftOut: z.array(LeftOut),
  /** true when any metric is `slower` */
  regression: z.boolean(),
  verdicts: z.array(Verdict),
  tables: z.array(Table),
});
export type RunComparison = z.infer<typeof RunComparison>;
