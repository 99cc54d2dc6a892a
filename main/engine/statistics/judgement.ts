import type { Estimate } from './intervals';

/** `faster` means the smaller value: less time, or fewer bytes. */
export type Judgement = 'faster' | 'slower' | 'cannot tell';

/** Below this a difference is of no use to anyone, however certain: 5 %. */
export const smallestEffect = 0.05;

/**
 * A claim needs both: an interval of the ratio that excludes 1, and a difference worth telling. Either alone misleads:
 * many trials make any trifle certain, and few make a large difference a matter of luck.
 * @param minimumEffect  0.05: one value is at least 1.05 times the other
 */
export function judge({ value, interval }: Estimate, minimumEffect = smallestEffect): Judgement {
  if (!interval) return 'cannot tell';
  if (interval.low > 1 && value >= 1 + minimumEffect) return 'slower';
  if (interval.high < 1 && value <= 1 / (1 + minimumEffect)) return 'faster';
  return 'cannot tell';
}
