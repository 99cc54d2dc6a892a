/** The history in one line per run, from its index. */
import { existsSync, statSync } from 'node:fs';
import type { RunId, RunLabel, RunSummary } from '../../../contract/run/run';
import { loadLabel } from './labels';
import { labelFile, runFolder, runsFolder, summariesFile } from '../../base/paths';
import { readIndex } from './recordIndex';

/** What a line is made of: the record alone, and what a person wrote beside it. */
export interface Line {
  summary: RunSummary;
  label?: RunLabel;
}

/**
 * The lines of these runs, without those that are not to be kept.
 * @param summary  of the record alone; undefined for a run whose record changes, or that has none
 */
export async function indexedLines(
  data: string,
  ids: readonly RunId[],
  summary: (id: RunId) => Promise<RunSummary | undefined>,
): Promise<Map<RunId, Line>> {
  // before anything is read: what is written meanwhile is then seen the next time
  const written = labelsWritten(data);
  const index = await readIndex<Line>(ids, {
    data,
    file: summariesFile(data),
    derive: async (id) => {
      const found = await summary(id);
      return found && withLabel(data, id, { summary: found });
    },
  });
  const isOld = index.note !== written;
  if (isOld)
    for (const [id, { summary }] of index.values)
      index.values.set(id, await withLabel(data, id, { summary }));
  if (index.changed || isOld) await index.keep(written);
  return index.values;
}

async function withLabel(data: string, id: RunId, { summary }: Line): Promise<Line> {
  const folder = runFolder(data, id);
  const label = existsSync(labelFile(folder)) ? await loadLabel(folder) : undefined;
  return { summary, ...(label && { label }) };
}

/** Changes with every label, since writing one touches the folder of all runs, and with every run that comes or goes. */
const labelsWritten = (data: string): string =>
  String(statSync(runsFolder(data), { throwIfNoEntry: false })?.mtimeMs);
