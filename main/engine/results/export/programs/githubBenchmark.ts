import { message } from '../../../../contract/messages';
import { showInterval } from '../../../../contract/quantities';
import { nameOfPair, pairsOf } from '../figures';
import type { TextExporter } from '../format';
import type { ReportedRecord } from '../../report/reported';

/**
 * What github-action-benchmark reads as `customSmallerIsBetter`: of every pair the figures of which less is better, and how many
 * trials do not count.
 */
export const githubBenchmark: TextExporter<ReportedRecord> = {
  files: (record, locale) => {
    const entries = pairsOf(record).flatMap((pair) => {
      const name = nameOfPair(pair);
      const figures = pair.figures.filter(({ metric }) => metric.better === 'less');
      return [
        ...figures.map(({ metric: { id, unit }, over, value, interval, n }) => ({
          name: `${name} ${id}`,
          unit,
          value,
          ...(interval && unit !== 'count' && { range: showInterval(locale, unit, interval) }),
          extra: message(locale, `export.program.${over}`, { n, run: record.id }),
        })),
        { name: `${name} failedTrials`, unit: 'count', value: pair.others.length },
      ];
    });
    return [{ content: `${JSON.stringify(entries, null, 2)}\n` }];
  },
};
