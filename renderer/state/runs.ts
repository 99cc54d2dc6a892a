import type { RunSummary } from '../../main/contract/run/run';

/** Newest first: an id begins with the time. */
export const newestFirst = (runs: readonly RunSummary[]): RunSummary[] =>
  runs.toSorted((a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0));
