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
  /** what of it alone stays on disk when it is stopped: a container's writable layer; else files that it could write and that are still there */
  stoppedDiskBytes: z.number().optional(),
  /** PSS of what still runs for it alone when it is stopped: its own processes, shim, port proxies, QEMU */
  stoppedBytes: z.number().optional(),
  /**
   * By how much less the host can then give than before the life began, as in Round. It holds what no process is charged with, such as
   * the engine's own growth, and whatever else the host did meanwhile: noisy, and possibly negative.
   */
  stoppedHostBytes: z.number().optional(),
  /** from the call to start it again to its first good answer */
  restartMs: z.number().optional(),
  /** by force, while it runs, until nothing is left */
  deleteMs: z.number().optional(),
  /** as `stoppedBytes`, when it is deleted */
  deletedBytes: z.number().optional(),
  /** as `stoppedHostBytes`, when it is deleted */
  deletedHostBytes: z.number().optional(),
  /** figures that could not be had, and why */
  missing: z.array(z.object({ what: z.string(), reason: z.string() })).default([]),
});
export type Lifecycle = z.infer<typeof Lifecycle>;
