import { z } from 'zod';
import type { Run, Sample } from './run';

/** How far a run's files have been read. */
export const FollowedUntil = z.object({
  /** which state of the record was read */
  record: z.string().max(100),
  /** bytes of the samples */
  samples: z.number().int().min(0),
});

export type FollowedUntil = z.infer<typeof FollowedUntil>;

/** What has come of a run that is under way since it was asked for last. */
export interface FollowedRun {
  /** absent where its record has not changed, or where there is none yet */
  run?: Run;
  samples: Sample[];
  /** to be handed in next time */
  until: FollowedUntil;
}
