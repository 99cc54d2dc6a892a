import type { RunSummary } from '../../../main/contract/run/run';

/** Newest first: an id begins with the time. */
export const newestFirst = (runs: readonly RunSummary[]): RunSummary[] =>
  [...runs].sort((a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0));

/**
 * Whether a run is what someone looks for: every word that was typed must be part of something that the run shows.
 * @param shown  what a reader sees of it, in the reader's language
 */
export function isFound(query: string, shown: readonly (string | undefined)[]): boolean {
  const text = shown.filter(Boolean).join('\n').toLocaleLowerCase();
  return query
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Share of the row's longest bar, 0 to 1; undefined where nothing was measured. */
export function barShares(run: Pick<RunSummary, 'targets' | 'readyMs'>): Map<string, number | undefined> {
  const longest = Math.max(...Object.values(run.readyMs).map((value) => value ?? 0));
  return new Map(
    run.targets.map((target) => {
      const value = run.readyMs[target];
      return [target, value === undefined || longest === 0 ? undefined : value / longest];
    }),
  );
}

/** Older runs first: a comparison asks how the newer one stands against the older one. */
export const asComparison = (ids: Iterable<string>): string[] => [...ids].sort();
