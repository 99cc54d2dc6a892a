import { nameOfPair, pairsOf, shifted, type Named, type Pair, type Summed } from '../figures';
import type { TextExporter } from '../format';
import type { ReportedRecord } from '../../report/reported';

/**
 * Bencher Metric Format (bencher.dev/v0/bmf.json): of every pair the figures that can get better or worse, each with its interval where
 * it has one, and how many trials do not count.
 */
export const bencher: TextExporter<ReportedRecord> = {
  files: (record) => {
    const results = Object.fromEntries(
      pairsOf(record).map((pair) => [nameOfPair(pair), measuresOf(pair)] as const),
    );
    return [{ content: `${JSON.stringify(results, null, 2)}\n` }];
  },
};

type Measure = Record<string, number>;

const measuresOf = ({ figures, others }: Pair): Record<string, Measure> => ({
  ...Object.fromEntries(
    figures
      .filter(({ metric }) => metric.better)
      .map((figure) => [nameOf(figure.metric), measureOf(figure)] as const),
  ),
  failedTrials: { value: others.length },
});

/** Bencher's own measure of time, which its projects begin with, is in nanoseconds. All others have their unit in their name. */
const isLatency = ({ id }: Named): boolean => id === 'readyMs';
const nameOf = (metric: Named): string => (isLatency(metric) ? 'latency' : metric.id);

function measureOf({ metric, value, interval }: Summed): Measure {
  const inUnit = (one: number) => (isLatency(metric) ? shifted(one, 6) : one);
  return {
    value: inUnit(value),
    ...(interval && { lower_value: inUnit(interval.low), upper_value: inUnit(interval.high) }),
  };
}
