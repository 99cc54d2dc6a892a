/** What may be said of ratios, and how often that is right when the truth is known. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pairedRatio, type Contrast } from '../../../../../main/engine/results/statistics/contrast';
import { judgeTogether } from '../../../../../main/engine/results/statistics/judgement';
import { seededRandom, type Random } from '../../../../../main/engine/results/statistics/random';
import { normalDraw } from '../../../../support/statistics/normalDraw';
import { judgeAlone } from '../../../../support/statistics/judgeAlone';

/** Rounds of two targets that are `apart` × from each other, with a drift over the run that moves both. */
function roundsOf(random: Random, n: number, { apart = 1, noise = 0.06, drift = 0 }) {
  return Array.from({ length: n }, (_, round) => {
    const level = 300 * (1 + (drift * round) / n);
    const draw = () => level * Math.exp(noise * normalDraw(random));
    return [draw(), draw() * apart] as const;
  });
}

const ratioOf = (...of: Parameters<typeof roundsOf>): Contrast => pairedRatio(roundsOf(...of));

describe('four judgements', () => {
  const random = () => seededRandom(1);
  test('apart and worth telling: differs', () => {
    const judged = judgeAlone(ratioOf(random(), 20, { apart: 1.3 }));
    expect(judged.judgement).toBe('differs');
    expect(judged.interval!.low).toBeGreaterThan(1);
  });

  test('the whole interval within 5 %: the same, and not before', () => {
    const same = judgeAlone(ratioOf(random(), 40, { noise: 0.03 }));
    expect(same.judgement).toBe('same');
    expect(same.interval!.low).toBeGreaterThanOrEqual(1 / 1.05);
    expect(same.interval!.high).toBeLessThanOrEqual(1.05);
    expect(judgeAlone(ratioOf(random(), 6, { noise: 0.1 })).judgement).toBe('cannot-tell');
  });

  test('certain, and a trifle: the same where all of the interval is one', () => {
    const ratio = ratioOf(random(), 200, { apart: 1.02, noise: 0.005 });
    expect(ratio.interval!.low).toBeGreaterThan(1);
    expect(judgeAlone(ratio).judgement).toBe('same');
  });

  test('neither: what would have been seen is told, and is more than the interval says', () => {
    const judged = judgeAlone(ratioOf(random(), 8, { noise: 0.1 }));
    expect(judged.judgement).toBe('cannot-tell');
    const { low, high } = judged.interval!;
    expect(judged.detectable).toBeGreaterThan(Math.sqrt(high / low));
  });

  test('a single round says nothing', () => {
    expect(judgeAlone(pairedRatio([[100, 900]]))).toMatchObject({ judgement: 'cannot-tell', p: 1 });
  });
});

describe('many at once', () => {
  const families = fc.array(
    fc.record({ seed: fc.nat(), n: fc.integer({ min: 2, max: 14 }), apart: fc.constantFrom(1, 1.1, 2) }),
    { minLength: 1, maxLength: 12 },
  );

  test('no sentence contradicts its interval or its p', () => {
    fc.assert(
      fc.property(families, (family) => {
        const ratios = family.map(({ seed, n, apart }) => ratioOf(seededRandom(seed), n, { apart }));
        for (const { judgement, interval, p, ratio } of judgeTogether(ratios)) {
          const excludes = interval!.low > 1 || interval!.high < 1;
          expect(excludes).toBe(p <= 0.05);
          expect(p).toBeGreaterThanOrEqual(ratio.p);
          if (judgement === 'differs') expect(excludes).toBe(true);
          expect(interval!.low).toBeLessThanOrEqual(ratio.interval!.low);
          expect(interval!.high).toBeGreaterThanOrEqual(ratio.interval!.high);
        }
      }),
    );
  });

  test('the smallest p is held to the strictest level, and the others to what is left', () => {
    const clear = ratioOf(seededRandom(1), 12, { apart: 2 });
    const equal = [2, 3, 4].map((seed) => ratioOf(seededRandom(seed), 12, {}));
    const [first, ...others] = judgeTogether([clear, ...equal]);
    expect(first!.interval).toEqual(clear.intervalAt(0.05 / 4));
    expect(first!.judgement).toBe('differs');
    others.forEach(({ interval }, at) => expect(interval).toEqual(equal[at]!.intervalAt(0.05 / 3)));
  });

  test('what gives no interval takes no level from the others', () => {
    const pair = ratioOf(seededRandom(1), 10, { apart: 1.2 });
    const [judged] = judgeTogether([pair, pairedRatio([[1, 2]])]);
    expect(judged).toEqual(judgeAlone(pair));
  });
});

/** Seeded, so that each either passes for good or fails for good. */
const experiments = 400;
const share = (test: (random: Random) => boolean, seed: number): number => {
  const random = seededRandom(seed);
  let found = 0;
  for (let at = 0; at < experiments; at += 1) if (test(random)) found += 1;
  return found / experiments;
};
const isFound = (ratio: Contrast) => judgeAlone(ratio).judgement === 'differs';

describe('when the truth is known', () => {
  test.each([3, 6, 10, 20])('95 %% intervals of %i rounds hold the true ratio', (n) => {
    for (const drift of [0, 0.3]) {
      const held = share((random) => {
        const { low, high } = ratioOf(random, n, { apart: 1.1, drift }).interval!;
        return low <= 1.1 && 1.1 <= high;
      }, n);
      expect(held).toBeGreaterThanOrEqual(0.92);
    }
  });

  test('10 % under 6 % noise is found in four of five runs of ten rounds', () => {
    const found = share((random) => isFound(ratioOf(random, 10, { apart: 1.1 })), 10);
    expect(found).toBeGreaterThanOrEqual(0.8);
  });

  test('a drift of 30 % hides little of it from ten rounds', () => {
    const found = share((random) => isFound(ratioOf(random, 10, { apart: 1.1, drift: 0.3 })), 10);
    expect(found).toBeGreaterThanOrEqual(0.82);
  });

  test.each([3, 10])('five equal targets, %i rounds: hardly a report claims anything', (n) => {
    const claimed = share((random) => {
      const base = roundsOf(random, n, {}).map(([value]) => value);
      const ratios = [1, 2, 3, 4].map(() =>
        pairedRatio(roundsOf(random, n, {}).map(([value], round) => [base[round]!, value])),
      );
      return judgeTogether(ratios).some(({ judgement }) => judgement === 'differs');
    }, n);
    expect(claimed).toBeLessThanOrEqual(0.07); // 5 % and two standard errors of 400
  });

  test('what truly differs by 5 % is called the same in hardly a run', () => {
    for (const n of [20, 40]) {
      const claimed = share((random) => {
        const ratio = ratioOf(random, n, { apart: 1.05 });
        return judgeAlone(ratio).judgement === 'same';
      }, n);
      expect(claimed).toBeLessThanOrEqual(0.05);
    }
  });

  test.each([4, 8, 12, 20])('what is told to be detectable is detected, %i rounds', (n) => {
    const random = seededRandom(n);
    const told = Array.from({ length: 100 }, () => judgeAlone(ratioOf(random, n, {})).detectable!);
    const apart = Math.exp(told.reduce((sum, one) => sum + Math.log(one), 0) / told.length);
    const found = share((draw) => isFound(ratioOf(draw, n, { apart })), n);
    expect(found).toBeGreaterThanOrEqual(0.72);
    expect(found).toBeLessThanOrEqual(0.92);
  });
});
