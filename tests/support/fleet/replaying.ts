/** Hosts that tell a run which they have not made. */
import type { Way } from '../../../main/engine/remote/fleet/channel';
import { hostThat, start, type Far } from './channels';
import { runId } from './plan';

const samples = Array(1000).fill({
  ...{ kind: 'host', atMs: 1000, lateMs: 0.5, costMs: 0.4, availableBytes: 4e9, load: 0.25 },
});
const line = `${JSON.stringify({ kind: 'samples', run: runId, samples })}\n`;

/** A host that has one run to tell: its record, and so many bytes of samples, as fast as they are taken. */
export const replaying = (record: string, sampleBytes: number): Way =>
  hostThat({ run: (far) => void tellAll(far, record, sampleBytes) });

async function tellAll({ say, says, gone }: Far, record: string, sampleBytes: number): Promise<void> {
  say(start);
  for (let sent = 0; sent < sampleBytes; sent += line.length)
    if (!says.write(line)) await new Promise((resolve) => says.once('drain', resolve));
  say(`{"kind":"record","run":${record}}\n`);
  gone();
}
