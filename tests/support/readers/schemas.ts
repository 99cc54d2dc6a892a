/** What the readers of JSON formats ask of a file, by their published schemas. */
import { z } from 'zod';

/** Bencher Metric Format, https://bencher.dev/v0/bmf.json; names by Bencher's own limit. */
export const BencherMetrics = z.record(
  z.string().min(1).max(1024),
  z.record(
    z.string().min(1),
    z.strictObject({
      value: z.number(),
      lower_value: z.number().optional(),
      upper_value: z.number().optional(),
    }),
  ),
);

/** `customSmallerIsBetter` of github-action-benchmark, src/extract.ts; without what it would make of other types. */
export const GithubBenchmarks = z.array(
  z.strictObject({
    name: z.string(),
    value: z.number(),
    unit: z.string(),
    range: z.string().optional(),
    extra: z.string().optional(),
  }),
);

const Seconds = z.number().nonnegative();
/** `hyperfine --export-json`, src/benchmark/benchmark_result.rs. `user` and `system` are numbers there: Tare does not measure them. */
export const HyperfineResults = z.strictObject({
  results: z.array(
    z.strictObject({
      command: z.string(),
      mean: Seconds,
      stddev: Seconds.nullable(),
      median: Seconds,
      user: z.null(),
      system: z.null(),
      min: Seconds,
      max: Seconds,
      times: z.array(Seconds).min(1),
      memory_usage_byte: z.array(z.number().int().nonnegative()).optional(),
      exit_codes: z.array(z.number().int().nullable()),
      parameters: z.record(z.string(), z.string()),
    }),
  ),
});
