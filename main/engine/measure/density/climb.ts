/** One ladder: 1, 2, 4 … instances of a workload beside each other, up to a bound or to the guard, and all of them stopped again. */
import type { DensityLadder, Guard } from '../../../contract/run/density';
import { ladderCounts } from '../../../contract/planning';
import type { DensityPlan, Workload } from '../../../contract/plan';
import type { TargetId } from '../../../contract/targets';
import type { Trial } from '../../../contract/run/run';
import type { RunningTrial } from '../trial/trial';
import { TareError } from '../../base/errors';
import { anySignal, sleep } from '../../base/signals';
import { danger, mayNotStart, nextCost, tooBusy } from './guard';
import type { HostCapacity } from './hostCapacity';
import { beforeOn, difference, readStep, type Before } from './reading';

/** How a ladder starts, watches and ends its instances. */
export interface Hands {
  host: HostCapacity;
  signal: AbortSignal;
  /** starts instance number `index` and waits until it answers; what went wrong is in its record */
  start(index: number, signal: AbortSignal): Promise<RunningTrial>;
  /** called before an instance is stopped: nothing may read a dying process */
  ending: (trial: string) => void;
  /** called with each record when its instance is gone */
  ended: (trial: Trial) => void;
  /** true when no time is left */
  isOver(): boolean;
}

/** Memory can run out within a second: looked at this often while an instance starts. */
const watchMs = 200;
/** Stopping many at once would keep two cores busy for long, one by one takes longer still. */
const stoppedAtOnce = 4;

type End = Pick<DensityLadder, 'ended' | 'guard'>;

export const emptyLadder = (workload: Workload, target: TargetId, round: number): DensityLadder => ({
  workload: workload.name,
  target,
  round,
  capacity: { floorBytes: 0 },
  steps: [],
  reached: 0,
  ended: 'stopped',
});

/**
 * Climbs as far as order and guard let it, and writes into `ladder` as it goes. Whatever happens, nothing that it started is left
 * when this settles.
 * @throws the signal's reason when the user stops; `ladder` then holds what was read until then
 */
export async function climb(
  ladder: DensityLadder,
  workload: Workload,
  plan: DensityPlan,
  hands: Hands,
): Promise<void> {
  const { host } = hands;
  ladder.capacity = await host.capacity(ladder.target, plan.memoryFloorBytes);
  const before = beforeOn(host, ladder.capacity.spareBytes);
  const up: RunningTrial[] = [];
  try {
    const end = await ascend(ladder, up, { workload, plan, hands, before });
    Object.assign(ladder, end);
  } finally {
    await endAll(up, hands);
    const kept = difference(before.spareBytes, await host.spareBytes());
    if (kept !== undefined) ladder.keptBytes = kept;
  }
}

interface Ascent {
  workload: Workload;
  plan: DensityPlan;
  hands: Hands;
  before: Before;
}

async function ascend(ladder: DensityLadder, up: RunningTrial[], ascent: Ascent): Promise<End> {
  const { plan, hands, workload } = ascent;
  const { most, prove, provedMost, ladders } = plan.density;
  const isLast = ladder.round === ladders - 1;
  for (const { count, proof } of stages(most, prove && isLast ? provedMost : 0)) {
    while (up.length < count) {
      const next = nextCost(ladder.steps, workload.limits.memoryBytes);
      const guard = await mayNotStart(hands.host, ladder.capacity, next, up.length);
      if (guard) return settle(ladder, up, ascent, { ended: 'guard', guard });
      if (hands.isOver()) return settle(ladder, up, ascent, { ended: 'budget' });
      const failed = await oneMore(ladder, up, ascent);
      if (failed) return failed;
    }
    const guard = await read(ladder, up, ascent, proof);
    if (up.some(({ record }) => record.failure)) return { ended: 'failed' };
    if (guard) return { ended: 'guard', guard };
  }
  return { ended: 'most' };
}

/** The ladder's counts, and in a proof every so often another one, so that a proof of hundreds is not spent with reading. */
function* stages(most: number, provedMost: number): Generator<{ count: number; proof: boolean }> {
  for (const count of ladderCounts(most)) yield { count, proof: false };
  for (let count = most; count < provedMost;) {
    count = Math.min(provedMost, count + Math.max(1, Math.round(count / 4)));
    yield { count, proof: true };
  }
}

/** Between two counts the guard says no: what is up is a measurement too. */
async function settle(ladder: DensityLadder, up: RunningTrial[], ascent: Ascent, end: End): Promise<End> {
  if (up.length > (ladder.steps.at(-1)?.count ?? 0)) {
    await read(ladder, up, ascent, up.length > ascent.plan.density.most);
    if (up.some(({ record }) => record.failure)) return { ended: 'failed' };
  }
  return end;
}

/** @returns why the ladder ends; undefined when one more is up */
async function oneMore(ladder: DensityLadder, up: RunningTrial[], ascent: Ascent): Promise<End | undefined> {
  const { hands } = ascent;
  const watch = watchFor(hands.host, ladder.capacity.floorBytes, hands.signal);
  try {
    const trial = await hands.start(up.length, watch.signal);
    trial.record.upBefore = up.length;
    up.push(trial);
    // one that dies while others start is no longer there to be counted
    void trial.instance?.ended.then((ending) =>
      trial.fail(new TareError({ code: 'ended-early', ...ending })),
    );
    hands.signal.throwIfAborted();
    const guard = watch.seen() ?? (await danger(hands.host, ladder.capacity.floorBytes));
    if (guard) {
      // It was given up because of the guard: that is no failure of its own.
      if (trial.record.failure) await endAll([up.pop()!], { ending: hands.ending, ended: () => undefined });
      ladder.reached = up.length;
      return { ended: 'guard', guard };
    }
    if (trial.record.failure) return { ended: 'failed' };
    ladder.reached = up.length;
    return undefined;
  } finally {
    await watch.end();
  }
}

/** Looks at the host while an instance starts, and breaks the start off when it becomes dangerous. */
function watchFor(host: HostCapacity, floorBytes: number, signal: AbortSignal) {
  const over = new AbortController();
  const all = anySignal(signal, over.signal);
  const done = new AbortController();
  let guard: Guard | undefined;
  const watching = (async () => {
    while (!done.signal.aborted && !guard) {
      guard = await danger(host, floorBytes);
      if (guard) over.abort();
      else await sleep(watchMs, done.signal).catch(() => undefined);
    }
  })();
  return {
    signal: all.signal,
    seen: () => guard,
    async end() {
      done.abort();
      await watching;
      all.release();
    },
  };
}

/** Lets what is up come to rest, and reads it. @returns the guard that now forbids more */
async function read(
  ladder: DensityLadder,
  up: readonly RunningTrial[],
  { plan, hands, workload, before }: Ascent,
  proof: boolean,
): Promise<Guard | undefined> {
  const { host, signal } = hands;
  const { step, load } = await readStep(up, { workload, soakMs: plan.soakMs, host, signal, before });
  signal.throwIfAborted();
  ladder.steps.push({ ...step, ...(proof && { proof }) });
  const busy = tooBusy(load, step.cpuMsPerSecond, ladder.capacity.cores);
  return (await danger(host, ladder.capacity.floorBytes)) ?? busy;
}

/** The last one first, a few at a time; one that cannot be ended has that in its record and keeps none of the others up. */
async function endAll(up: readonly RunningTrial[], hands: Pick<Hands, 'ending' | 'ended'>): Promise<void> {
  const left = [...up];
  const work = async () => {
    for (let trial = left.pop(); trial; trial = left.pop()) {
      hands.ending(trial.record.id);
      await trial.end();
    }
  };
  await Promise.all(Array.from({ length: stoppedAtOnce }, work));
  for (const { record } of up) hands.ended(record);
}
