import { studentCdf } from './distributions';
import { fewest, meanDifference } from './intervals';
import { mannWhitney } from './tests';

/** Chance of even one false claim, among as many as are made together (see `holm`). */
export const level = 0.05;

/**
 * How likely two groups differ as much as these do when nothing sets them apart; two-sided. The test that belongs to
 * the interval of their ratio: Welch's t (Biometrika 34, 1947) on logarithms below eight values a side, where a rank
 * test of three values cannot fall below 0.1 whatever they are; from eight on the rank test, which no outlier sways.
 * @returns undefined where a side has fewer than two values
 * @throws {RangeError} unless every value is positive
 */
export function significance(a: readonly number[], b: readonly number[]): number | undefined {
  if (Math.min(a.length, b.length) < 2) return undefined;
  if (![...a, ...b].every((value) => value > 0))
    throw new RangeError('logarithm of a value that is not positive');
  if (Math.min(a.length, b.length) >= fewest) return mannWhitney(a, b).p;
  return welchTest(a.map(Math.log), b.map(Math.log));
}

/** Welch’s t of two groups of logarithms; two-sided. */
export function welchTest(a: readonly number[], b: readonly number[]): number {
  const { value, standardError, degrees } = meanDifference(a, b)!;
  if (standardError === 0) return value === 0 ? 1 : 0;
  return 2 * studentCdf(-Math.abs(value) / standardError, degrees);
}
