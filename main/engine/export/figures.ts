/** The figures of a run as other programs take them: trial by trial, and summed up as the report does. */
import { imageMetrics, roundMetrics, trialMetrics, type Metric } from '../../contract/metrics';
import type { Cell } from '../../contract/report/report';
import type { Run, Trial } from '../../contract/run/run';
import { groupsOf } from '../report/estimates/groups';
import { metricCell } from '../report/table';

/** Of a trial's image: read once for a run, and so the same in each of its trials. */
export function imageFigures({ environment }: Run): Metric[] {
  const images = new Map(environment.images.map((image) => [image.workload, image]));
  return imageMetrics.map(({ read, ...metric }) => ({
    ...metric,
    read: ({ workload }) => {
      const image = images.get(workload);
      return image && read(image);
    },
  }));
}

/** Of the round in which all of its target's workloads were up together. */
export function roundFigures(run: Run): Metric[] {
  const rounds = new Map(run.rounds.map((round) => [`${round.target} ${round.index}`, round]));
  return roundMetrics.map(({ read, ...metric }) => ({
    ...metric,
    read: ({ target, index }) => {
      const round = rounds.get(`${target} ${index}`);
      return round && read(round);
    },
  }));
}

/** All that was measured of a trial; not how it was measured. */
export const figuresOf = (run: Run): Metric[] => [
  ...trialMetrics.filter(({ ofMeasuring }) => !ofMeasuring),
  // its size is a trial's own `imageBytes`, where it takes that
  ...imageFigures(run).filter(({ id }) => id !== 'image.bytes'),
  ...roundFigures(run),
];

/** A figure as the report tells it: the median of the trials that count, or their sum. */
export interface Summed {
  metric: Metric;
  value: number;
  interval?: Cell['interval'];
  n: number;
}

/** A workload on a target. */
export interface Pair {
  workload: string;
  target: string;
  /** its starts were cold ones: they make no series with others */
  cold: boolean;
  /** those that count */
  trials: readonly Trial[];
  /** those that do not */
  others: readonly Trial[];
  /** what could be read */
  figures: Summed[];
}

/** In the order of the report's tables; a pair of which no trial counts is there too. */
export function pairsOf(run: Run): Pair[] {
  const metrics = figuresOf(run);
  return groupsOf(run).map((group) => {
    const { workload, target, trials } = group;
    const isOther = (trial: Trial) =>
      trial.workload === workload && trial.target === target && trial.outcome !== 'ok';
    return {
      workload,
      target,
      cold: run.plan.cold === true,
      trials,
      others: run.trials.filter(isOther),
      figures: metrics.flatMap((metric): Summed[] => {
        const { value, interval, n = 0 } = metricCell(metric, group);
        return typeof value === 'number' ? [{ metric, value, ...(interval && { interval }), n }] : [];
      }),
    };
  });
}

/** How a pair is called where a name is all there is; no target has a slash. */
export const nameOfPair = ({ workload, target, cold }: Pick<Pair, 'workload' | 'target' | 'cold'>): string =>
  `${workload}/${target}${cold ? '/cold' : ''}`;

/** Without the unit, which formats write in their own way: `host`, `load.p50`, `load.cpuPerRequest`. */
export const unitless = ({ id }: Pick<Metric, 'id'>): string => id.replace(/(Ms|Bytes)(?![a-z])/, '');

/** `value` × 10^`places` with one rounding, which a multiplication does not promise: seconds and nanoseconds of milliseconds. */
export function shifted(value: number, places: number): number {
  const [digits, exponent] = value.toExponential().split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}
