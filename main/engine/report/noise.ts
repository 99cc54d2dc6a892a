/** A target against itself: what this machine can tell apart, and whether it is quiet enough to be believed. */
import { isRepeat, withoutRepeat } from '../../contract/targets';
import type { Table, Verdict } from '../../contract/report/report';
import type { Run } from '../../contract/run/run';
import { judge } from '../statistics/compare';
import { medianRatio, type Estimate } from '../statistics/intervals';
import { groupsOf, hostBytes, readyMs, valuesOf, type Group, type Reading } from './groups';
import { column, key } from './tables';

interface Floor {
  workload: string;
  target: string;
  metric: 'readyMs' | 'hostBytes';
  /** values a side */
  n: number;
  /** of a thing to itself: 1 when nothing disturbs */
  ratio: Estimate;
  /** smallest difference that could not be taken for noise, as a share */
  resolution?: number;
}

const metrics: [Floor['metric'], Reading][] = [
  ['readyMs', readyMs],
  ['hostBytes', hostBytes],
];

function noiseFloors(run: Run): Floor[] {
  const groups = groupsOf(run);
  return groups
    .filter(({ target }) => isRepeat(target))
    .flatMap((twin) => {
      const first = groups.find(
        ({ workload, target }) => workload === twin.workload && target === withoutRepeat(twin.target),
      );
      return first
        ? metrics.flatMap(([metric, read]) => floor(first, twin, metric, read, run.plan.seed))
        : [];
    });
}

function floor(first: Group, twin: Group, metric: Floor['metric'], read: Reading, seed: number): Floor[] {
  const [a, b] = [valuesOf(first.trials, read), valuesOf(twin.trials, read)];
  if (a.length === 0 || b.length === 0 || ![...a, ...b].every((value) => value > 0)) return [];
  const ratio = medianRatio(a, b, seed);
  const { interval } = ratio;
  return [
    {
      workload: first.workload,
      target: first.target,
      metric,
      n: Math.min(a.length, b.length),
      ratio,
      ...(interval && { resolution: Math.max(interval.high, 1 / interval.low) - 1 }),
    },
  ];
}

export const noiseTable = (run: Run): Table => ({
  id: 'noise',
  title: key('table.noise'),
  columns: [
    column('workload', 'text'),
    column('target', 'text'),
    column('metric', 'text'),
    column('n', 'count'),
    column('itself', 'times'),
    column('resolution', 'percent'),
  ],
  rows: noiseFloors(run).map(({ workload, target, metric, n, ratio, resolution }) => [
    { value: workload },
    { value: target },
    { value: metric },
    { value: n },
    { value: ratio.value, ...(ratio.interval && { interval: ratio.interval }) },
    { value: resolution === undefined ? null : resolution * 100 },
  ]),
});

/** A thing that differs from itself puts every other claim of the run in doubt. */
export const noiseVerdicts = (run: Run): Verdict[] =>
  noiseFloors(run).map(({ workload, target, metric, n, ratio, resolution }) => {
    const disturbed = judge(ratio) !== 'cannot tell';
    const form = disturbed ? 'disturbed' : resolution === undefined ? 'no-interval' : 'quiet';
    return {
      id: `noise ${metric} ${workload} ${target}`,
      standing: disturbed ? 'warning' : resolution === undefined ? 'unclear' : 'holds',
      text: key(`verdict.noise.${metric}.${form}`, {
        workload,
        target,
        n,
        ratio: Number(ratio.value.toPrecision(3)),
        ...(resolution !== undefined && { resolution: { percent: resolution * 100 } }),
      }),
    };
  });
