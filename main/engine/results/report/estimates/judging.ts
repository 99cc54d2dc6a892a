/** Everything that a report holds against each other, judged as one family: no sentence about a difference has another source. */
import { comparedMetrics, trialMetric, type Metric } from '../../../../contract/metrics';
import type { Contrast } from '../../statistics/contrast';
import { judgeTogether, smallestEffect, type Judged } from '../../statistics/judgement';
import { answerContrasts } from './answered';
import { claimContrasts } from './applications';
import { once, type Estimates } from './estimates';
import { isMixed, type Group } from './groups';
import { timesAsMany } from './ladders';
import { againstBaseline, againstItself, levers, type Sides } from './sides';
import { tareContrasts } from './tare';

/** By these, targets are held against each other under load. */
export const loadMetrics = [
  { name: 'p50', metric: trialMetric('load.p50Ms') },
  { name: 'p99', metric: trialMetric('load.p99Ms') },
  { name: 'cpu', metric: trialMetric('load.cpuMsPerRequest') },
] as const;

const unanswered = trialMetric('load.unanswered');
/** Latencies are those of requests that were answered: where some were not, the slowest are missing. */
const hasAnsweredAll = (group: Group): boolean =>
  group.of(unanswered.read).values.every((count) => count === 0);

/** Why two sides cannot be held against each other; undefined where they can. */
export function whyNotComparable(
  { base, other }: Sides,
  underLoad = false,
): 'mixed' | 'unanswered' | undefined {
  if (isMixed(base.trials) || isMixed(other.trials)) return 'mixed';
  return underLoad && !(hasAnsweredAll(base) && hasAnsweredAll(other)) ? 'unanswered' : undefined;
}

/** How the other side stands against the base, in one metric. */
export const ratioOf = ({ base, other }: Sides, { read }: Metric): Contrast | undefined =>
  other.of(read).ratioTo(base.of(read));

/** The smallest difference worth telling in this report, as a share. */
export const minimumEffectOf = ({ run }: Estimates): number => run.plan.ab?.minimumEffect ?? smallestEffect;

const family = once((of: Estimates): Map<Contrast, Judged> => {
  const ratios = (all: readonly Sides[], metrics: readonly Metric[], underLoad = false) =>
    all
      .filter((sides) => whyNotComparable(sides, underLoad) === undefined)
      .flatMap((sides) => metrics.flatMap((metric) => ratioOf(sides, metric) ?? []));
  const judged = judgeTogether(
    [
      ...new Set([
        ...ratios(againstBaseline(of), comparedMetrics),
        ...ratios(againstItself(of), comparedMetrics),
        ...ratios(levers(of), comparedMetrics),
        ...ratios(
          againstBaseline(of),
          loadMetrics.map(({ metric }) => metric),
          true,
        ),
        ...timesAsMany(of).map(({ ratio }) => ratio),
        ...claimContrasts(of),
        ...answerContrasts(of),
        ...tareContrasts(of),
      ]),
    ],
    minimumEffectOf(of),
  );
  return new Map(judged.map((one) => [one.ratio, one]));
});

/** @throws {RangeError} for a comparison that is not of the family, as its level would be unknown */
export function judgedOn(of: Estimates, ratio: Contrast): Judged {
  const judged = family(of).get(ratio);
  if (!judged) throw new RangeError('a comparison that was not judged with the others');
  return judged;
}

/** How many comparisons share the level of a report. */
export const countJudged = (of: Estimates): number =>
  [...family(of).values()].filter(({ interval }) => interval).length;
