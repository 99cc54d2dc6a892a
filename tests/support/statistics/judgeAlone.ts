import type { Contrast } from '../../../main/engine/results/statistics/contrast';
import {
  judgeTogether,
  smallestEffect,
  type Judged,
} from '../../../main/engine/results/statistics/judgement';

/** One comparison by itself. */
export const judgeAlone = (ratio: Contrast, minimumEffect = smallestEffect): Judged =>
  judgeTogether([ratio], minimumEffect)[0]!;
