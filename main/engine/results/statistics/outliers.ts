import { ascending, deviationFromMedian, mean, quantile } from './summary';

/** A value that lies far from the others. It is told about, and stays in every figure. */
export interface Outlier {
  /** position in the values given */
  index: number;
  value: number;
  /** modified z-score; its sign says on which side */
  score: number;
}

const threshold = 3.5;

/**
 * Values whose modified z-score, 0.6745 · (x − median) ∕ MAD, is beyond ±3.5: Iglewicz & Hoaglin, "How to Detect and
 * Handle Outliers" (ASQC Quality Press, 1993). Where more than half of the values are equal the MAD is 0; then 1.253314
 * times the mean absolute deviation from the median takes the place of MAD ∕ 0.6745, as IBM SPSS does.
 * @returns none for fewer than four values, of which none can be called usual
 */
export function outliers(values: readonly number[]): Outlier[] {
  if (values.length < 4) return [];
  const centre = quantile(ascending(values), 0.5);
  const spread = spreadAround(values, centre);
  if (spread === 0) return [];
  return values
    .map((value, index) => ({ index, value, score: (value - centre) / spread }))
    .filter(({ score }) => Math.abs(score) > threshold);
}

function spreadAround(values: readonly number[], centre: number): number {
  const deviation = deviationFromMedian(values);
  return deviation > 0
    ? deviation / 0.6745
    : 1.253314 * mean(ascending(values.map((value) => Math.abs(value - centre))));
}
