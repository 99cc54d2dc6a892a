/** A running instance under a plan's load: what it answers, what that costs it, and what it takes meanwhile. */
import type { Plan } from '../../contract/plan';
import type { RunningTrial } from '../trial/trial';
import { sleep } from '../signals';
import { loadHttp } from './http';

/** Readings of the memory while it is loaded; each costs some milliseconds of a core. */
const readEveryMs = 1000;

/**
 * Loads the instance and writes what came of it into its record. An application that does not speak HTTP, or an instance that has
 * failed, is left alone: a missing result is no zero.
 */
export async function applyLoad(trial: RunningTrial, plan: Plan, signal: AbortSignal): Promise<void> {
  const { instance, record } = trial;
  const workload = plan.workloads.find(({ name }) => name === record.workload);
  if (!instance || record.failure || !plan.load || workload?.probe.kind !== 'http') return;
  const cpuBefore = await instance.cpuMs();
  const over = new AbortController();
  const highest = highestReading(() => instance.measure().then(({ hostBytes }) => hostBytes), over.signal);
  const result = await loadHttp(
    { host: instance.host, port: instance.port, path: workload.probe.path },
    plan.load,
    signal,
  ).finally(() => over.abort());
  const cpuAfter = await instance.cpuMs();
  const hostBytes = await highest;
  record.load = {
    ...result,
    ...(cpuBefore !== undefined &&
      cpuAfter !== undefined &&
      result.answered > 0 && { cpuMsPerRequest: (cpuAfter - cpuBefore) / result.answered }),
    ...(hostBytes !== undefined && { hostBytes }),
  };
}

async function highestReading(
  read: () => Promise<number | undefined>,
  until: AbortSignal,
): Promise<number | undefined> {
  let highest: number | undefined;
  while (!until.aborted) {
    await sleep(readEveryMs, until).catch(() => undefined);
    const bytes = await read().catch(() => undefined); // the last one right at the end of the load
    if (bytes !== undefined) highest = Math.max(highest ?? 0, bytes);
  }
  return highest;
}
