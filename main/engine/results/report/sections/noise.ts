/** A target against itself: what this machine can tell apart, and whether it is quiet enough to be believed. */
import { tell } from '../../../../contract/messages';
import { comparedMetrics, type ComparedMetric } from '../../../../contract/metrics';
import { power, type Judged } from '../../statistics/judgement';
import { once, type Estimates } from '../estimates/estimates';
import { judgedOn, ratioOf, whyNotComparable } from '../estimates/judging';
import { estimateCell } from '../estimates/measured';
import { againstItself } from '../estimates/sides';
import type { Section } from '../section';
import { column, n, rowHead, table, target, workload } from '../table';
import { judgementOf, seenFact, threeDigits } from './judgements';

interface Floor {
  workload: string;
  target: string;
  metric: ComparedMetric;
  /** values a side */
  n: number;
  /** of a thing to itself: 1 when nothing disturbs */
  judged: Judged;
  /** smallest difference that would be seen in 80 % of such runs, as a share */
  resolution?: number;
}

const noiseFloors = once((of: Estimates): Floor[] =>
  againstItself(of)
    .filter((sides) => whyNotComparable(sides) === undefined)
    .flatMap((sides) =>
      comparedMetrics.flatMap((metric): Floor[] => {
        const { base, other } = sides;
        const ratio = ratioOf(sides, metric);
        if (!ratio) return [];
        const judged = judgedOn(of, ratio);
        return [
          {
            workload: base.workload,
            target: base.target,
            metric,
            n: Math.min(base.of(metric.read).n, other.of(metric.read).n),
            judged,
            ...(judged.detectable !== undefined && { resolution: judged.detectable - 1 }),
          },
        ];
      }),
    ),
);

/** In percent; of so few trials that only more than ten times as much would be seen there is no figure worth telling. */
const shownResolution = ({ resolution }: Floor): number | null =>
  resolution === undefined || resolution > 9 ? null : resolution * 100;

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
        estimateCell(floor.judged.ratio),
        { value: shownResolution(floor) },
      ]),
    ),
  ],

  /** A thing that differs from itself puts every other claim of the run in doubt. */
  verdicts: (of) =>
    noiseFloors(of).map(({ workload, target, metric: { id }, n, judged, resolution }) => {
      const disturbed = judged.judgement === 'differs';
      const form = disturbed ? 'disturbed' : resolution === undefined ? 'no-interval' : 'quiet';
      return {
        id: `noise ${id} ${workload} ${target}`,
        about: { subject: 'noise', workload, targets: [target] },
        standing: disturbed ? 'warning' : resolution === undefined ? 'unclear' : 'holds',
        ...judgementOf(judged),
        text: tell(`verdict.noise.${id}.${form}`, {
          workload,
          target: { target },
          n,
          ratio: threeDigits(judged.ratio.value),
          ...(resolution !== undefined && { resolution: seenFact(1 + resolution) }),
          power: { percent: power * 100 },
        }),
      };
    }),
} satisfies Section;
