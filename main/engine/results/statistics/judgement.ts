/**
 * What may be said of a ratio. Every comparison of a report is judged together with the others, since many verdicts at once would
 * otherwise find a difference by luck: each at a level of its own, by Holm's correction, and its interval is of that level too.
 */
import type { Interval, Judgement } from '../../../contract/report/report';
import { level, type Contrast } from './contrast';
import { studentQuantile } from './distributions';
import { holm } from './holm';
import { boundedRatio } from './ratios';

/** Below this a difference is of no use to anyone, however certain: 5 %. */
export const smallestEffect = 0.05;

/** Share of all cases in which a difference of the size that is told would be seen. */
export const power = 0.8;

export interface Judged {
  /**
   * `differs`: the interval excludes 1 and the ratio is at least the smallest effect away from it · `same`: the whole interval lies within
   * the smallest effect, which is TOST (Schuirmann, J. Pharmacokinetics and Biopharmaceutics 15, 1987) by the interval that is
   * shown, hence stricter than by one of 90 % · `cannot-tell`: neither
   */
  judgement: Exclude<Judgement, 'not-comparable'>;
  ratio: Contrast;
  /** chance of a false claim that it was held to: the level, or what the correction leaves of it */
  error: number;
  /** at that level; absent where there are too few values */
  interval?: Interval;
  /** what it was held to: 0.05 is a ratio of 1.05 */
  minimumEffect: number;
  /** after Holm's correction over all that were judged together */
  p: number;
  /** the smallest ratio above 1 that the next such comparison would call different in 80 % of cases */
  detectable?: number;
}

/**
 * Judges comparisons as one family: the chance of even one false `differs` stays below 5 % (Holm, Scand. J. Statistics 6, 1979). The
 * one with the smallest p is held to level ∕ m, the next to level ∕ (m − 1) and so on, to the first that fails; all that are left
 * share its level.
 * A difference, which has no smallest effect, `differs` where its interval excludes 0.
 * @param minimumEffect  0.05: one value is at least 1.05 times the other
 */
export function judgeTogether(ratios: readonly Contrast[], minimumEffect = smallestEffect): Judged[] {
  const tested = ratios.filter(({ interval }) => interval).sort((a, b) => a.p - b.p);
  const judged = new Map<Contrast, Judged>();
  const corrected = holm(tested.map(({ p }) => p));
  let [failed, share] = [false, level];
  tested.forEach((ratio, at) => {
    const left = tested.length - at;
    if (!failed) share = level / left;
    failed ||= ratio.p > share;
    judged.set(ratio, judgedAt(ratio, share, corrected[at]!, minimumEffect));
  });
  return ratios.map(
    (ratio) => judged.get(ratio) ?? { judgement: 'cannot-tell', ratio, error: level, minimumEffect, p: 1 },
  );
}

function judgedAt(ratio: Contrast, error: number, p: number, minimumEffect: number): Judged {
  const interval = ratio.intervalAt(error)!;
  const effect = 1 + minimumEffect;
  const isApart = interval.low > ratio.equality || interval.high < ratio.equality;
  if (ratio.equality === 0)
    return { judgement: isApart ? 'differs' : 'cannot-tell', ratio, error, interval, minimumEffect, p };
  const isWorthTelling = ratio.value >= effect || ratio.value <= 1 / effect;
  const isWithin = interval.low >= 1 / effect && interval.high <= effect;
  return {
    judgement: isApart && isWorthTelling ? 'differs' : isWithin ? 'same' : 'cannot-tell',
    ratio,
    error,
    interval,
    minimumEffect,
    p,
    ...detectableBy(ratio, interval, error, effect),
  };
}

/**
 * What the next such comparison would call different in 80 % of cases: its interval must exclude 1, and its ratio reach the smallest
 * effect (Bloom, Evaluation Review 19, 1995). The standard error is read from the width, so that it is that of ranks where ranks
 * decide. The next width differs from this one: the ratio of two independent ones is √F, whose quantile at equal degrees follows
 * from Student's t (Cacoullos, JASA 60, 1965). Both deviations are added as the sides of a right angle.
 */
function detectableBy(
  { degrees }: Contrast,
  { low, high }: Interval,
  error: number,
  effect: number,
): { detectable?: number } {
  if (!(low > 0 && degrees > 0)) return {};
  const half = Math.log(high / low) / 2;
  const beyond = studentQuantile(power, degrees);
  const ofRatio = (beyond * half) / studentQuantile(1 - error / 2, degrees);
  const step = beyond / Math.sqrt(degrees);
  const ofWidth = half * (step + Math.hypot(step, 1) - 1);
  const excluding = half + Math.hypot(ofWidth, ofRatio);
  const reaching = Math.log(effect) + ofRatio;
  return { detectable: boundedRatio(Math.exp(Math.max(excluding, reaching))) };
}
