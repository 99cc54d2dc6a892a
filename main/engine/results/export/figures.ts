/** The figures of a run, or of the runs of several hosts, as other programs take them: trial by trial, and summed up as the report does. */
import { imageMetrics, roundMetrics, trialMetrics, type Metric } from '../../../contract/metrics';
import { runsIn } from '../../../contract/record';
import type { Cell } from '../../../contract/report/report';
import type { DensityLadder } from '../../../contract/run/density';
import type { Run, Trial } from '../../../contract/run/run';
import { Estimates } from '../report/estimates/estimates';
import type { Group } from '../report/estimates/groups';
import { ladderFigures, type LadderFigure } from '../report/estimates/ladderFigures';
import { climbedPairs, type ClimbedPair } from '../report/estimates/ladders';
import type { ReportedRecord } from '../report/reported';
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

/** What formats need to know of a metric. */
export type Named = Pick<Metric, 'id' | 'unit' | 'better'>;

/** A figure as the report tells it. */
export interface Summed {
  metric: Named;
  /** of what it is told: the median of the trials that count, or their sum; or all series of a density plan */
  over: 'median' | 'sum' | 'ladders';
  value: number;
  interval?: Cell['interval'];
  /** how many of them */
  n: number;
}

/** A workload on a target. */
export interface Pair {
  /** where it ran, of a run on several hosts */
  host?: string;
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
  /** of a density plan, with what each of its ladders comes to */
  ladders: LadderValues[];
}

/** What one ladder of a pair comes to. */
export type LadderValues = readonly { metric: Named; value: number }[];

/** Host by host, in the order of the report's tables; a pair of which no trial counts is there too. */
export const pairsOf = (record: ReportedRecord): Pair[] =>
  runsIn(record).flatMap(({ host, run }) =>
    pairsOn(run).map((pair) => ({ ...(host !== undefined && { host }), ...pair })),
  );

export function pairsOn(run: Run): Pair[] {
  const metrics = figuresOf(run);
  const estimates = new Estimates(run);
  return estimates.groups.map((group) => {
    const { workload, target, trials } = group;
    const climbed = climbedPairs(estimates).find(
      (pair) => pair.workload === workload && pair.target === target,
    );
    const isOther = (trial: Trial) =>
      trial.workload === workload && trial.target === target && trial.outcome !== 'ok';
    return {
      workload,
      target,
      cold: run.plan.cold === true,
      trials,
      others: run.trials.filter(isOther),
      figures: [
        ...(climbed ? ladderFigures.flatMap((figure) => ofLadders(figure, climbed)) : []),
        ...metrics.flatMap((metric) => ofTrials(metric, group)),
      ],
      ladders: climbed ? climbed.ladders.map((ladder) => valuesOf(ladder, climbed)) : [],
    };
  });
}

function ofTrials(metric: Metric, group: Group): Summed[] {
  const { value, interval, n = 0 } = metricCell(metric, group);
  if (typeof value !== 'number') return [];
  return [{ metric, over: metric.shown?.sum ? 'sum' : 'median', value, ...(interval && { interval }), n }];
}

/** Beside the names of trials' figures. */
const named = ({ id, unit, better }: LadderFigure): Named => ({
  id: `density.${id}`,
  unit,
  ...(better && { better }),
});

function ofLadders(figure: LadderFigure, climbed: ClimbedPair): Summed[] {
  const { value, interval } = figure.cell(climbed);
  if (typeof value !== 'number') return [];
  const n = climbed.ladders.length;
  return [{ metric: named(figure), over: 'ladders', value, ...(interval && { interval }), n }];
}

const valuesOf = (ladder: DensityLadder, climbed: ClimbedPair): LadderValues =>
  ladderFigures.flatMap((figure) => {
    const value = figure.ofLadder?.(ladder, climbed);
    return value === undefined ? [] : [{ metric: named(figure), value }];
  });

/** How a pair is called where a name is all there is; no host and no target has a slash. */
export const nameOfPair = ({
  host,
  workload,
  target,
  cold,
}: Pick<Pair, 'host' | 'workload' | 'target' | 'cold'>): string =>
  [...(host === undefined ? [] : [host]), workload, target, ...(cold ? ['cold'] : [])].join('/');

/** Without the unit, which formats write in their own way: `host`, `load.p50`, `load.cpuPerRequest`. */
export const unitless = ({ id }: Pick<Metric, 'id'>): string => id.replace(/(Ms|Bytes)(?![a-z])/, '');

/** `value` × 10^`places` with one rounding, which a multiplication does not promise: seconds and nanoseconds of milliseconds. */
export function shifted(value: number, places: number): number {
  const [digits, exponent] = value.toExponential().split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}
