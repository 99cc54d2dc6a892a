import type { HistorySeries } from '../../../main/contract/report/series';

/** The run before this one that measured the same plan, by its id; undefined where there is none. */
export function previousOf(series: readonly HistorySeries[], id: string): string | undefined {
  const before = series
    .map(({ points }) => points.map(({ run }) => run))
    .filter((runs) => runs.includes(id))
    .flatMap((runs) => runs.filter((run) => run < id));
  return before.sort().at(-1);
}
