/** How often the intervals of a density plan hold the truth, with the errors that ladders have: the ones in use, and those they replaced. */
import type { DensityLadder } from '../../../main/contract/run/density';
import type { Interval } from '../../../main/contract/report/report';
import { memoryCosts, predict } from '../../../main/engine/results/report/estimates/prediction';
import { pairedRatio } from '../../../main/engine/results/statistics/contrast';
import { seededRandom, type Random } from '../../../main/engine/results/statistics/random';
import { fitLine } from '../../../main/engine/results/statistics/regression';
import { ascending, mean, quantile } from '../../../main/engine/results/statistics/summary';
import {
  fitting,
  ladderModels,
  simulatedLadders,
  usualTruth,
  type Truth,
} from '../../support/statistics/simulatedLadders';

const runs = 1000;
const resamples = 499;

interface Way {
  name: string;
  truth: number;
  interval: (ladders: DensityLadder[], random: Random) => Interval | undefined;
}

const pointsOf = ({ steps }: DensityLadder) =>
  steps.map(({ count, hostChangeBytes }) => ({ x: count, y: hostChangeBytes! }));

type Increment = readonly [instances: number, bytes: number];

/** The ratio of sums over resamples of `values`, between its 2.5 % and 97.5 % quantiles. */
function bootstrapped(values: readonly Increment[], random: Random): Interval | undefined {
  if (values.length < 2) return undefined;
  const draw = () => {
    const drawn = values.map(() => values[Math.floor(random() * values.length)]!);
    return drawn.reduce((sum, [, bytes]) => sum + bytes, 0) / drawn.reduce((sum, [count]) => sum + count, 0);
  };
  const drawn = ascending(Array.from({ length: resamples }, draw));
  return { low: quantile(drawn, 0.025), high: quantile(drawn, 0.975) };
}

const increments = (ladder: DensityLadder): Increment[] =>
  pointsOf(ladder).flatMap(({ x, y }, at, all) => {
    const before = all[at - 1];
    return before ? [[x - before.x, y - before.y] as const] : [];
  });

/** Half as many fit on the other side. */
const heavier: Truth = { ...usualTruth, eachBytes: 2 * usualTruth.eachBytes };

const slopeOf = (ladder: DensityLadder): number => fitLine(pointsOf(ladder)).slope.value;
const each = usualTruth.eachBytes;

const ways: Way[] = [
  {
    name: 'line through one ladder',
    truth: each,
    interval: ([one]) => fitLine(pointsOf(one!)).slope.interval,
  },
  {
    name: 'line through all readings',
    truth: each,
    interval: (all) => fitLine(all.flatMap(pointsOf)).slope.interval,
  },
  {
    name: 'bootstrap of increments',
    truth: each,
    interval: (all, random) => bootstrapped(all.flatMap(increments), random),
  },
  {
    name: 'bootstrap of ladders',
    truth: each,
    interval: (all, random) =>
      bootstrapped(
        all.map((one) => [1, slopeOf(one)] as const),
        random,
      ),
  },
  { name: 'in use: cost', truth: each, interval: (all) => memoryCosts(all).host?.marginal.interval },
  { name: 'in use: how many fit', truth: fitting(usualTruth), interval: (all) => predict(all)?.interval },
];

/** Prints coverage and half-width, in percent of the truth, for 1 to 6 ladders. */
export function coverLadders(): Promise<void> {
  for (const count of [1, 2, 3, 4, 6]) {
    console.log(`\n${count} ladder${count > 1 ? 's' : ''} of 1, 2, 4, 8: coverage in % (half-width in %)`);
    for (const model of ladderModels) {
      const random = seededRandom(count);
      const covers = (name: string, truth: number, find: () => Interval | undefined) => {
        const found = Array.from({ length: runs }, find).filter((one) => one !== undefined);
        if (found.length === 0) return [];
        const held = found.filter(({ low, high }) => low <= truth && truth <= high).length;
        const width = mean(found.map(({ low, high }) => (high - low) / 2 / truth));
        return [`${name} ${((100 * held) / found.length).toFixed(1)} (${(100 * width).toFixed(1)})`];
      };
      const told = [
        ...ways.flatMap(({ name, truth, interval }) =>
          covers(name, truth, () => interval(simulatedLadders(usualTruth, model, count, random), random)),
        ),
        ...covers('in use: times as many', fitting(usualTruth) / fitting(heavier), () => {
          const [light, heavy] = [usualTruth, heavier].map((truth) =>
            predict(simulatedLadders(truth, model, count, random)),
          );
          const rounds = [...light!.byRound].flatMap(([round, fits]) => {
            const other = heavy!.byRound.get(round);
            return other === undefined ? [] : [[other, fits] as const];
          });
          return rounds.length > 1 ? pairedRatio(rounds).interval : undefined;
        }),
      ];
      console.log(`${model.name.padEnd(30)} ${told.join(' · ')}`);
    }
  }
  return Promise.resolve();
}
