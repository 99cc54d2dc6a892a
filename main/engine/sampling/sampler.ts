/**
 * One sampler for everything that runs: a tick reads the host and the cheap counters of every instance.
 * A late tick skips the ones it missed; ticks never bunch or overlap. The costly reading (PSS) goes round the instances
 * and is held to a share of one core, so that watching does not change what is watched.
 */
import type { Sample } from '../../contract/run/run';
import type { Instance } from '../targets/target';
import { availableBytes, cpuTimes, load } from './host';

export interface SamplerOptions {
  periodMs: number;
  /** performance.now() that counts as 0 in the samples */
  originMs: number;
  /** called once per tick, with the host's sample first */
  take: (samples: Sample[]) => void;
}

export interface Sampler {
  add(trial: string, instance: Pick<Instance, 'read' | 'measure'>): void;
  remove(trial: string): void;
  /**
   * CPU time that this process has used while ticks were under way, as a share of one core: an upper bound of the sampler's own, exact
   * when nothing else ran meanwhile. Waiting for a guest's answer costs nothing, so the time that ticks take would tell too much.
   */
  ownLoad(): number;
  /** resolves when the tick under way is over */
  stop(): Promise<void>;
}

/** PSS is read at most this often, and at most for this share of the time (design rule 6: it costs 26 ms at 2 GiB). */
const costlyPeriodMs = 1000;
const costlyShare = 0.01;

export function startSampler({ periodMs, originMs, take }: SamplerOptions): Sampler {
  const watched: Watched = new Map();
  const beganMs = performance.now();
  const costly = rationed(watched);
  let spentUs = 0;
  let cpu = cpuTimes();

  async function tick(dueMs: number): Promise<void> {
    const startMs = performance.now();
    const spentFrom = process.cpuUsage();
    const now = cpuTimes();
    const [available, readings, measured] = await Promise.all([
      availableBytes().catch(() => undefined),
      Promise.all(
        [...watched].map(async ([trial, instance]) => ({
          trial,
          ...(await instance.read().catch(() => ({}))),
        })),
      ),
      costly(),
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
      .map((reading): Sample => {
        const hostBytes = measured?.trial === reading.trial ? measured.hostBytes : undefined;
        return { kind: 'instance', atMs, ...reading, ...(hostBytes !== undefined && { hostBytes }) };
      });
    take([host, ...instances]);
    const { user, system } = process.cpuUsage(spentFrom);
    spentUs += user + system;
  }

  const stop = everyPeriod(periodMs, beganMs, tick);
  return {
    add: (trial, instance) => void watched.set(trial, instance),
    remove: (trial) => void watched.delete(trial),
    ownLoad: () => spentUs / 1000 / Math.max(1, performance.now() - beganMs),
    stop,
  };
}

type Watched = Map<string, Pick<Instance, 'read' | 'measure'>>;

/** Reads the PSS of one instance after the other, as often as the ration allows. */
function rationed(watched: Watched): () => Promise<{ trial: string; hostBytes: number } | undefined> {
  let afterMs = 0;
  let turn = 0;
  return async () => {
    const nowMs = performance.now();
    if (watched.size === 0 || nowMs < afterMs) return undefined;
    const [trial, instance] = [...watched][turn++ % watched.size]!;
    const memory = await instance.measure().catch(() => undefined);
    const tookMs = performance.now() - nowMs;
    afterMs = nowMs + Math.max(costlyPeriodMs / watched.size, tookMs / costlyShare);
    return memory?.hostBytes === undefined ? undefined : { trial, hostBytes: memory.hostBytes };
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
