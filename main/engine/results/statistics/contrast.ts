/**
 * How two sides stand to each other: their ratio, or their difference, with its interval at any level and the chance that luck alone
 * makes as much. From six rounds on by ranks, below by Student's t; ratios on logarithms, as times and sizes are positive and skewed.
 */
import type { Interval } from '../../../contract/report/report';
import type { Estimate } from './estimate';
import { leastP, middleOf, rankInterval, rankP, type Elementary } from './ranks';
import { differencesBetween } from './rankSum';
import { boundedRatios } from './ratios';
import { walshAverages } from './signedRank';
import { hull, studentInterval, studentOf, studentP, type Student } from './student';
import { mean, variance } from './summary';

/** Chance of a false claim that is put up with, and so of an interval that misses the truth. */
export const level = 0.05;

export interface Contrast extends Estimate {
  /** rounds, or values of the smaller side */
  n: number;
  /** of the t that a width is measured in */
  degrees: number;
  /** what it is where both sides are the same: 0 of a difference, 1 of a ratio */
  equality: 0 | 1;
  /** two-sided; 1 where there are too few values for any */
  p: number;
  /** that misses the truth in no more than `error` of all cases; the smaller the error, the wider. `interval` is that of 0.05 */
  intervalAt: (error: number) => Interval | undefined;
}

/** One round: the value of the base, and of what is held against it. */
export type PairOfValues = readonly [base: number, other: number];

/** From so many values on ranks decide: fewer cannot miss the truth in as little as 5 % of all cases. */
const fewestForRanks = 6;

/**
 * Ratio other ∕ base of the same rounds: what drifts from round to round moves both sides and cancels (Box, Hunter & Hunter,
 * Statistics for Experimenters, 2005, §3.3).
 * @throws {RangeError} for no rounds, or where a value is not positive
 */
export const pairedRatio = (rounds: readonly PairOfValues[]): Contrast =>
  exponential(pairedDifference(rounds.map(([base, other]) => [logarithm(base), logarithm(other)])));

/**
 * Ratio other ∕ base of values that no rounds tie together.
 * @throws {RangeError} for an empty side, or where a value is not positive
 */
export const unpairedRatio = (base: readonly number[], other: readonly number[]): Contrast =>
  exponential(unpairedDifference(base.map(logarithm), other.map(logarithm)));

/**
 * Difference other − base of the same rounds. The design decides that they are paired, not the values: a choice by their correlation
 * takes the smaller of two variances, and calls up to 15 % of equal sides different instead of 5 %.
 */
export function pairedDifference(rounds: readonly PairOfValues[]): Contrast {
  const differences = rounds.map(([base, other]) => other - base);
  return contrast(differences.length, walshAverages(differences), mean(differences), studentOf(differences));
}

/** Difference other − base of two groups: Hodges–Lehmann with Mann & Whitney's interval; Welch's for few values. */
export const unpairedDifference = (base: readonly number[], other: readonly number[]): Contrast =>
  contrast(
    Math.min(base.length, other.length),
    differencesBetween(base, other),
    mean(other) - mean(base),
    welchOf(base, other),
  );

/**
 * The centre of one side by the same rule as a difference's: the mean of few values, else the median of Walsh averages. A figure beside
 * a difference or ratio is this, or follows from it: medians of two sides have another difference.
 * @throws {RangeError} for no values
 */
export const centre = (values: readonly number[]): number =>
  values.length < fewestForRanks ? mean(values) : middleOf(walshAverages(values));

/** The same on logarithms: the geometric mean of few values. @throws {RangeError} for no values, or where one is not positive */
export const logCentre = (values: readonly number[]): number =>
  values.length === 1 ? values[0]! : Math.exp(centre(values.map(logarithm)));

function logarithm(value: number): number {
  if (!(value > 0)) throw new RangeError('ratio of values that are not positive');
  return Math.log(value);
}

/**
 * The difference of means with unequal variances: Welch, Biometrika 34 (1947), with Satterthwaite's degrees of freedom
 * (Biometrics Bulletin 2, 1946).
 */
function welchOf(a: readonly number[], b: readonly number[]): Student | undefined {
  if (a.length < 2 || b.length < 2) return undefined;
  const [ofA, ofB] = [variance(a) / a.length, variance(b) / b.length];
  const both = ofA + ofB;
  const degrees = both ** 2 / (ofA ** 2 / (a.length - 1) + ofB ** 2 / (b.length - 1));
  return {
    value: mean(b) - mean(a),
    standardError: Math.sqrt(both),
    degrees: both > 0 ? degrees : a.length + b.length - 2,
  };
}

/** Welch's t-test of two groups of two values or more; two-sided. */
export const welchTest = (a: readonly number[], b: readonly number[]): number => studentP(welchOf(a, b)!);

/**
 * Ranks say nothing beyond their smallest p, which few values cannot bring below what a correction asks for: there t speaks, as far as
 * every value agrees, and never by a narrower interval than the widest of ranks. So intervals lie in each other, and p ≤ error
 * exactly where the interval excludes 0.
 */
function contrast(n: number, ranks: Elementary, ofMeans: number, student: Student | undefined): Contrast {
  if (n < fewestForRanks || !student) return ofStudent(n, ofMeans, student);
  const floor = leastP(ranks);
  const widest = rankInterval(ranks, floor)!;
  const byRanks = rankP(ranks);
  const intervalAt = (error: number): Interval =>
    rankInterval(ranks, error) ?? hull(widest, studentInterval(student, error));
  return made({
    value: middleOf(ranks),
    equality: 0,
    n,
    degrees: student.degrees,
    p: byRanks > floor ? byRanks : Math.min(floor, studentP(student)),
    intervalAt,
  });
}

/** Too few values for ranks: a mean. */
const ofStudent = (n: number, value: number, student: Student | undefined): Contrast =>
  made({
    value,
    equality: 0,
    n,
    degrees: student?.degrees ?? 0,
    p: student ? studentP(student) : 1,
    intervalAt: (error) => student && studentInterval(student, error),
  });

function made(of: Omit<Contrast, 'interval'>): Contrast {
  const interval = of.intervalAt(level);
  return interval ? { ...of, interval } : of;
}

const exponential = ({ intervalAt, value, n, degrees, p }: Contrast): Contrast =>
  made({
    value: Math.exp(value),
    equality: 1,
    n,
    degrees,
    p,
    intervalAt: (error) => {
      const interval = intervalAt(error);
      return interval && boundedRatios({ low: Math.exp(interval.low), high: Math.exp(interval.high) });
    },
  });
