/** Trials that depend on each other are told from such that do not. */
import { describe, expect, test } from 'vitest';
import { firstP, neighboursP } from '../../../../../main/engine/results/statistics/dependence';
import { seededRandom } from '../../../../../main/engine/results/statistics/random';
import { normalDraw } from '../../../../support/statistics/normalDraw';

/** Values each of which keeps a share of how far the one before lay from the middle: AR(1). */
function series(seed: number, n: number, kept: number): number[] {
  const random = seededRandom(seed);
  let off = normalDraw(random);
  return Array.from({ length: n }, () => {
    off = kept * off + Math.sqrt(1 - kept ** 2) * normalDraw(random);
    return 300 * Math.exp(0.06 * off);
  });
}

const shareFound = (n: number, kept: number): number => {
  let found = 0;
  for (let seed = 0; seed < 400; seed += 1) if (neighboursP(series(seed, n, kept))! <= 0.05) found += 1;
  return found / 400;
};

describe('neighbours', () => {
  test('are found alike where they are, and seldom where they are not', () => {
    expect(shareFound(40, 0.5)).toBeGreaterThanOrEqual(0.85);
    expect(shareFound(20, 0.5)).toBeGreaterThanOrEqual(0.5);
    for (const n of [8, 12, 40]) expect(shareFound(n, 0)).toBeLessThanOrEqual(0.075);
  });

  test('of a steady rise are as much alike as can be, and of a zigzag not at all', () => {
    expect(neighboursP([1, 2, 3, 4, 5, 6, 7, 8])).toBeLessThan(0.01);
    expect(neighboursP([1, 8, 2, 7, 3, 6, 4, 5])).toBeGreaterThan(0.9);
  });

  test('of few or of equal values say nothing', () => {
    expect(neighboursP([1, 2, 3, 4, 5, 6, 7])).toBeUndefined();
    expect(neighboursP([5, 5, 5, 5, 5, 5, 5, 5])).toBeUndefined();
  });
});

describe('the first trial', () => {
  const rest = [257, 282, 309, 291, 268, 277, 300, 285];
  test('that paid for the caches is found among the others', () => {
    expect(firstP([426, ...rest])).toBeLessThan(0.001);
    expect(firstP([290, ...rest])).toBeGreaterThan(0.5);
  });

  test('is taken for another in about 5 % of runs where it is one of them', () => {
    let found = 0;
    for (let seed = 0; seed < 400; seed += 1) if (firstP(series(seed, 10, 0))! <= 0.05) found += 1;
    expect(found / 400).toBeLessThanOrEqual(0.08);
    expect(found / 400).toBeGreaterThan(0.02);
  });

  test('of few or of equal values says nothing', () => {
    expect(firstP(rest.slice(0, 7))).toBeUndefined();
    expect(firstP([9, 5, 5, 5, 5, 5, 5, 5])).toBeUndefined();
  });
});
