import type { Interval } from '../../../contract/report/report';

export interface Estimate {
  value: number;
  /** absent where a group is too small to have one */
  interval?: Interval;
}
