/** A machine's state to and from a file, over QMP. */
import { z } from 'zod';
import { programFailed } from '../../../../base/process/child';
import { sleep } from '../../../../base/signals';
import type { Qmp } from './qmp';

const Progress = z.object({
  status: z.string().optional(),
  'error-desc': z.string().optional(),
});

/** The guest's memory is mapped from a file by both sides: what QEMU would else copy, page by page. */
const withoutMemory = { capabilities: [{ capability: 'x-ignore-shared', state: true }] };

/** Without it, QEMU holds itself to 128 MiB/s. */
const unlimited = 140_737_488_355_327;
const pollMs = 2;
const patienceMs = 60_000;

/**
 * Writes all that the machine is, but for its memory, into a file, and leaves it stopped. It is running when this begins, and
 * QEMU keeps that too: a machine that was stopped first would also wait to be told to run wherever it is loaded.
 * @throws {TareError} `program-failed` with QEMU's reason
 */
export async function saveState(qmp: Qmp, file: string): Promise<void> {
  await qmp.execute('migrate-set-capabilities', withoutMemory);
  await qmp.execute('migrate-set-parameters', { 'max-bandwidth': unlimited });
  await qmp.execute('migrate', { uri: `file:${file}` });
  await completed(qmp);
}

/**
 * Fills a machine that was started with `-incoming defer`, which then runs.
 * @throws {TareError} `program-failed` with QEMU's reason, when the file is cut or of another machine
 */
export async function loadState(qmp: Qmp, file: string): Promise<void> {
  await qmp.execute('migrate-set-capabilities', withoutMemory);
  await qmp.execute('migrate-incoming', incoming(file));
  await completed(qmp);
}

const incoming = (file: string) => ({ uri: `file:${file}` });

/** A shell line that does the same: it starts `words`, made for `scripted` wires, and the machine runs once it is loaded. */
export function scriptedLoad(words: string[], file: string): string[] {
  const commands = [
    { execute: 'qmp_capabilities' },
    { execute: 'migrate-set-capabilities', arguments: withoutMemory },
    { execute: 'migrate-incoming', arguments: incoming(file) },
  ];
  const told = commands.map((command) => JSON.stringify(command)).join('\n');
  return ['sh', '-c', `exec "$@" <<'END'\n${told}\nEND\n`, 'resume', ...words, '-incoming', 'defer'];
}

async function completed(qmp: Qmp): Promise<void> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const { status, 'error-desc': reason } = Progress.parse(await qmp.execute('query-migrate'));
    if (status === 'completed') return;
    if (status === 'failed' || status === 'cancelled' || performance.now() > until) {
      const exit = `migration ${status}`;
      throw programFailed('QEMU', exit, reason ?? '');
    }
    await sleep(pollMs);
  }
}
