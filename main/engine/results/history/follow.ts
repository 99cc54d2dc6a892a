/** A run that another process makes, as far as it is on disk: only what is new is read, since reading takes time from what is measured. */
import { open, stat } from 'node:fs/promises';
import type { FollowedRun, FollowedUntil } from '../../../contract/run/followed';
import type { Run, RunId, Sample } from '../../../contract/run/run';
import { runFile, samplesFile } from '../../base/paths';
import { parseSample } from './store';

interface Following {
  data: string;
  id: RunId;
  /** absent: all of it */
  since?: FollowedUntil | undefined;
}

/**
 * @param load  reads the record, with its true state
 * @param isUnderWay  if not, the record is read whatever it was: where its maker was killed its state changes, and its file does not
 */
export async function followRun(
  { data, id, since }: Following,
  load: () => Promise<Run>,
  isUnderWay: boolean,
): Promise<FollowedRun> {
  const file = await stat(runFile(data, id)).catch(() => undefined);
  const record = file ? `${file.mtimeMs} ${file.size}` : '';
  const { samples, end } = await samplesFrom(samplesFile(data, id), since?.samples ?? 0);
  const run = file && (!isUnderWay || record !== since?.record) ? await load() : undefined;
  return { ...(run && { run }), samples, until: { record, samples: end } };
}

/** The whole lines behind this byte, and where they end: the last one may be half written. */
async function samplesFrom(path: string, from: number): Promise<{ samples: Sample[]; end: number }> {
  const file = await open(path).catch(() => undefined);
  if (!file) return { samples: [], end: from };
  try {
    const { size } = await file.stat();
    const room = Buffer.alloc(Math.max(0, size - from));
    const { bytesRead } = await file.read(room, 0, room.length, from);
    const end = room.subarray(0, bytesRead).lastIndexOf('\n') + 1;
    const lines = room.toString('utf8', 0, end).split('\n');
    return { samples: lines.flatMap((line) => parseSample(line) ?? []), end: from + end };
  } finally {
    await file.close();
  }
}
