import type { RecordableHistogram } from 'node:perf_hooks';
import type { LoadResult } from '../../../contract/run/load';

/** What a load gives by itself; what it costs the instance is added by who watches that. */
export type ServerLoad = Omit<LoadResult, 'cpuMsPerRequest' | 'hostBytes'>;

const perMs = 1000;

/** Of latencies in whole microseconds; nothing without one. */
export function percentilesOf(latency: RecordableHistogram): Pick<LoadResult, 'latencyMs'> {
  if (latency.count === 0) return {};
  const at = (share: number) => latency.percentile(share) / perMs;
  return {
    latencyMs: {
      ...{ p50: at(50), p90: at(90), p95: at(95), p99: at(99), p999: at(99.9) },
      most: latency.max / perMs,
    },
  };
}
