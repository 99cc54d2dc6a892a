/** What the balloon's driver in the guest tells QEMU of the guest's memory: a second source, beside Tare's own program there. */
import { z } from 'zod';
import { sleep } from '../../../../base/signals';
import type { Qmp } from './qmp';

/** QEMU's words for a balloon on this bus. */
export const balloon = (bus: 'pci' | 'device', options = ''): string[] => [
  '-device',
  `virtio-balloon-${bus},id=balloon${options}`,
];

/** An option of the balloon: the guest tells which pages it no longer needs, and QEMU gives them back to the host. */
export const freePageReporting = ',free-page-reporting=on';

const path = '/machine/peripheral/balloon';

/** QEMU's word for a figure that the guest has not told: 2^64 − 1, which no JSON number in JavaScript can hold exactly. */
const untold = 2 ** 63;
const Bytes = z.number().transform((bytes) => (bytes < untold ? bytes : undefined));
const Statistics = z.object({
  'last-update': z.number(),
  stats: z.object({ 'stat-total-memory': Bytes, 'stat-available-memory': Bytes }),
});

const pollMs = 2;

/**
 * Asks once, and leaves the guest in peace afterwards.
 * @param timeoutMs  QEMU dates answers by the second: two questions within one take as long
 * @returns MemTotal − MemAvailable of the guest in bytes; undefined where there is no balloon, or no driver that answers in time
 */
export async function balloonUsedBytes(qmp: Qmp, timeoutMs = 1500): Promise<number | undefined> {
  const askEvery = (seconds: number) =>
    qmp.execute('qom-set', { path, property: 'guest-stats-polling-interval', value: seconds });
  const read = async () => Statistics.parse(await qmp.execute('qom-get', { path, property: 'guest-stats' }));
  const until = performance.now() + timeoutMs;
  try {
    const before = await read();
    await askEvery(1); // the first time at once
    try {
      for (;;) {
        const { 'last-update': at, stats } = await read();
        const { 'stat-total-memory': total, 'stat-available-memory': available } = stats;
        if (at !== before['last-update'])
          return total === undefined || available === undefined ? undefined : total - available;
        if (performance.now() > until) return undefined;
        await sleep(pollMs);
      }
    } finally {
      await askEvery(0);
    }
  } catch {
    return undefined; // no balloon, or QEMU has ended, which others tell
  }
}
