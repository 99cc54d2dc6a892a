import { z } from 'zod';

/**
 * Requests at a fixed rate, whether the earlier ones were answered or not (an open model, as users are): HTTP by Tare itself,
 * transactions by pgbench. valkey-benchmark knows no rate.
 */
export const LoadOrder = z.object({
  ratePerSecond: z.number().positive().max(20_000),
  seconds: z.number().positive().max(3600),
});
export type LoadOrder = z.infer<typeof LoadOrder>;

const loadClients = ['pgbench', 'valkey-benchmark'] as const;
export type LoadClient = (typeof loadClients)[number];

/** How long after the load its memory is read once more: a guest that reports its free pages has given them back by then. */
export const settleMs = 2000;

/** How one instance stood the load. */
export const LoadResult = z.object({
  /** who sent; absent: Tare itself, by HTTP. The second one waits for each answer before it asks again (a closed model). */
  client: z.enum(loadClients).optional(),
  sent: z.number().int(),
  /** answered, by HTTP with a status below 400 */
  answered: z.number().int(),
  failed: z.number().int(),
  /** not sent at all, since as many as allowed were still waiting for their answer */
  withheld: z.number().int(),
  /** until the last answer, or until no more were waited for */
  tookMs: z.number(),
  /**
   * Good answers that came while load was offered, per second of that time. Those that came after it are in `answered` and in the
   * latencies only: one that hangs does not lower the figure, and a queue that is worked off afterwards does not raise it.
   */
  answeredPerSecond: z.number(),
  /** from the instant at which the request was due, not from when it was really sent: a stall counts for all who had to wait; absent without an answer */
  latencyMs: z
    .object({
      p50: z.number(),
      /** this and `p999`: not told by every client */
      p90: z.number().optional(),
      /** absent in records of Tare 0.1 */
      p95: z.number().optional(),
      p99: z.number(),
      p999: z.number().optional(),
      most: z.number(),
    })
    .optional(),
  /** how late the requests themselves were sent, 99th percentile: what this measurement adds */
  latenessMs: z.number(),
  /** CPU time per answered request of all that works for the instance alone, counted as in a trial's `cpuMs`; absent where it cannot be read */
  cpuMsPerRequest: z.number().optional(),
  /** what the host gave while it was loaded, the highest of the readings */
  hostBytes: z.number().optional(),
  /** the same `settleMs` after the load: what was given back by then is no part of it */
  settledBytes: z.number().optional(),
});
export type LoadResult = z.infer<typeof LoadResult>;
