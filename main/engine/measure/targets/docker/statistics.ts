/** The engine's own statistics: the only figures there are when its containers are not processes of this machine. */
import type Docker from 'dockerode';

type Stats = Pick<Docker.ContainerStats, 'memory_stats' | 'cpu_stats'>;

/** One reading without the engine's wait for a second sample, which would take 1.8 s. */
export const oneShot = (container: Docker.Container): Promise<Stats> =>
  container.stats({ stream: false, 'one-shot': true });

/** Same definition as from the cgroup: usage less inactive file cache. Undefined when the engine does not say. */
export function statisticsWorkingSetBytes({ memory_stats: memory }: Stats): number | undefined {
  const counters = memory.stats as Partial<Record<string, number>> | undefined;
  const inactive = counters?.total_inactive_file ?? counters?.inactive_file;
  const usage = memory.usage as number | undefined;
  return usage === undefined || inactive === undefined ? undefined : Math.max(0, usage - inactive);
}

/** CPU time in ms. Undefined when the engine does not say. */
export function statisticsCpuMs({ cpu_stats: cpu }: Stats): number | undefined {
  const total = cpu.cpu_usage?.total_usage as number | undefined;
  return total === undefined ? undefined : total / 1e6;
}

/**
 * Whether they are of a control group that counts more than the container: one without its limit.
 * @param limitBytes  the container's
 */
export const isOfOthersToo = ({ memory_stats: memory }: Stats, limitBytes: number): boolean =>
  ((memory.limit as number | undefined) ?? 0) > limitBytes;
