/**
 * A plain process's memory. Its root lies in a tmpfs, so that what it writes is memory of its own. Where Tare may make it a control group,
 * that counts all of it, as a container's does; otherwise it is added up from the processes and the file system.
 */
import { existsSync, statfsSync } from 'node:fs';
import type { Missing, TrialMemory } from '../../../../contract/run/run';
import { processesOf } from '../../../base/process/cgroup';
import { startTicks } from '../../../base/process/proc';
import { isRefused, memoryOf } from '../../../base/process/memory';
import { addedUp, details, fileFigures, groupMemory } from '../memory';
import type { PlainProcess } from './plain';

/** No limit holds a plain process, so nothing is reserved for it. */
export async function plainMemory(plain: PlainProcess): Promise<TrialMemory> {
  const pids = plain.members().map(({ pid }) => pid);
  const isInRoot = writtenIn(plain.upper, pids[0]);
  const { own, inside, processes, files, missing } =
    plain.group && counts(plain.group, pids)
      ? await groupMemory(plain.group, pids, isInRoot)
      : addedUp(await memoryOf(pids, isInRoot), rootBytes(pids[0]), 'no-cgroup');
  return {
    ...(isRefused(own)
      ? { parts: [] }
      : { hostBytes: own.bytes, parts: [{ part: 'workload' as const, bytes: own.bytes }] }),
    ...(!isRefused(processes) && details(processes)),
    ...(!isRefused(files) && fileFigures(files)),
    ...(inside.length > 0 && { inside }),
    missing: [
      { what: 'limit', reason: 'not-enforced' },
      ...missing,
      ...unread('workload', own),
      ...unread('fileBytes', files),
    ],
  };
}

const unread = (what: string, figure: object): Missing[] =>
  isRefused(figure) ? [{ what, reason: figure.reason }] : [];

/** Whether all of them are in it: the kernel may have refused to take them. */
function counts(group: Parameters<typeof processesOf>[0], pids: readonly number[]): boolean {
  const counted = new Set(processesOf(group));
  const isOutside = (pid: number) => !counted.has(pid) && startTicks(pid) !== undefined; // and has not just ended
  return counted.size > 0 && !pids.some(isOutside);
}

/** What the tmpfs holds that its root is in: an overlay tells the figures of the file system that is written to. */
function rootBytes(pid: number | undefined): number | undefined {
  try {
    const { blocks, bfree, bsize } = statfsSync(`/proc/${pid}/root`);
    return (blocks - bfree) * bsize;
  } catch {
    return undefined; // it has ended
  }
}

/** Whether a file, by the name that a mapping has, is not the image's: it was written, and lies in memory. */
function writtenIn(upper: string | undefined, pid: number | undefined): (name: string) => boolean {
  return (name) => upper !== undefined && pid !== undefined && existsSync(upper + name);
}
