import { createHash } from 'node:crypto';
import { mostDataBytes } from '../../../main/contract/fleet/agent';
import type { Way } from '../../../main/engine/remote/fleet/channel';
import { dataFrame } from '../../../main/engine/remote/fleet/frames';
import { healthy } from '../fakes/fakeAnswers';
import { scripted, type Say } from './channels';
import { runId } from './collecting';

/** An agent that has one run to tell, which it has not made: its record, and so many bytes of samples, as fast as they are taken. */
export const replaying = (record: string, sampleBytes: number): Way =>
  scripted(({ id, call, file }, say) => {
    if (call === 'doctor') say({ id, output: healthy });
    else if (call === 'startRun') {
      say({ id, output: runId });
      say({ over: runId });
    } else if (file !== undefined)
      void give(id, file === 'record' ? [Buffer.from(record)] : samples(sampleBytes), say);
    else say({ id });
  });

const line = Buffer.from(
  `${JSON.stringify({ kind: 'host', atMs: 1000, lateMs: 0.5, costMs: 0.4, availableBytes: 4e9, load: 0.25 })}\n`.repeat(
    1000,
  ),
);

function* samples(bytes: number): Generator<Buffer> {
  for (let sent = 0; sent < bytes; sent += line.length) yield line;
}

async function give(id: number, pieces: Iterable<Buffer>, say: Say): Promise<void> {
  const hash = createHash('sha256');
  let bytes = 0;
  for (const piece of pieces)
    for (let at = 0; at < piece.length; at += mostDataBytes) {
      const part = piece.subarray(at, at + mostDataBytes);
      hash.update(part);
      bytes += part.length;
      if (!say.says.write(dataFrame(id, part)))
        await new Promise((resolve) => say.says.once('drain', resolve));
    }
  say({ id, end: { bytes, sha256: hash.digest('hex') } });
  say({ id });
}
