import { silentAfterMs } from '../../../contract/run/stream';

/** How long a host may take for each step, however alive it shows itself to be: nothing is waited for without an end. */
export const hostLimits = {
  /** until a run has begun there, once the host was reached */
  helloMs: 60_000,
  /** of its stream, which shows that it is there */
  silentMs: silentAfterMs,
  /** a person may have to be asked first */
  helloAskedMs: 10 * 60_000,
  /** a look at a host boots a machine, maybe an emulated one; it is the first connection, too */
  doctorMs: 5 * 60_000,
  findMs: 60_000,
  /** until an engine takes the next piece of an image, or has put all of it where it belongs */
  imageMs: 15 * 60_000,
  /** without any news of a run that is under way: samples come every second, and whatever takes longer tells how far it is */
  newsMs: 60 * 60_000,
  stopMs: 2 * 60_000,
  deleteMs: 60_000,
  cleanMs: 2 * 60_000,
} as const;

export type HostLimits = Readonly<Record<keyof typeof hostLimits, number>>;
