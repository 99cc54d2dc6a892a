/** The history in one line per record, from its index. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { RunId, RunLabel, RunSummary } from '../../../contract/run/run';
import { loadLabel } from './labels';
import { fleetsFolder, labelFile, runsFolder, summariesFile } from '../../base/paths';
import { readIndex } from './recordIndex';
import { recordFiles } from './store';

/** What a line is made of: the record alone, and what a person wrote beside it. */
interface Line {
  summary: RunSummary;
  label?: RunLabel;
}

interface Making {
  /** of a record that will change no more; undefined for one that will, that cannot be read, or that is not there */
  settled: (id: RunId) => Promise<RunSummary | undefined>;
  /** of each other one */
  now: (id: RunId) => Promise<RunSummary>;
}

/** The lines of all records, newest first. */
export async function recordLines(data: string, { settled, now }: Making): Promise<RunSummary[]> {
  // before anything is read: what is written meanwhile is then seen the next time
  const written = labelsWritten(data);
  const records = await recordFiles(data);
  const withLabel = async (id: RunId, summary: RunSummary): Promise<Line> => {
    const folder = path.dirname(records.get(id)!);
    const label = existsSync(labelFile(folder)) ? await loadLabel(folder) : undefined;
    return { summary, ...(label && { label }) };
  };
  const index = await readIndex<Line>(records, {
    file: summariesFile(data),
    derive: async (id) => {
      const summary = await settled(id);
      return summary && withLabel(id, summary);
    },
  });
  const isOld = index.note !== written;
  if (isOld) for (const [id, { summary }] of index.values) index.values.set(id, await withLabel(id, summary));
  if (index.changed || isOld) await index.keep(written);
  const lines: RunSummary[] = [];
  for (const id of [...records.keys()].reverse()) {
    const { summary, label } = index.values.get(id) ?? (await withLabel(id, await now(id)));
    if (hasRecord(summary)) lines.push(label ? { ...summary, label } : summary);
  }
  return lines;
}

/** A folder is no run until its record is in it: it is just being made, or its maker was killed in that instant. */
const hasRecord = ({ failure }: RunSummary): boolean => failure?.code !== 'run-unknown';

/** Changes with every label, since writing one touches the folder above, and with every record that comes or goes. */
const labelsWritten = (data: string): string =>
  [runsFolder(data), fleetsFolder(data)]
    .map((folder) => statSync(folder, { throwIfNoEntry: false })?.mtimeMs)
    .join(' ');
