import { z } from 'zod';

/** What else happens to an instance in its life, tried on one that is started for it after the trial. Times in ms on the host's clock. */
export const Lifecycle = z.object({
  /** until it is frozen */
  pauseMs: z.number().optional(),
  /** what stays in memory meanwhile: container: working set; else resident set */
  pausedBytes: z.number().optional(),
  /** from the call to the first good answer after it */
  unpauseMs: z.number().optional(),
  /** until nothing of it runs */
  stopMs: z.number().optional(),
  /** what of it alone stays on disk when it is stopped: a container's writable layer; nothing of a VM whose changes are in memory */
  stoppedDiskBytes: z.number().optional(),
  /** from the call to start it again to its first good answer */
  restartMs: z.number().optional(),
  /** by force, while it runs, until nothing is left */
  deleteMs: z.number().optional(),
  /** figures that could not be had, and why */
  missing: z.array(z.object({ what: z.string(), reason: z.string() })).default([]),
});
export type Lifecycle = z.infer<typeof Lifecycle>;
