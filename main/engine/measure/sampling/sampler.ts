/**
 * One sampler for everything that runs: a tick reads the host and the cheap counters of every instance, from files that stay open.
 * A late tick skips the ones it missed; ticks never bunch or overlap. What costs more, such as a process's share of memory, is read at a
 * trial's marks only, so that watching does not change what is watched.
 */
import type { Sample } from '../../../contract/run/run';
import type { Instance } from '../targets/target';
import { Disturbances, type Disturbance } from './disturbances';
import { availableBytes, cpuTimes, load } from './host';

export interface SamplerOptions {
  periodMs: number;
  /** performance.now() that counts as 0 in the samples */
  originMs: number;
  /** called once per tick, with the host's sample first */
  take: (samples: Sample[]) => void;
}

export interface Sampler {
  add(trial: string, instance: Pick<Instance, 'read'>): void;
  remove(trial: string): void;
  /**
   * CPU time that this process has used while ticks were under way, as a share of one core: an upper bound of the sampler's own, exact
   * when nothing else ran meanwhile. Waiting for a guest's answer costs nothing, so the time that ticks take would tell too much.
   */
  ownLoad(): number;
  /** what kept this process or the whole computer from going on since then, by the samples' clock */
  disturbance(sinceMs: number): Disturbance | undefined;
  /** resolves when the tick under way is over */
  stop(): Promise<void>;
}

export function startSampler({ periodMs, originMs, take }: SamplerOptions): Sampler {
  const watched = new Map<string, Pick<Instance, 'read'>>();
  const beganMs = performance.now();
  let spentUs = 0;
  let cpu = cpuTimes();
  const disturbances = new Disturbances();

  async function tick(dueMs: number): Promise<void> {
    const startMs = performance.now();
    disturbances.look(startMs, startMs - dueMs);
    const spentFrom = process.cpuUsage();
    const now = cpuTimes();
    const [available, readings] = await Promise.all([
      availableBytes().catch(() => undefined),
      Promise.all(
        [...watched].map(async ([trial, instance]) => ({
          trial,
          ...(await instance.read().catch(() => ({}))),
        })),
      ),
    ]);
    const busy = load(cpu, now);
    cpu = now;
    const atMs = startMs - originMs;
    const costMs = performance.now() - startMs;
    const host: Sample = {
      ...{ kind: 'host', atMs, lateMs: startMs - dueMs, costMs },
      ...(available !== undefined && { availableBytes: available }),
      ...(busy !== undefined && { load: busy }),
    };
    const instances = readings
      .filter(({ trial }) => watched.has(trial)) // removed while it was being read: its figures are those of a dying process
      .map((reading): Sample => ({ kind: 'instance', atMs, ...reading }));
    take([host, ...instances]);
    const { user, system } = process.cpuUsage(spentFrom);
    spentUs += user + system;
  }

  const stop = everyPeriod(periodMs, beganMs, tick);
  return {
    add: (trial, instance) => void watched.set(trial, instance),
    remove: (trial) => void watched.delete(trial),
    disturbance(sinceMs) {
      disturbances.look(performance.now(), 0);
      return disturbances.since(originMs + sinceMs);
    },
    ownLoad: () => spentUs / 1000 / Math.max(1, performance.now() - beganMs),
    stop,
  };
}

/** Ticks on a fixed grid; a tick that takes longer than a period makes the next ones fall away. The answer stops it. */
function everyPeriod(
  periodMs: number,
  beganMs: number,
  tick: (dueMs: number) => Promise<void>,
): () => Promise<void> {
  let stopped = false;
  let running = Promise.resolve();
  let timer: NodeJS.Timeout;
  const schedule = (dueMs: number) => {
    const begin = () => {
      running = tick(dueMs).finally(() => {
        let nextMs = dueMs;
        do nextMs += periodMs;
        while (nextMs <= performance.now());
        if (!stopped) schedule(nextMs);
      });
    };
    timer = setTimeout(begin, Math.max(0, dueMs - performance.now()));
  };
  schedule(beganMs);
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}
