import type { Interval } from '../../../contract/report/report';
import { studentQuantile } from './distributions';
import type { Estimate } from './estimate';
import { mean } from './summary';

export interface LinePoint {
  x: number;
  y: number;
}

/** A straight line through measurements. */
export interface Line {
  n: number;
  /** y per x */
  slope: Estimate;
  /** y at x = 0 */
  intercept: Estimate;
  /** standard deviation of the points around the line, in y's unit; absent for two points */
  residualDeviation?: number;
  /** y of the line at `x`, and where one further measurement there would fall in 95 % of cases */
  predict(x: number): Estimate;
}

/** 95 %, two-sided */
const share = 0.975;

/**
 * Ordinary least squares with Student intervals: Draper & Smith, Applied Regression Analysis (1998), §1.4 for slope and
 * intercept, §3.1 for a further observation. Two points give a line and no interval.
 * @throws {RangeError} unless there are two different x
 */
export function fitLine(points: readonly LinePoint[]): Line {
  const n = points.length;
  const [centreX, centreY] =
    n > 0 ? [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))] : [0, 0];
  const spreadX = sum(points, ({ x }) => (x - centreX) ** 2);
  if (spreadX === 0) throw new RangeError('a line through a single x');
  const slope = sum(points, ({ x, y }) => (x - centreX) * (y - centreY)) / spreadX;
  const heightAt = (x: number): number => centreY + slope * (x - centreX);
  if (n < 3) {
    return {
      n,
      slope: { value: slope },
      intercept: { value: heightAt(0) },
      predict: (x) => ({ value: heightAt(x) }),
    };
  }
  const residual = Math.sqrt(sum(points, ({ x, y }) => (y - heightAt(x)) ** 2) / (n - 2));
  const t = studentQuantile(share, n - 2);
  const meanAt = (x: number): number => residual * Math.sqrt(1 / n + (x - centreX) ** 2 / spreadX);
  const anotherAt = (x: number): number => Math.hypot(residual, meanAt(x));
  return {
    n,
    slope: estimate(slope, t * (residual / Math.sqrt(spreadX))),
    intercept: estimate(heightAt(0), t * meanAt(0)),
    residualDeviation: residual,
    predict: (x) => estimate(heightAt(x), t * anotherAt(x)),
  };
}

const sum = (points: readonly LinePoint[], term: (point: LinePoint) => number): number =>
  points.reduce((total, point) => total + term(point), 0);

const estimate = (value: number, half: number): { value: number; interval: Interval } => ({
  value,
  interval: { low: value - half, high: value + half },
});
