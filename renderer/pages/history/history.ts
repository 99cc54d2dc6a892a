import type { RunSummary } from '../../../main/contract/run/run';

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
