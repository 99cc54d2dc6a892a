/** A run with figures of every kind, what is in it, and what its report says: formats for programs are held against it. */
import { trialMetrics, type Metric } from '../../../main/contract/metrics';
import type { Cell } from '../../../main/contract/report/report';
import type { Trial } from '../../../main/contract/run/run';
import type { TextExporter } from '../../../main/engine/results/export/format';
import { fakeReportedRun } from './fakeRun';

/** Figures of every kind, a trial that failed, and a pair of which none counts. */
export const run = fakeReportedRun({
  preset: 'three-apps',
  plan: {
    ...{ trials: 7, targets: ['container', 'vm:direct', 'vm:micro'] },
    ...{ load: { ratePerSecond: 100, seconds: 1 }, lifecycle: true },
  },
  change: (trial) => {
    const share = 1 + trial.index / 97;
    trial.cpuMs = 0.1 * share;
    trial.load = {
      ...{ sent: 100, answered: 99, failed: 1, withheld: 0, tookMs: 1000, latenessMs: 0.02 },
      ...{ answeredPerSecond: 98.7 * share, cpuMsPerRequest: 1.1e-7 * share },
      latencyMs: { p50: 0.3 * share, p90: 0.7, p95: 0.8 * share, p99: 1.9 * share, most: 3 },
    };
    trial.lifecycle = { pauseMs: 7.7 * share, deletedHostBytes: -4096 * trial.index, missing: [] };
    const isLost = trial.target === 'vm:micro' && trial.workload === 'api';
    if (!isLost && (trial.index !== 3 || trial.target !== 'container')) return;
    trial.outcome = isLost ? 'timeout' : 'failed';
    if (!isLost) trial.failure = { code: 'kit-missing', folder: '/x' };
    delete trial.readyMs;
  },
});
export const counted = run.trials.filter(({ outcome }) => outcome === 'ok');
export const lost = run.trials.filter(({ outcome }) => outcome !== 'ok');
/** what is told of a trial itself */
export const measured = trialMetrics.filter(({ ofMeasuring }) => !ofMeasuring);
export const pairs = [...new Set(run.trials.map(({ workload, target }) => `${workload}/${target}`))].map(
  (name) => {
    const of = (trial: Trial) => `${trial.workload}/${trial.target}` === name;
    return { name, counted: counted.filter(of), lost: lost.filter(of).length };
  },
);

/** it, as a format writes it */
export const written = (exporter: TextExporter): string => exporter.files(run, 'en')[0]!.content;
/** A number that went through another unit and back has been rounded twice. */
export const same = (value: number, as: number) => Math.abs(value - as) <= 2 * Number.EPSILON * Math.abs(as);
export const middle = (values: number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  return (sorted[Math.floor(half)]! + sorted[Math.ceil(half)]!) / 2;
};
const valuesOf = (trials: readonly Trial[], { read }: Metric): number[] =>
  trials.map(read).filter((value) => value !== undefined);
/** What the report's own tables say of a metric; undefined of what none shows. */
export function told(pair: string, { id, shown }: Metric): Cell | undefined {
  const [column, tables] = [shown?.column ?? id, shown ? [shown.table] : ['start-up']];
  const cells = run.report.tables
    .filter((table) => tables.includes(table.id as never))
    .flatMap(({ columns, rows }) =>
      rows
        .filter(([workload, target]) => `${workload!.value}/${target!.value}` === pair)
        .map((row) => row[columns.findIndex((one) => one.id === column)]),
    );
  return cells.find((cell) => cell !== undefined);
}
/** A figure of a pair: the median or the sum over the trials that count. */
export const summed = (trials: readonly Trial[], metric: Metric): number | undefined => {
  const values = valuesOf(trials, metric);
  if (values.length === 0) return undefined;
  return metric.shown?.sum ? values.reduce((sum, value) => sum + value, 0) : middle(values);
};
