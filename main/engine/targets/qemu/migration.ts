/** A machine's state to and from a file, over QMP. */
import { z } from 'zod';
import { TareError } from '../../errors';
import { sleep } from '../../signals';
import type { Qmp } from './qmp';

const Progress = z.object({
  status: z.string().optional(),
  'error-desc': z.string().optional(),
});

/** Without it, QEMU holds itself to 128 MiB/s. */
const unlimited = 140_737_488_355_327;
const pollMs = 2;
const patienceMs = 60_000;

/**
 * Stops the machine and writes all it is into a file.
 * @throws {TareError} `program-failed` with QEMU's reason
 */
export async function saveState(qmp: Qmp, file: string): Promise<void> {
  await qmp.execute('stop');
  await qmp.execute('migrate-set-parameters', { 'max-bandwidth': unlimited });
  await qmp.execute('migrate', { uri: `file:${file}` });
  await completed(qmp);
}

/**
 * Fills a machine that was started with `-incoming defer`; it stays stopped.
 * @throws {TareError} `program-failed` with QEMU's reason, when the file is cut or of another machine
 */
export async function loadState(qmp: Qmp, file: string): Promise<void> {
  await qmp.execute('migrate-incoming', { uri: `file:${file}` });
  await completed(qmp);
}

async function completed(qmp: Qmp): Promise<void> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const { status, 'error-desc': reason } = Progress.parse(await qmp.execute('query-migrate'));
    if (status === 'completed') return;
    if (status === 'failed' || status === 'cancelled' || performance.now() > until) {
      const exit = `migration ${status}`;
      throw new TareError({ code: 'program-failed', program: 'QEMU', exit, output: reason ?? '' });
    }
    await sleep(pollMs);
  }
}
