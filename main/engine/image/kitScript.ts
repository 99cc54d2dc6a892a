import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Progress } from '../../contract/events';
import { TareError } from '../errors';
import { missingTool } from '../process/child';
import { freeBytes, saysFull } from './space';
import { steps } from './steps';

interface Making {
  /** where everything is put, temporary files included */
  folder: string;
  /** what the whole needs at most: told when it did not fit */
  neededBytes: number;
  signal: AbortSignal;
  progress: (progress: Progress) => void;
}

/**
 * Runs a script of assets/guest and turns its `@…` lines into progress and facts. The script and all it started end with `signal`:
 * it has a process group of its own, as killing a shell leaves its children running.
 * @throws {TareError} `tool-missing` · `kit-failed` · `disk-short`
 */
export async function runKitScript(
  words: string[],
  making: Making,
): Promise<{ name: string; value: string }[]> {
  const { folder, signal, progress } = making;
  const script = spawn('sh', words, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C', TMPDIR: folder },
  });
  const killGroup = () => {
    try {
      process.kill(-script.pid!, 'SIGKILL');
    } catch {
      // it ended just now
    }
  };
  signal.addEventListener('abort', killGroup, { once: true });
  const heard = listen(script.stdout, progress);
  let complaints = '';
  script.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (complaints = (complaints + text).slice(-16_384)));
  try {
    const [exit] = (await once(script, 'close')) as [number | null];
    signal.throwIfAborted();
    heard.finish(exit === 0);
    if (exit === 0) return heard.facts;
  } finally {
    signal.removeEventListener('abort', killGroup);
  }
  if (heard.missing !== undefined) throw missingTool(heard.missing);
  if (saysFull(complaints)) {
    const { neededBytes } = making;
    throw new TareError({
      code: 'disk-short',
      path: folder,
      neededBytes,
      availableBytes: await freeBytes(folder),
    });
  }
  throw new TareError({ code: 'kit-failed', step: heard.step, output: complaints.trim() });
}

function listen(stdout: NodeJS.ReadableStream, progress: (progress: Progress) => void) {
  const heard = {
    step: '',
    missing: undefined as string | undefined,
    facts: [] as { name: string; value: string }[],
    finish(well: boolean) {
      if (well) current?.done();
    },
  };
  let current: ReturnType<typeof steps> | undefined;
  createInterface({ input: stdout }).on('line', (line) => {
    const [, kind, name, value = ''] = /^@(\w+) (\S+)(?: (.*))?$/.exec(line) ?? [];
    if (kind === 'step') {
      current?.done();
      heard.step = `${name} ${value}`;
      current = steps({ progress }, `kit-${name}`, value);
    } else if (kind === 'share') current?.moving(Number(name));
    else if (kind === 'missing') heard.missing = name;
    else if (kind === 'fact') heard.facts.push({ name: name!, value });
  });
  return heard;
}
