/** The kernel's own log: the only place where it keeps that a control group ran out of memory once that group is removed. */
import { closeSync, constants, openSync, readSync } from 'node:fs';

/** The kernel refuses to write a record that is longer. */
const longestRecord = 8192;

/**
 * Each record of the log, oldest first.
 * @throws a system error: `EPERM` or `EACCES` where this user may not read it, `ENOENT` where there is none
 */
export function* kernelRecords(file = '/dev/kmsg'): Generator<string> {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  const buffer = Buffer.allocUnsafe(longestRecord);
  try {
    for (;;) {
      const record = nextRecord(descriptor, buffer);
      if (record === undefined) return;
      yield record;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Each call of the kernel gives one record, or is told that there is no more. */
function nextRecord(descriptor: number, buffer: Buffer): string | undefined {
  try {
    const length = readSync(descriptor, buffer);
    return length === 0 ? undefined : buffer.toString('latin1', 0, length);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN') return undefined;
    if (code === 'EPIPE') return ''; // it was overwritten while we read
    throw error;
  }
}

/**
 * Whether the kernel killed a process in the group of that name, or below it, for want of memory; undefined where its log cannot be
 * read. It writes so before the process ends, so that whoever has seen the end can rely on the answer.
 */
export function outOfMemoryIn(group: string, records: () => Iterable<string> = kernelRecords) {
  try {
    for (const record of records()) {
      const victims = /\boom-kill:.*\btask_memcg=([^,]*)/.exec(record)?.[1];
      if (victims?.includes(group)) return true;
    }
    return false;
  } catch {
    return undefined;
  }
}
