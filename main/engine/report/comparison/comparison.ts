/** How a run stands against a baseline: pure, so that two records compared anywhere say the same. */
import { comparedMetrics, type ComparedMetric } from '../../../contract/metrics';
import type {
  ComparedRun,
  LeftOut,
  MetricComparison,
  RunComparison,
} from '../../../contract/report/comparison';
import type { Run } from '../../../contract/run/run';
import { TareError } from '../../errors';
import { judge, smallestEffect } from '../../statistics/judgement';
import { level, significance } from '../../statistics/significance';
import { holm } from '../../statistics/tests';
import { comparisonTables, comparisonVerdicts } from './words';
import { differencesOf } from './differences';
import { counted, groupsOf, isEmulated, type Group } from '../estimates/groups';

/**
 * Compares every workload and target that both runs measured. A claim needs three things: an interval of the ratio that
 * excludes 1, a change of at least `minimumEffect`, and a p-value below 5 % after Holm's correction, since a comparison of many metrics would
 * otherwise find a regression by luck.
 * @throws {TareError} `not-comparable` when no metric was measured in both
 */
export function compareRuns(base: Run, other: Run, minimumEffect = smallestEffect): RunComparison {
  const pairs = pairsOf(base, other);
  const raw = pairs.flatMap((pair) => comparedMetrics.flatMap((metric) => rawMetric(pair, metric)));
  if (raw.length === 0) {
    throw new TareError({ code: 'not-comparable', base: base.id, other: other.id });
  }
  const tested = raw.filter(({ p }) => p !== undefined);
  const corrected = holm(tested.map(({ p }) => p!));
  tested.forEach((metric, at) => (metric.p = corrected[at]!));
  const metrics = raw.map((metric) => ({ ...metric, judgement: judgementOf(metric, minimumEffect) }));
  const comparison = {
    schemaVersion: 1 as const,
    base: identity(base),
    other: identity(other),
    minimumEffect,
    differences: differencesOf(base, other),
    metrics,
    leftOut: leftOut(base, other, pairs),
    regression: metrics.some(({ judgement }) => judgement === 'slower'),
  };
  return { ...comparison, verdicts: comparisonVerdicts(comparison), tables: comparisonTables(comparison) };
}

const identity = (run: Run): ComparedRun => ({
  id: run.id,
  name: run.label?.name ?? run.plan.name,
  startedAt: run.startedAt,
  trials: counted(run).length,
});

interface Pair {
  base: Group;
  other: Group;
}

const sameKind = ({ base, other }: Pair): boolean => isEmulated(base.trials) === isEmulated(other.trials);

function pairsOf(base: Run, other: Run): Pair[] {
  const others = groupsOf(other);
  return groupsOf(base).flatMap((group) => {
    const match = others.find(
      ({ workload, target }) => workload === group.workload && target === group.target,
    );
    return match ? [{ base: group, other: match }] : [];
  });
}

function rawMetric(pair: Pair, { id, read }: ComparedMetric): Omit<MetricComparison, 'judgement'>[] {
  const [base, other] = [pair.base.of(read), pair.other.of(read)];
  const ratio = sameKind(pair) ? other.ratioTo(base) : undefined;
  if (!ratio) return [];
  const p = significance(base.values, other.values);
  return [
    {
      workload: pair.base.workload,
      target: pair.base.target,
      metric: id,
      base: { median: base.median()!, n: base.n },
      other: { median: other.median()!, n: other.n },
      ratio: ratio.value,
      ...(ratio.interval && { interval: ratio.interval }),
      ...(p !== undefined && { p }),
    },
  ];
}

function judgementOf(
  { ratio, interval, p }: Omit<MetricComparison, 'judgement'>,
  minimumEffect: number,
): MetricComparison['judgement'] {
  if (p === undefined || p >= level) return 'cannot tell';
  return judge({ value: ratio, ...(interval && { interval }) }, minimumEffect);
}

/** Every pair of either run that has no row, with the reason. */
function leftOut(base: Run, other: Run, pairs: Pair[]): LeftOut[] {
  const paired = pairs.flatMap((pair): LeftOut[] => {
    const { workload, target } = pair.base;
    if (pair.base.trials.length === 0 || pair.other.trials.length === 0)
      return [{ workload, target, why: 'not-measured' }];
    return sameKind(pair) ? [] : [{ workload, target, why: 'accelerator' }];
  });
  const alone = (run: Run, why: LeftOut['why']): LeftOut[] =>
    groupsOf(run)
      .filter(
        ({ workload, target }) =>
          !pairs.some((p) => p.base.workload === workload && p.base.target === target),
      )
      .map(({ workload, target }) => ({ workload, target, why }));
  return [...paired, ...alone(base, 'only-in-base'), ...alone(other, 'only-in-other')];
}
