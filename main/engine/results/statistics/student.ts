/** A mean as Student's t has it. */
import type { Interval } from '../../../contract/report/report';
import { studentCdf, studentQuantile } from './distributions';
import { mean, variance } from './summary';

/** A mean with its standard error; Student's t of so many degrees of freedom. */
export interface Student {
  value: number;
  standardError: number;
  degrees: number;
}

/** "Student", Biometrika 6 (1908). */
export function studentOf(values: ArrayLike<number>): Student | undefined {
  const n = values.length;
  if (n < 2) return undefined;
  return { value: mean(values), standardError: Math.sqrt(variance(values) / n), degrees: n - 1 };
}

export const studentInterval = ({ value, standardError, degrees }: Student, error: number): Interval => {
  const half = standardError === 0 ? 0 : studentQuantile(1 - error / 2, degrees) * standardError;
  return { low: value - half, high: value + half };
};

/** Two-sided: the chance of a mean this far from 0 by luck alone. */
export const studentP = ({ value, standardError, degrees }: Student): number =>
  standardError === 0 ? (value === 0 ? 1 : 0) : 2 * studentCdf(-Math.abs(value) / standardError, degrees);

/** What holds both. */
export const hull = (a: Interval, b: Interval): Interval => ({
  low: Math.min(a.low, b.low),
  high: Math.max(a.high, b.high),
});
