/** Memory that is plugged while a guest runs, by QEMU's device for it. */
import { z } from 'zod';
import { hotplugId } from '../hotplug';
import type { Qmp } from './qmp';

const Devices = z.array(
  z.object({ type: z.string(), data: z.object({ id: z.string().optional(), size: z.number().optional() }) }),
);

/** How much the guest has of it now. @throws {TareError} `program-failed`; ZodError where QEMU knows no such device */
export async function pluggedBytes(qmp: Qmp): Promise<number> {
  const devices = Devices.parse(await qmp.execute('query-memory-devices'));
  return z.number().parse(devices.find(({ data }) => data.id === hotplugId)?.data.size);
}

/** Asks the guest to have so much of it, which it does as far as it can, in its own time. @throws {TareError} `program-failed` */
export async function resizePlugged(qmp: Qmp, bytes: number): Promise<void> {
  const path = `/machine/peripheral/${hotplugId}`;
  await qmp.execute('qom-set', { path, property: 'requested-size', value: bytes });
}
