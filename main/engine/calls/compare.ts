import path from 'node:path';
import type { RunReference } from '../../contract/report/comparison';
import type { Engine } from '../engine';
import { loadRunFile } from '../results/history/store';
import { compareRuns } from '../results/report/comparison/comparison';

/** The comparison of runs that are kept here, or lie anywhere as a record. */
export function comparing(history: Pick<Engine, 'run'>): Engine['compare'] {
  const find = (run: RunReference) => ('id' in run ? history.run(run) : loadRunFile(path.resolve(run.path)));
  const all = (runs: RunReference[]) => Promise.all(runs.map(find));
  return async ({ base, other, minimumEffect }) =>
    compareRuns(await all(base), await all(other), minimumEffect);
}
