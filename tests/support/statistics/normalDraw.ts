import type { Random } from '../../../main/engine/results/statistics/random';

/** A standard normal value: the polar method of Marsaglia & Bray (SIAM Review 6, 1964). */
export function normalDraw(random: Random): number {
  for (;;) {
    const u = 2 * random() - 1;
    const v = 2 * random() - 1;
    const s = u * u + v * v;
    if (s > 0 && s < 1) return u * Math.sqrt((-2 * Math.log(s)) / s);
  }
}
