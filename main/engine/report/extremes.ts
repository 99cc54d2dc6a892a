import type { Table } from '../../contract/report/report';
import type { Run, Trial } from '../../contract/run/run';
import { outliers } from '../statistics/outliers';
import { groupsOf, hostBytes, readyMs, type Reading } from './groups';
import { column, key } from './tables';

interface Extreme {
  trial: Trial;
  metric: 'readyMs' | 'hostBytes';
  value: number;
  score: number;
}

const metrics: [Extreme['metric'], Reading][] = [
  ['readyMs', readyMs],
  ['hostBytes', hostBytes],
];

/** Measurements far from the others of their group. They stay in every figure: this only points at them. */
export const extremesOf = (run: Run): Extreme[] =>
  groupsOf(run).flatMap(({ trials }) =>
    metrics.flatMap(([metric, read]) => {
      const readable = trials.filter((trial) => read(trial) !== undefined);
      return outliers(readable.map((trial) => read(trial)!)).map(({ index, value, score }) => ({
        trial: readable[index]!,
        metric,
        value,
        score,
      }));
    }),
  );

export const outliersTable = (run: Run): Table => ({
  id: 'outliers',
  title: key('table.outliers'),
  columns: [
    column('workload', 'text'),
    column('target', 'text'),
    column('round', 'count'),
    column('readyMs', 'ms'),
    column('hostBytes', 'bytes'),
    column('score', 'count'),
  ],
  rows: extremesOf(run).map(({ trial, metric, value, score }) => [
    { value: trial.workload },
    { value: trial.target },
    { value: trial.index },
    { value: metric === 'readyMs' ? value : null },
    { value: metric === 'hostBytes' ? value : null },
    { value: Math.round(score * 10) / 10 },
  ]),
});
