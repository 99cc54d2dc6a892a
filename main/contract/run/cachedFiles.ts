import { z } from 'zod';

/** Of a cold start: the files that it reads of its image and boots from, just before the first of those that are up together began. */
export const CachedFiles = z.object({
  /** how large they are */
  bytes: z.number(),
  /** what of them was in this computer's page cache, and was dropped */
  droppedBytes: z.number(),
  /** what of them was still there: it was mapped by something else, or lies in memory only */
  cachedBytes: z.number(),
});
export type CachedFiles = z.infer<typeof CachedFiles>;
