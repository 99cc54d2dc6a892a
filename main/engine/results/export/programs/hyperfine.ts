import { hostBytes, readyMs } from '../../../../contract/metrics';
import type { Trial } from '../../../../contract/run/run';
import { ascending, mean, quantile, variance } from '../../statistics/summary';
import { nameOfPair, pairsOf, shifted, type Pair } from '../figures';
import type { TextExporter } from '../format';
import type { ReportedRecord } from '../../report/reported';

/**
 * What `hyperfine --export-json` writes, so that its scripts and viewers open the times to ready. A pair of which no trial was ready is left
 * out: the format has no result without a time.
 */
export const hyperfine: TextExporter<ReportedRecord> = {
  files: (record) => {
    const results = pairsOf(record).flatMap(byCompany).flatMap(resultOf);
    return [{ content: `${JSON.stringify({ results }, null, 2)}\n` }];
  },
};

/** Starts of a pair that had the same company. */
interface Starts extends Pick<Pair, 'host' | 'workload' | 'target' | 'cold' | 'trials' | 'others'> {
  /** of density ladders: how many were up when they began */
  up?: number;
}

/** All of a pair's; of density ladders apart by how many were up, as only those are of one kind. */
function byCompany(pair: Pair): Starts[] {
  const counts = new Set([...pair.trials, ...pair.others].map(({ upBefore }) => upBefore));
  return [...counts].map((up) => {
    const isSo = ({ upBefore }: Trial) => upBefore === up;
    return {
      ...pair,
      trials: pair.trials.filter(isSo),
      others: pair.others.filter(isSo),
      ...(up !== undefined && { up }),
    };
  });
}

function resultOf(starts: Starts) {
  const { host, workload, target, others, up } = starts;
  const ready = starts.trials.filter((trial) => readyMs.read(trial) !== undefined);
  if (ready.length === 0) return [];
  const times = ready.map((trial) => shifted(readyMs.read(trial)!, -3));
  const memory = ready.map((trial) => hostBytes.read(trial)).filter((bytes) => bytes !== undefined);
  const sorted = ascending(times);
  return [
    {
      command: `${nameOfPair(starts)}${up === undefined ? '' : `/up=${up}`}`,
      mean: mean(times),
      stddev: times.length > 1 ? Math.sqrt(variance(times)) : null,
      median: quantile(sorted, 0.5),
      // the CPU time of an instance is known as one figure, not by mode
      user: null,
      system: null,
      min: sorted[0]!,
      max: sorted.at(-1)!,
      times,
      // one for each time, or none
      ...(memory.length === times.length && { memory_usage_byte: memory }),
      // what was started goes on after it is ready
      exit_codes: times.map(() => null),
      parameters: {
        ...(host !== undefined && { host }),
        workload,
        target,
        ...(up !== undefined && { up: String(up) }),
        ...(others.length > 0 && { failed: String(others.length) }),
      },
    },
  ];
}
