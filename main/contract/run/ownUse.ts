import { z } from 'zod';

/** What Tare's own process took from a trial's start to its memory reading, or to its end where there was none; for whatever. */
export const OwnUse = z.object({
  cpuMs: z.number(),
  /** its resident set at the end of that time */
  residentBytes: z.number(),
  /** how much later than due its event loop came round, which is how late a mark may be: 99 % of the time no more, and at most */
  lagP99Ms: z.number().optional(),
  lagMaxMs: z.number().optional(),
});
export type OwnUse = z.infer<typeof OwnUse>;
