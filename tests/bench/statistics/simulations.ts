/**
 * How often what Tare says is right, when the truth is known: runs are made up, in the order in which Tare would measure, with
 * disturbances that a computer has. Each table ends with what it had to be.
 */
import { Plan } from '../../../main/contract/plan';
import { schedule } from '../../../main/engine/measure/run/schedule';
import { level, pairedRatio, type PairOfValues } from '../../../main/engine/results/statistics/contrast';
import { fewestForDependence, neighboursP } from '../../../main/engine/results/statistics/dependence';
import { normalCdf } from '../../../main/engine/results/statistics/distributions';
import { medianInterval } from '../../../main/engine/results/statistics/intervals';
import { judgeTogether } from '../../../main/engine/results/statistics/judgement';
import { seededRandom, type Random } from '../../../main/engine/results/statistics/random';
import { median } from '../../../main/engine/results/statistics/summary';
import { normalDraw } from '../../support/statistics/normalDraw';
import { judgeAlone } from '../../support/statistics/judgeAlone';

/** made-up runs a cell, and where a figure has to be known to half a percent */
const runs = 2000;
const many = 20_000;
const noise = 0.06;
const sizes = [3, 4, 5, 6, 7, 8, 10, 15, 20, 30, 40];

export const percent = (share: number): string => (100 * share).toFixed(1);
export function row(name: string | number, cells: (string | number)[], width = 10): void {
  console.log(String(name).padEnd(14) + cells.map((cell) => String(cell).padStart(width)).join(''));
}
export function must(what: string, holds: boolean): void {
  console.log(`${holds ? '✓' : '✗'} must be: ${what}`);
}

/** The share of made-up runs in which something happens. */
export function share(random: Random, happens: (random: Random) => boolean, of = runs): number {
  let found = 0;
  for (let at = 0; at < of; at += 1) if (happens(random)) found += 1;
  return found / of;
}

/** Logarithms of single trials around 0. */
interface Distribution {
  draw: (random: Random, n: number) => number[];
  /** share of values below */
  below: (value: number) => number;
}

const each = (draw: (random: Random) => number) => (random: Random, n: number) =>
  Array.from({ length: n }, () => draw(random));
/** Most values around 0, some of them `apart` further on: caches that are sometimes cold. */
const mixture = (usual: number, apart: number): Distribution => ({
  draw: each((random) => noise * normalDraw(random) + (random() < usual ? 0 : apart)),
  below: (value) => usual * normalCdf(value / noise) + (1 - usual) * normalCdf((value - apart) / noise),
});
const lognormal = (spread: number): Distribution => ({
  draw: each((random) => spread * normalDraw(random)),
  below: (value) => normalCdf(value / spread),
});

/** Each value keeps a share of how far the one before it lay from the middle: AR(1). */
function remembering(random: Random, n: number, kept: number): number[] {
  let off = normalDraw(random);
  return Array.from({ length: n }, () => {
    const value = off;
    off = kept * off + Math.sqrt(1 - kept ** 2) * normalDraw(random);
    return noise * value;
  });
}

const independent: Record<string, Distribution> = {
  'lognormal .06': lognormal(0.06),
  'lognormal .5': lognormal(0.5),
  'bimodal 70/30': mixture(0.7, Math.log(1.3)),
  'bimodal 55/45': mixture(0.55, Math.log(1.3)),
  'spikes 10 %': mixture(0.9, Math.log(2)),
};
const dependent: Distribution = {
  draw: (random, n) => remembering(random, n, 0.5),
  below: (value) => normalCdf(value / noise),
};

function medianOf({ below }: Distribution): number {
  let [low, high] = [-5, 5];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (below(middle) < 0.5) low = middle;
    else high = middle;
  }
  return low;
}

const ms = (logs: readonly number[]): number[] => logs.map((log) => 300 * Math.exp(log));

/** How often 95 % intervals hold the truth: of the median of one target, and of the ratio of two by rounds. */
function coverage(): Promise<void> {
  const kinds: [string, Distribution][] = [...Object.entries(independent), ['AR(1) .5', dependent]];
  const outside: string[] = [];
  for (const of of ['median of one', 'ratio by rounds'] as const) {
    console.log(`\ncoverage of the 95 % interval, %: ${of}`);
    row(
      'n',
      kinds.map(([name]) => name),
      15,
    );
    for (const n of sizes) {
      const random = seededRandom(n);
      const shares = kinds.map(([name, kind]) => {
        const truth = 300 * Math.exp(medianOf(kind));
        const held = share(random, () => {
          const [one, other] = [ms(kind.draw(random, n)), ms(kind.draw(random, n))];
          const interval =
            of === 'median of one'
              ? medianInterval(one)!
              : pairedRatio(one.map((value, round): PairOfValues => [value, other[round]!])).interval!;
          const target = of === 'median of one' ? truth : 1;
          return interval.low <= target && target <= interval.high;
        });
        if (kind !== dependent && (held < 0.93 || held > 0.97))
          outside.push(`${of}, ${name}, n = ${n}: ${percent(held)}`);
        return held;
      });
      row(n, shares.map(percent), 15);
    }
  }
  console.log('\nAR(1) .5 told as dependent, % of targets');
  for (const n of sizes.filter((size) => size >= fewestForDependence)) {
    const random = seededRandom(n);
    const told = (kind: Distribution) =>
      percent(share(random, () => neighboursP(ms(kind.draw(random, n)))! <= level));
    row(n, [told(dependent), 'independent:', told(independent['lognormal .06']!)], 14);
  }
  must(`93 to 97 for n = 3 … 40; outside: ${outside.join(' · ') || 'none'}`, outside.length === 0);
  return Promise.resolve();
}

/** What else happens on a computer while trials follow each other, as logarithms. */
export const disturbances: Record<string, (random: Random, trials: number) => number[]> = {
  none: (_, trials) => new Array<number>(trials).fill(0),
  'AR(1) .5': (random, trials) => remembering(random, trials, 0.5),
  'AR(1) .9': (random, trials) => remembering(random, trials, 0.9),
  'linear +30 %': (_, trials) => Array.from({ length: trials }, (_, at) => Math.log(1 + (0.3 * at) / trials)),
  'step +20 %': (random, trials) => {
    const from = random() * trials;
    return Array.from({ length: trials }, (_, at) => (at < from ? 0 : Math.log(1.2)));
  },
  'decay +50 %': (_, trials) =>
    Array.from({ length: trials }, (_, at) => Math.log(1 + 0.5 * Math.exp((-6 * at) / trials))),
  'random walk': (random, trials) => {
    let level = 0;
    return Array.from({ length: trials }, () => (level += 0.02 * normalDraw(random)));
  },
};
/** Where the disturbance is the noise itself, nothing comes on top. */
const isNoise = (name: string): boolean => name.startsWith('AR');

const targets = ['container', 'vm:direct', 'vm:micro', 'vm:full', 'process'];

/** Orders of as many runs, made once: each is a plan of its own. */
const orders = 50;
export function ordersOf(count: number, n: number): (random: Random) => number[][] {
  const made = Array.from({ length: orders }, (_, seed) => placesOf(count, n, seed));
  return (random) => made[Math.floor(random() * orders)]!;
}

/** At which place of a run each target of each round is measured, in Tare's own order. */
function placesOf(count: number, n: number, seed: number): number[][] {
  const plan = Plan.parse({
    name: 'simulation',
    workloads: [{ name: 'web', image: { kind: 'builtin', name: 'web' }, limits: { memoryBytes: 2 ** 26 } }],
    targets: targets.slice(0, count),
    trials: n,
    seed,
  });
  const places = plan.targets.map(() => new Array<number>(n));
  schedule(plan).forEach(([turn], place) => {
    places[plan.targets.indexOf(turn!.target)]![turn!.round] = place;
  });
  return places;
}

/** One made-up run: values of each target by round. The first is the base, and the others are `apart` × it. */
export function madeUp(
  random: Random,
  places: number[][],
  disturbance: string,
  apart: number,
  spread = noise,
) {
  const trials = places.length * places[0]!.length;
  const drift = disturbances[disturbance]!(random, trials);
  return places.map((rounds, target) =>
    rounds.map((place) => {
      const own = isNoise(disturbance) ? 0 : spread * normalDraw(random);
      return 300 * (target === 0 ? 1 : apart) * Math.exp(own + drift[place]!);
    }),
  );
}

export const ratiosOf = ([base, ...others]: number[][]) =>
  others.map((values) => pairedRatio(values.map((value, round): PairOfValues => [base![round]!, value])));

/** Judgements of a made-up report: start-up and memory of all targets against the first, all of one family. */
function reportOf(random: Random, places: number[][], disturbance: string, apart: number) {
  const startUp = ratiosOf(madeUp(random, places, disturbance, apart));
  const memory = ratiosOf(madeUp(random, places, 'none', 1, 0.01));
  return judgeTogether([...startUp, ...memory]);
}

/** Reports of five equal targets that claim any difference at all. */
function falseVerdicts(): Promise<void> {
  const names = Object.keys(disturbances);
  console.log('\nreports of five equal targets (start-up and memory) with a false verdict, %');
  row('n', names, 14);
  let most = 0;
  for (const n of [3, 5, 8, 10, 20]) {
    const random = seededRandom(n);
    const order = ordersOf(5, n);
    const shares = names.map((name) =>
      share(random, () =>
        reportOf(random, order(random), name, 1).some(({ judgement }) => judgement === 'differs'),
      ),
    );
    most = Math.max(most, ...shares);
    row(n, shares.map(percent), 14);
  }
  must('at most 5', most <= 0.05);
  return Promise.resolve();
}

/** A true difference of 10 % that is found. */
function powerOfVerdicts(): Promise<void> {
  const names = Object.keys(disturbances);
  const found = (random: Random, order: (random: Random) => number[][], name: string, of = runs) =>
    share(
      random,
      () => judgeAlone(ratiosOf(madeUp(random, order(random), name, 1.1))[0]!).judgement === 'differs',
      of,
    );
  console.log('\na true 10 % between two targets, noise 6 %: found by a single verdict, %');
  row('n', names, 14);
  for (const n of [3, 5, 6, 8, 10, 20]) {
    const random = seededRandom(n);
    const order = ordersOf(2, n);
    row(
      n,
      names.map((name) => percent(found(random, order, name))),
      14,
    );
  }
  const quiet = found(seededRandom(1), ordersOf(2, 10), 'none', many);
  must(`at least 80 at n = 10 without disturbance: ${percent(quiet)} of ${many} runs`, quiet >= 0.8);
  const drift = found(seededRandom(1), ordersOf(2, 10), 'linear +30 %', many);
  must(`at least 80 at n = 10 under a drift of 30 %: ${percent(drift)} of ${many} runs`, drift >= 0.8);
  console.log('\nthe same by noise, and among the eight verdicts of a report of five targets, %');
  row('n', ['3 %', '6 %', '10 %', 'among eight']);
  for (const n of [3, 5, 8, 10, 20, 40]) {
    const random = seededRandom(n);
    const [ofTwo, ofFive] = [placesOf(2, n, 1), placesOf(5, n, 1)];
    const alone = [0.03, 0.06, 0.1].map((spread) =>
      share(random, () => {
        const [ratio] = ratiosOf(madeUp(random, ofTwo, 'none', 1.1, spread));
        return judgeAlone(ratio!).judgement === 'differs';
      }),
    );
    const among = share(random, () => reportOf(random, ofFive, 'none', 1.1)[0]!.judgement === 'differs');
    row(n, [...alone, among].map(percent));
  }
  return Promise.resolve();
}

/** "The same" said of what truly differs by more than 5 %, and of what is equal. */
function sameness(): Promise<void> {
  console.log('\ncalled the same, % of runs, by the true difference');
  const apart = [1, 1.02, 1.05, 1.06, 1.07];
  row(
    'n, noise',
    apart.map((by) => `${Math.round((by - 1) * 100)} %`),
  );
  let worst = 0;
  for (const n of [10, 20, 40])
    for (const spread of [0.03, 0.06]) {
      const random = seededRandom(n);
      const places = placesOf(2, n, 1);
      const shares = apart.map((by) =>
        share(random, () => {
          const [ratio] = ratiosOf(madeUp(random, places, 'none', by, spread));
          return judgeAlone(ratio!).judgement === 'same';
        }),
      );
      worst = Math.max(worst, ...shares.slice(2));
      row(`${n}, ${Math.round(spread * 100)} %`, shares.map(percent));
    }
  must('at most 5 where the truth is 5 % and more', worst <= 0.05);
  return Promise.resolve();
}

/** Whether the next run finds a difference as large as the one that this run says it would, in four of five cases. */
function detectability(): Promise<void> {
  console.log('\nfound by the next run, % of runs, where the truth is what this run says (in the middle)');
  row('n', ['size', 'found', 'drift: size', 'found'], 13);
  const all: number[] = [];
  for (const n of sizes) {
    const random = seededRandom(n);
    const cells = ['none', 'linear +30 %'].flatMap((name) => {
      const places = placesOf(2, n, 1);
      const judged = (apart: number) => judgeAlone(ratiosOf(madeUp(random, places, name, apart))[0]!);
      const sizes: number[] = [];
      const found = share(random, () => {
        const size = judged(1).detectable!;
        sizes.push(size);
        return judged(size).judgement === 'differs';
      });
      all.push(found);
      return [`${percent(median(sizes) - 1)} %`, percent(found)];
    });
    row(n, cells, 13);
  }
  must(
    '80, give or take 4',
    all.every((found) => Math.abs(found - 0.8) <= 0.04),
  );
  return Promise.resolve();
}

export const statistics: Record<string, () => Promise<void>> = {
  'statistics-coverage': coverage,
  'statistics-false': falseVerdicts,
  'statistics-power': powerOfVerdicts,
  'statistics-same': sameness,
  'statistics-detectable': detectability,
};
