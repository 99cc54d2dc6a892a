/** A target against itself: what this machine can tell apart, and whether it is quiet enough to be believed. */
import { tell } from '../../../contract/messages';
import { comparedMetrics, type ComparedMetric } from '../../../contract/metrics';
import { isRepeat, withoutRepeat } from '../../../contract/targets';
import { judge } from '../../statistics/judgement';
import type { Estimate } from '../../statistics/estimate';
import { once, type Estimates } from '../estimates/estimates';
import { estimateCell } from '../estimates/measured';
import type { Section } from '../section';
import { column, n, rowHead, table, target, workload } from '../table';

interface Floor {
  workload: string;
  target: string;
  metric: ComparedMetric;
  /** values a side */
  n: number;
  /** of a thing to itself: 1 when nothing disturbs */
  ratio: Estimate;
  /** smallest difference that could not be taken for noise, as a share */
  resolution?: number;
}

const noiseFloors = once((of: Estimates): Floor[] =>
  of.groups
    .filter(({ target }) => isRepeat(target))
    .flatMap((again) => {
      const first = of.groupOf(again.workload, withoutRepeat(again.target));
      if (!first) return [];
      return comparedMetrics.flatMap((metric): Floor[] => {
        const [a, b] = [first.of(metric.read), again.of(metric.read)];
        const ratio = b.ratioTo(a);
        if (!ratio) return [];
        const { interval } = ratio;
        return [
          {
            workload: first.workload,
            target: first.target,
            metric,
            n: Math.min(a.n, b.n),
            ratio,
            ...(interval && { resolution: Math.max(interval.high, 1 / interval.low) - 1 }),
          },
        ];
      });
    }),
);

export const noise = {
  tables: (of) => [
    table(
      'noise',
      [
        workload,
        target,
        column('metric', 'text'),
        n,
        column('itself', 'times'),
        column('resolution', 'percent'),
      ],
      noiseFloors(of).map((floor) => [
        ...rowHead(floor),
        { value: floor.metric.id },
        { value: floor.n },
        estimateCell(floor.ratio),
        { value: floor.resolution === undefined ? null : floor.resolution * 100 },
      ]),
    ),
  ],

  /** A thing that differs from itself puts every other claim of the run in doubt. */
  verdicts: (of) =>
    noiseFloors(of).map(({ workload, target, metric: { id }, n, ratio, resolution }) => {
      const disturbed = judge(ratio) !== 'cannot tell';
      const form = disturbed ? 'disturbed' : resolution === undefined ? 'no-interval' : 'quiet';
      return {
        id: `noise ${id} ${workload} ${target}`,
        about: { subject: 'noise', workload, targets: [target] },
        standing: disturbed ? 'warning' : resolution === undefined ? 'unclear' : 'holds',
        text: tell(`verdict.noise.${id}.${form}`, {
          workload,
          target: { target },
          n,
          ratio: Number(ratio.value.toPrecision(3)),
          ...(resolution !== undefined && { resolution: { percent: resolution * 100 } }),
        }),
      };
    }),
} satisfies Section;
