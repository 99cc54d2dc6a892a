/** How often a gate that is right in each verdict is right as a whole: it fails a build when any figure is worse. */
import { judgeTogether } from '../../../main/engine/results/statistics/judgement';
import { seededRandom, type Random } from '../../../main/engine/results/statistics/random';
import { disturbances, madeUp, must, ordersOf, percent, ratiosOf, row, share } from './simulations';

type Order = (random: Random) => number[][];

/** What one made-up run of two sides calls worse: start-up, and memory, which differ in how much they vary. */
function worse(random: Random, order: Order, disturbance: string, apart: number): Set<number> {
  const startUp = ratiosOf(madeUp(random, order(random), disturbance, apart));
  const memory = ratiosOf(madeUp(random, order(random), 'none', 1, 0.01));
  const judged = judgeTogether([...startUp, ...memory]);
  return new Set(
    judged.flatMap(({ judgement, ratio }, figure) =>
      judgement === 'differs' && ratio.value > 1 ? [figure] : [],
    ),
  );
}

/** Whether a second run finds one of the same figures worse. */
function confirmed(random: Random, order: Order, disturbance: string, apart: number): boolean {
  const found = worse(random, order, disturbance, apart);
  return found.size > 0 && [...worse(random, order, disturbance, apart)].some((one) => found.has(one));
}

/** Builds that fail although both sides are equal, and those that fail where one starts later. */
export function falseAlarms(): Promise<void> {
  const names = Object.keys(disturbances);
  const jobs = 20_000;
  let [mostSingle, mostConfirmed] = [0, 0];
  for (const isConfirmed of [false, true]) {
    console.log(`\nbuilds of two equal sides that fail, %${isConfirmed ? ', with --confirm' : ''}`);
    row('n', names, 14);
    for (const n of [6, 10, 20]) {
      const random = seededRandom(n);
      const order = ordersOf(2, n);
      const shares = names.map((name) =>
        share(
          random,
          () => (isConfirmed ? confirmed(random, order, name, 1) : worse(random, order, name, 1).size > 0),
          jobs,
        ),
      );
      if (isConfirmed) mostConfirmed = Math.max(mostConfirmed, ...shares);
      else mostSingle = Math.max(mostSingle, ...shares);
      row(
        n,
        shares.map((one) => (100 * one).toFixed(2)),
        14,
      );
    }
  }
  must('at most 2.5 by a single run', mostSingle <= 0.025);
  must('at most 0.1 with --confirm', mostConfirmed <= 0.001);
  console.log('\nbuilds that fail with --confirm where start-up truly takes longer, noise 6 %, %');
  const later = [1.05, 1.1, 1.2, 1.5];
  row(
    'n',
    later.map((by) => `+${Math.round((by - 1) * 100)} %`),
  );
  for (const n of [6, 10, 20, 40]) {
    const random = seededRandom(n);
    const order = ordersOf(2, n);
    row(
      n,
      later.map((by) => percent(share(random, () => confirmed(random, order, 'none', by)))),
    );
  }
  return Promise.resolve();
}
