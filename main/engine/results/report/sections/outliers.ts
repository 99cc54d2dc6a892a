/** Measurements far from the others of their group. They stay in every figure: this only points at them. */
import { comparedMetrics, type ComparedMetric } from '../../../../contract/metrics';
import type { Trial } from '../../../../contract/run/run';
import { outliers as outliersAmong } from '../../statistics/outliers';
import { once, type Estimates } from '../estimates/estimates';
import type { Section } from '../section';
import { column, rowHead, table, target, workload } from '../table';

interface Outlier {
  trial: Trial;
  metric: ComparedMetric;
  value: number;
  score: number;
}

export const outliersOf = once(({ groups }: Estimates): Outlier[] =>
  groups.flatMap((group) =>
    comparedMetrics.flatMap((metric) => {
      const readable = group.trials.filter((trial) => metric.read(trial) !== undefined);
      return outliersAmong(group.of(metric.read).values).map(({ index, value, score }) => ({
        trial: readable[index]!,
        metric,
        value,
        score,
      }));
    }),
  ),
);

export const outliers = {
  tables: (of) => [
    table(
      'outliers',
      [
        workload,
        target,
        column('round', 'count'),
        ...comparedMetrics.map(({ id, unit }) => column(id, unit)),
        column('score', 'count'),
      ],
      outliersOf(of).map(({ trial, metric, value, score }) => [
        ...rowHead(trial),
        { value: trial.index },
        ...comparedMetrics.map((one) => ({ value: one === metric ? value : null })),
        { value: Math.round(score * 10) / 10 },
      ]),
    ),
  ],
} satisfies Section;
