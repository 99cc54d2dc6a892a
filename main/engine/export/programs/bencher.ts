import type { Metric } from '../../../contract/metrics';
import { nameOfPair, pairsOf, shifted, type Summed } from '../figures';
import type { TextExporter } from '../format';

/**
 * Bencher Metric Format (bencher.dev/v0/bmf.json): of every pair the figures that can get better or worse, each with its interval where
 * it has one, and how many trials do not count.
 */
export const bencher: TextExporter = {
  files: (run) => {
    const results = pairsOf(run).map((pair) => [
      nameOfPair(pair),
      Object.fromEntries([
        ...pair.figures
          .filter(({ metric }) => metric.better)
          .map((one) => [measureOf(one.metric), metricOf(one)]),
        ['failedTrials', { value: pair.others.length }],
      ]),
    ]);
    return [{ content: `${JSON.stringify(Object.fromEntries(results), null, 2)}\n` }];
  },
};

/** Bencher's own measure of time, which its projects begin with, is in nanoseconds. All others have their unit in their name. */
const isLatency = ({ id }: Metric): boolean => id === 'readyMs';
const measureOf = (metric: Metric): string => (isLatency(metric) ? 'latency' : metric.id);

function metricOf({ metric, value, interval }: Summed): Record<string, number> {
  const inUnit = (one: number) => (isLatency(metric) ? shifted(one, 6) : one);
  return {
    value: inUnit(value),
    ...(interval && { lower_value: inUnit(interval.low), upper_value: inUnit(interval.high) }),
  };
}
