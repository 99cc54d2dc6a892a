/** What a person writes on a run: `label.json` in the run's folder, replaced atomically. */
import { stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { RunLabel, type RunId } from '../../../contract/run/run';
import { TareError } from '../../base/errors';
import { foreignText } from '../../base/foreignText';
import { keptFolder, labelFile } from '../../base/paths';

/** A name and a note of the longest kind take 10 kB. */
const mostBytes = 64 * 1024;

/** The label in a run's folder. One that is absent or damaged is no label: a run must open without it. */
export async function loadLabel(folder: string): Promise<RunLabel | undefined> {
  const text = await foreignText(labelFile(folder), { bytes: mostBytes }).catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const label = RunLabel.parse(JSON.parse(text));
    return label.name || label.note || label.pinned ? label : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Writes on a run, and answers with what is written on it now. An empty text takes away, an absent one leaves.
 * @throws {TareError} `run-unknown` · `write-failed`
 */
export async function changeLabel(data: string, id: RunId, change: RunLabel): Promise<RunLabel> {
  const folder = keptFolder(data, id);
  if (!(await stat(folder).catch(() => undefined))) throw new TareError({ code: 'run-unknown', id });
  const before = await loadLabel(folder);
  const [name, note] = [change.name ?? before?.name, change.note ?? before?.note];
  const pinned = change.pinned ?? before?.pinned;
  const label: RunLabel = { ...(name && { name }), ...(note && { note }), ...(pinned && { pinned }) };
  const file = labelFile(folder);
  await writeFileAtomic(file, JSON.stringify(label, null, 1) + '\n').catch((error: NodeJS.ErrnoException) => {
    throw new TareError(
      { code: 'write-failed', path: file, reason: error.code ?? error.message },
      { cause: error },
    );
  });
  // tells whoever keeps labels elsewhere that one has changed (summaries.ts)
  await utimes(path.dirname(folder), new Date(), new Date()).catch(() => undefined);
  return label;
}
