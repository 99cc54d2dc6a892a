import type { Contrast } from '../../../main/engine/statistics/contrast';
import { judgeTogether, smallestEffect, type Judged } from '../../../main/engine/statistics/judgement';

/** One comparison by itself. */
export const judgeAlone = (ratio: Contrast, minimumEffect = smallestEffect): Judged =>
  judgeTogether([ratio], minimumEffect)[0]!;
