import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Progress } from '../../../contract/work/progress';
import { killGroup, lastOf, programLimits } from '../../base/process/child';
import type { Ledger } from '../../base/process/ledger';
import { listen, type Fact } from './kitReport';

interface Making {
  /** of the session, not used otherwise: by it, what a killed Tare left is found */
  name: string;
  ledger: Pick<Ledger, 'note'>;
  /** where everything is put, temporary files included */
  folder: string;
  /** what the whole needs at most: told when it did not fit */
  neededBytes: number;
  signal: AbortSignal;
  progress: (progress: Progress) => void;
}

/** The end of what the script complained about: enough to see why it failed. */
export const longestComplaint = 16_384;

/**
 * Runs a script of assets/guest and turns its `@…` lines into progress and facts. The script and all it started end with `signal`, or after six hours:
 * it has a process group of its own, as killing a shell leaves its children running, by which a sweep ends it as well.
 * @throws {TareError} `tool-missing` · `kit-failed` · `disk-short`
 */
export async function runKitScript(words: string[], making: Making): Promise<Fact[]> {
  const { name, folder, signal, progress, ledger } = making;
  const strike = ledger.note('process', name);
  const script = spawn('sh', [...words, name], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C', TMPDIR: folder },
  });
  const kill = () => killGroup(script);
  signal.addEventListener('abort', kill, { once: true });
  const limit = setTimeout(kill, programLimits.makes);
  const report = listen(script.stdout, progress);
  const complaints = lastOf(script.stderr, longestComplaint);
  try {
    const [exit] = (await once(script, 'close')) as [number | null];
    await report.ended;
    signal.throwIfAborted();
    if (exit !== 0) throw await report.failure(complaints(), making);
    report.finish();
    return report.facts;
  } finally {
    clearTimeout(limit);
    strike();
    signal.removeEventListener('abort', kill);
  }
}
