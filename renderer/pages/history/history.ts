import type { RunSummary, SummaryFigure } from '../../../main/contract/run/run';

/** Older runs first: a comparison asks how the newer one stands against the older one. */
export const asComparison = (ids: Iterable<string>): string[] => [...ids].sort();

/** What the rows can stand in the order of. */
export const sortKeys = ['title', 'started', 'trials', 'memory', 'startUp'] as const;
export type SortKey = (typeof sortKeys)[number];
export interface Sorting {
  by: SortKey;
  descending: boolean;
}

/** The newest first, as long as nobody asks for another order. */
export const usualSorting: Sorting = { by: 'started', descending: true };

/** What a click on a column's title does: names begin with A, figures with the largest; once more turns the order around. */
export const nextSorting = (now: Sorting, by: SortKey): Sorting =>
  now.by === by ? { by, descending: !now.descending } : { by, descending: by !== 'title' };

/** What a column compares: how many times as much, and where there is one side alone nothing. */
const ratioOf = (figure: SummaryFigure | undefined): number | undefined => figure?.against?.ratio;

/**
 * In the asked order, those that are pinned first. What has no figure stands last in either order; of equals the newer comes first.
 * @param titleOf  what a row is called
 */
export function sortedRuns(
  runs: readonly RunSummary[],
  { by, descending }: Sorting,
  titleOf: (run: RunSummary) => string,
): RunSummary[] {
  const keyed = runs.map((run) => ({ run, value: valueOf(run, by, titleOf) }));
  const turn = descending ? -1 : 1;
  keyed.sort((a, b) => {
    const pins = Number(b.run.label?.pinned ?? false) - Number(a.run.label?.pinned ?? false);
    if (pins !== 0) return pins;
    if (a.value === undefined || b.value === undefined) {
      const missing = Number(a.value === undefined) - Number(b.value === undefined);
      if (missing !== 0) return missing;
    } else {
      const order = compared(a.value, b.value) * turn;
      if (order !== 0) return order;
    }
    return compared(b.run.id, a.run.id);
  });
  return keyed.map(({ run }) => run);
}

function valueOf(
  run: RunSummary,
  by: SortKey,
  titleOf: (run: RunSummary) => string,
): string | number | undefined {
  if (by === 'title') return titleOf(run).toLocaleLowerCase();
  if (by === 'started') return run.id;
  if (by === 'trials') return run.trials;
  return run.hosts ? run.hosts.ratios[by] : ratioOf(run.answer?.[by]);
}

const compared = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

/** Fewer show no trend. */
const leastRuns = 3;
/** As many as a line of some fifty pixels can show. */
const mostRuns = 24;

/** How many times as much it was in each run that measured the same, oldest first. */
export interface Trend {
  runs: string[];
  ratios: number[];
}

/** By series: those of which at least three runs have the figure. */
export function trendsOf(runs: readonly RunSummary[], of: 'memory' | 'startUp'): Map<string, Trend> {
  const found = new Map<string, Trend>();
  for (const run of runs.toSorted((a, b) => compared(a.id, b.id))) {
    const ratio = ratioOf(run.answer?.[of]);
    if (run.state !== 'done' || run.series === undefined || ratio === undefined) continue;
    const trend = found.get(run.series) ?? { runs: [], ratios: [] };
    trend.runs.push(run.id);
    trend.ratios.push(ratio);
    found.set(run.series, trend);
  }
  return new Map(
    [...found]
      .filter(([, { ratios }]) => ratios.length >= leastRuns)
      .map(([series, trend]) => [
        series,
        { runs: trend.runs.slice(-mostRuns), ratios: trend.ratios.slice(-mostRuns) },
      ]),
  );
}

/** Points of an SVG polyline, from the lowest to the highest ratio; a level line where all are the same. */
export function trendPoints({ ratios }: Trend, width: number, height: number): { x: number; y: number }[] {
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
  return ratios.map((ratio, at) => ({
    x: (at / (ratios.length - 1)) * width,
    y: high === low ? height / 2 : height * (1 - (ratio - low) / (high - low)),
  }));
}
