import { z } from 'zod';
import { Failure } from '../failures';

/** What a plan with claims gathers beside its trials. */
export const Evidence = z.object({
  /** one per target that could be looked into: names of isolation facts by their standing */
  isolation: z.array(
    z.object({
      target: z.string(),
      /** the host's own, seen from inside */
      same: z.array(z.string()),
      /** its own or changed, or the host's cannot be seen */
      apart: z.array(z.string()),
    }),
  ),
  /** an image made from a Dockerfile for this run */
  build: z
    .object({ reference: z.string(), digest: z.string(), bytes: z.number(), tookMs: z.number() })
    .optional(),
  /** what could not be gathered, and why */
  missing: z.array(z.object({ what: z.enum(['isolation', 'build']), failure: Failure })),
});
export type Evidence = z.infer<typeof Evidence>;
