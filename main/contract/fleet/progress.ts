/** How far each host of a run on several has come. */
import type { Failure } from '../failures';
import type { HostName, HostStage, HostWay } from './host';

export interface HostProgress {
  name: HostName;
  way: HostWay;
  /** absent while others are first */
  stage?: HostStage;
  /** of Tare there, once it has answered */
  version?: string;
  /** trials that have ended, of how many, warm-ups included; absent before its run has begun */
  trials?: { done: number; of: number };
  failure?: Failure;
}
