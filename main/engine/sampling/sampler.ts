/**
 * One sampler for everything that runs: a tick reads the host and the cheap counters of every instance.
 * A late tick skips the ones it missed; ticks never bunch or overlap. The costly reading (PSS) goes round the instances
 * and is held to a share of one core, so that watching does not change what is watched.
 */
import type { Sample } from '../../contract/run';
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
  /** CPU share of one core that sampling has cost so far, 0 to 1 */
  ownLoad(): number;
  /** resolves when the tick under way is over */
  stop(): Promise<void>;
}

/** PSS is read at most this often, and at most for this share of the time (design rule 6: it costs 26 ms at 2 GiB). */
const costlyPeriodMs = 1000;
const costlyShare = 0.01;

export function startSampler({ periodMs, originMs, take }: SamplerOptions): Sampler {
  const watched = new Map<string, Pick<Instance, 'read' | 'measure'>>();
  const beganMs = performance.now();
  let spentMs = 0;
  let costlyAfterMs = 0;
  let turn = 0;
  let cpu = cpuTimes();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let dueMs = beganMs;

  /** Reads one instance's PSS when the budget allows, in rotation. */
  async function costly(): Promise<{ trial: string; hostBytes: number } | undefined> {
    const nowMs = performance.now();
    if (watched.size === 0 || nowMs < costlyAfterMs) return undefined;
    const [trial, instance] = [...watched][turn++ % watched.size]!;
    const memory = await instance.measure().catch(() => undefined);
    const tookMs = performance.now() - nowMs;
    costlyAfterMs = nowMs + Math.max(costlyPeriodMs / watched.size, tookMs / costlyShare);
    return memory?.hostBytes === undefined ? undefined : { trial, hostBytes: memory.hostBytes };
  }

  async function tick(): Promise<void> {
    const startMs = performance.now();
    const atMs = startMs - originMs;
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
    const costMs = performance.now() - startMs;
    spentMs += costMs;
    const host: Sample = {
      kind: 'host',
      atMs,
      lateMs: startMs - dueMs,
      costMs,
      ...(available !== undefined && { availableBytes: available }),
      ...(busy !== undefined && { load: busy }),
    };
    take([
      host,
      ...readings
        .filter(({ trial }) => watched.has(trial)) // removed while it was being read: its figures are those of a dying process
        .map((reading): Sample => ({
          kind: 'instance',
          atMs,
          ...reading,
          ...(measured?.trial === reading.trial && { hostBytes: measured.hostBytes }),
        })),
    ]);
  }

  let running = Promise.resolve();
  const schedule = () => {
    timer = setTimeout(
      () => {
        running = tick().finally(() => {
          const nowMs = performance.now();
          do dueMs += periodMs;
          while (dueMs <= nowMs);
          if (!stopped) schedule();
        });
      },
      Math.max(0, dueMs - performance.now()),
    );
  };
  schedule();

  return {
    add: (trial, instance) => void watched.set(trial, instance),
    remove: (trial) => void watched.delete(trial),
    ownLoad: () => spentMs / Math.max(1, performance.now() - beganMs),
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
