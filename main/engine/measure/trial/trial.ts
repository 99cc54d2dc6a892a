/** One trial: start → ready → soak → measure → stop. Every instant is the host's monotonic clock. */
import type { Failure } from '../../../contract/failures';
import { trialId, type Pair } from '../../../contract/planning';
import type { Plan } from '../../../contract/plan';
import type { Phase, Trial } from '../../../contract/run/run';
import { TareError, toFailure } from '../../base/errors';
import { anySignal, sleep, unlessAborted } from '../../base/signals';
import type { Instance, Prepared, Mark } from '../targets/target';
import type { RunScope } from '../../base/scope';
import { patienceFor } from '../workloads/patience';
import { waitReady } from '../workloads/readiness';
import { answers } from './answers';
import { watchOwnUse } from './ownUse';

/** One start of one workload on one target. */
export interface Turn extends Pair {
  /** from 0; below 0 for a warm-up */
  round: number;
}

export interface TrialContext {
  plan: Plan;
  scope: RunScope;
  /** performance.now() at which the run began */
  originMs: number;
  onPhase: (trial: string, phase: Phase) => void;
  /** the instance exists and can be sampled; the application need not be ready */
  onStarted: (instance: Instance, trial: string) => void;
  /** the last of what the instance printed, once nothing of it is measured any more */
  onOutput?: (trial: string, text: string) => void;
}

/** Enough to see what an application said last, and little enough to be sent to a page after each trial. */
const longestOutput = 8192;

/** A trial under way. The owner must call `end`, whatever happens: it stops the instance and closes the record. */
export interface RunningTrial {
  readonly record: Trial;
  /** absent when it never started */
  readonly instance?: Instance;
  /** reads memory, disk and CPU into the record, in the place of an earlier reading */
  measure(): Promise<void>;
  /**
   * asks the application once more: one that is stopped, or hangs, holds its memory and looks well in every figure. The record fails
   * where it does not answer.
   */
  mustAnswer(signal: AbortSignal): Promise<void>;
  /** marks the record as failed; the first failure stands */
  fail(error: unknown): void;
  /** never rejects: what could not be stopped or removed is in the record */
  end(): Promise<Trial>;
}

/** Starts `turn` and waits until its application answers. Never rejects: what went wrong is in the record. */
export async function startTrial(
  turn: Turn,
  prepared: Prepared,
  context: TrialContext,
): Promise<RunningTrial> {
  const engineBefore = prepared.engineCpuMs?.();
  const ownUse = watchOwnUse();
  const startedAtMs = performance.now();
  const record = emptyRecord(turn, prepared, startedAtMs - context.originMs);
  const mark: Mark = (name, seenAtMs = performance.now()) => {
    const phase = { name, atMs: seenAtMs - startedAtMs };
    record.phases.push(phase);
    // Some are known only later than they were: what they are recognised by comes after them.
    record.phases.sort((a, b) => a.atMs - b.atMs);
    context.onPhase(record.id, phase);
  };
  const fail = (error: unknown) => {
    if (record.failure) return;
    record.failure = toFailure(error);
    record.outcome = outcomeOf(record.failure);
  };
  const lastPhase = () => record.phases.at(-1)?.name ?? 'start';
  const { plan, scope: given } = context;
  const patience = patienceFor(plan.readyTimeoutMs, given.signal, lastPhase, startedAtMs);
  let instance: Instance | undefined;
  mark('start', startedAtMs);
  try {
    const scope = { ...given, signal: patience.signal };
    instance = await prepared.start(turn.workload.limits, mark, scope);
    context.onStarted(instance, record.id);
    void instance.ended.then((ending) => patience.giveUp({ code: 'ended-early', ...ending }));
    if (instance.reachable) await unlessAborted(instance.reachable, patience.signal);
    const ready = await waitReady(instance, turn.workload.probe, patience.signal, patience.attempts);
    if (ready.waited) {
      mark('refused', ready.waited.fromMs);
      mark('asked', ready.waited.toMs);
    }
    mark('first-byte', ready.firstByteAtMs);
    mark('ready', ready.atMs);
    record.readyMs = ready.atMs - startedAtMs;
    if (ready.resolutionMs !== undefined) record.resolutionMs = ready.resolutionMs;
    record.answerSha256 = ready.answerSha256;
    const engineAfter = prepared.engineCpuMs?.();
    if (engineBefore !== undefined && engineAfter !== undefined)
      record.engineCpuMs = engineAfter - engineBefore;
  } catch (error) {
    fail(patience.signal.aborted ? patience.signal.reason : error);
    if (instance && record.failure?.code === 'not-ready')
      record.failure = { ...record.failure, output: await lastOutput(instance) };
  } finally {
    patience.release();
  }
  const mustAnswer = async (signal: AbortSignal) => {
    if (instance) await answers(instance, turn.workload.probe, plan.readyTimeoutMs, signal);
  };
  return running({ record, instance, mark, fail, mustAnswer }, ownUse, async () => {
    if (!instance || !context.onOutput) return;
    const text = await lastOutput(instance);
    if (text.trim()) context.onOutput(record.id, text);
  });
}

/** What cannot be read is not there to be shown. */
const lastOutput = async (instance: Instance): Promise<string> =>
  (await instance.output().catch(() => '')).slice(-longestOutput);

interface Running {
  record: Trial;
  instance: Instance | undefined;
  mark: Mark;
  fail: (error: unknown) => void;
  mustAnswer: (signal: AbortSignal) => Promise<void>;
}

function running(
  { record, instance, mark, fail, mustAnswer }: Running,
  ownUse: ReturnType<typeof watchOwnUse>,
  tellOutput: () => Promise<void>,
): RunningTrial {
  return {
    record,
    ...(instance && { instance }),
    fail,
    async measure() {
      if (!instance || record.failure) return;
      try {
        const [memory, balloonUsedBytes, disk, cpuMs] = await Promise.all([
          instance.measure(),
          instance.balloonUsedBytes?.(),
          instance.disk(),
          instance.cpuMs(),
        ]);
        // a ladder reads what is up again and again: the soak ended at the first
        if (!record.phases.some(({ name }) => name === 'measured')) mark('measured');
        record.memory = { ...memory, ...(balloonUsedBytes !== undefined && { balloonUsedBytes }) };
        record.disk = disk;
        record.ownUse = ownUse.read();
        if (cpuMs !== undefined) record.cpuMs = cpuMs;
      } catch (error) {
        fail(error);
      }
    },
    async mustAnswer(signal) {
      if (record.failure) return;
      await mustAnswer(signal).catch(fail);
    },
    async end() {
      record.ownUse ??= ownUse.read();
      if (!instance) return record;
      try {
        await tellOutput();
        mark('stopping');
        const fromMs = performance.now();
        const how = await instance.stop();
        mark('stopped');
        record.stop = { how, tookMs: performance.now() - fromMs };
      } catch (error) {
        fail(error);
      }
      try {
        await instance[Symbol.asyncDispose]();
      } catch (error) {
        fail(error); // the others of its group are still to be ended
      }
      return record;
    },
  };
}

/** Waits `soakMs` with the instances up; rejects when one ends by itself meanwhile or the user stops. */
export async function soak(trials: RunningTrial[], soakMs: number, signal: AbortSignal): Promise<void> {
  const allFailed = () => trials.every(({ record }) => record.failure);
  if (allFailed()) return signal.throwIfAborted();
  const over = new AbortController();
  const all = anySignal(signal, over.signal);
  for (const trial of trials) {
    void trial.instance?.ended.then((ending) => {
      trial.fail(new TareError({ code: 'ended-early', ...ending }));
      if (allFailed()) over.abort(); // nothing left to wait for
    });
  }
  try {
    await sleep(soakMs, all.signal);
  } catch (error) {
    if (signal.aborted) throw error;
  } finally {
    all.release();
  }
}

const outcomeOf = (failure: Failure): Trial['outcome'] =>
  failure.code === 'not-ready' ? 'timeout' : failure.code === 'stopped' ? 'stopped' : 'failed';

function emptyRecord(turn: Turn, prepared: Prepared, startMs: number): Trial {
  return {
    id: trialId(turn, turn.round),
    workload: turn.workload.name,
    target: turn.target,
    index: turn.round,
    outcome: 'ok',
    ...(prepared.accelerator && { accelerator: prepared.accelerator }),
    startMs,
    phases: [],
    memory: { reservedBytes: turn.workload.limits.memoryBytes, parts: [], missing: [] },
    disk: {},
  };
}
