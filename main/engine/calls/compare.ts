import path from 'node:path';
import { isOfHosts, type RunRecord } from '../../contract/record';
import type { RunReference } from '../../contract/report/comparison';
import type { Run } from '../../contract/run/run';
import type { Engine } from '../engine';
import { badInput, TareError } from '../base/errors';
import type { KeptRecords } from '../results/history/history';
import { loadRecordFile } from '../results/history/store';
import { compareRuns } from '../results/report/comparison/comparison';
import { compareFleets } from '../results/report/hosts/change';

/** The comparison of records that are kept here, or lie anywhere. */
export function comparing({ load }: Pick<KeptRecords, 'load'>): Engine['compare'] {
  const find = (run: RunReference) => ('id' in run ? load(run.id) : loadRecordFile(path.resolve(run.path)));
  const all = (runs: RunReference[]) => Promise.all(runs.map(find));
  return async ({ base, other, minimumEffect }) =>
    compareRecords(await all(base), await all(other), minimumEffect);
}

/**
 * @throws {TareError} `not-comparable`, as for ratios of several hosts and what one computer measured · `bad-input` where a side has
 *   several records of hosts
 */
export function compareRecords(
  base: RunRecord[],
  other: RunRecord[],
  minimumEffect: number | undefined,
): Awaited<ReturnType<Engine['compare']>> {
  if (areOwn(base) && areOwn(other)) return compareRuns(base, other, minimumEffect);
  if (base.length > 1 || other.length > 1) throw badInput('problem.several-fleets');
  const [[before], [after]] = [base, other];
  if (!before || !after || !isOfHosts(before) || !isOfHosts(after))
    throw new TareError({ code: 'not-comparable', base: before?.id ?? '', other: after?.id ?? '' });
  return compareFleets(before, after, minimumEffect);
}

const areOwn = (records: RunRecord[]): records is Run[] => !records.some(isOfHosts);
