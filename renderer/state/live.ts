import type { TareEvent } from '../../main/contract/events';
import type { Progress } from '../../main/contract/work/progress';
import type { WorkUnderWay } from '../../main/contract/work/work';
import type { Failure } from '../../main/contract/failures';
import { howFar } from '../../main/contract/run/howFar';
import { pairKey, pairKeyOf, pairsOf, promisedBytes } from '../../main/contract/planning';
import type { Plan } from '../../main/contract/plan';
import { byPlace, kindOf, type TargetId, type TargetKind } from '../../main/contract/targets';
import type { Message } from '../../main/contract/report/report';
import type { FollowedRun } from '../../main/contract/run/followed';
import type { Outcome, Phase, Run, RunState, Sample } from '../../main/contract/run/run';
import { Series } from './series';

/** One start of one workload on one target, as far as it has been told. */
export interface LiveTrial {
  id: string;
  /** round, from 0; below 0 for a warm-up */
  index: number;
  warmup: boolean;
  /** the page's own clock when the start was told: a trial that is not ready yet grows from here */
  seenAtMs: number;
  phases: Phase[];
  /** its phases are not told, as of another Tare's: they stand in its record once it has ended */
  unseen?: true;
  outcome?: Outcome;
  failure?: Failure;
}

/** One workload on one target: what a row of the page shows, trial after trial. */
export interface Lane {
  key: string;
  workload: string;
  target: TargetId;
  reservedBytes: number;
  /** the newest */
  trial?: LiveTrial;
  /** time to ready of every counted trial that has ended well */
  readyMs: number[];
  failures: Failure[];
  /** the newest reading of what the host gives */
  bytes?: number;
  /** a VM without hardware virtualisation: known once a trial has ended */
  emulated: boolean;
  /** the end of what the newest instance that was measured has printed */
  log?: string;
  memory: Series;
}

/** Another process that makes a run on this data folder. */
export type OtherTare = Pick<WorkUnderWay, 'door' | 'pid' | 'startedAt'>;

/** A run while it is under way, built from its events alone, or from the record that another Tare keeps of it. */
export interface LiveRun {
  id: string;
  state: RunState;
  /** the other Tare that makes it, whose events are not told here: it is followed from its record */
  by?: OtherTare;
  /** known once preparation is over */
  plan?: Plan;
  lanes: Lane[];
  /** what is prepared once for many trials, newest last */
  steps: Progress[];
  done: number;
  of: number;
  warnings: Message[];
  /** `change`: how much less is available than when the run began */
  host: { firstAvailableBytes?: number; availableBytes?: number; load?: number; change: Series };
  failure?: Failure;
}

export const emptyRun = (id: string): LiveRun => ({
  id,
  state: 'running',
  lanes: [],
  steps: [],
  done: 0,
  of: 0,
  warnings: [],
  host: { change: new Series() },
});

/** Takes up a run that began before this page was opened. */
export function resumedRun(run: Run, samples: Sample[]): LiveRun {
  const live = emptyRun(run.id);
  begin(live, run.plan, 0);
  for (const trial of [...run.warmups, ...run.trials]) {
    const lane = laneOf(live, trial.id);
    if (trial.index >= 0 && trial.readyMs !== undefined && trial.outcome === 'ok')
      lane?.readyMs.push(trial.readyMs);
    if (trial.failure) lane?.failures.push(trial.failure);
    if (lane && trial.accelerator === 'tcg') lane.emulated = true;
    if (lane) {
      const { id, index, phases, outcome, failure } = trial;
      lane.trial = {
        id,
        index,
        warmup: index < 0,
        seenAtMs: 0,
        phases,
        outcome,
        ...(failure && { failure }),
      };
    }
  }
  Object.assign(live, howFar(run));
  takeSamples(live, samples);
  live.state = run.state;
  if (run.failure) live.failure = run.failure;
  return live;
}

/** A run that another Tare makes, with what its files tell since they were read last. */
export function takeRecord(
  before: LiveRun,
  { run, samples }: Pick<FollowedRun, 'run' | 'samples'>,
  nowMs: number,
): LiveRun {
  const live = run ? { ...resumedRun(run, []), host: before.host } : copied(before);
  if (before.by) live.by = before.by;
  for (const lane of live.lanes) {
    const known = before.lanes.find(({ key }) => key === lane.key);
    if (known) lane.memory = known.memory;
  }
  for (const { trial } of samples.filter((sample) => sample.kind === 'instance')) {
    const lane = laneOf(live, trial);
    if (lane && isNewer(trial, lane.trial)) {
      lane.trial = { ...trialSeen(trial, nowMs), unseen: true };
      lane.memory.interrupt();
    }
  }
  takeSamples(live, samples);
  return live;
}

const roundOf = (trial: string): number => Number(trial.slice(trial.lastIndexOf('/') + 1));
/** A trial whose start was not told: its name says which one it is. */
const trialSeen = (id: string, seenAtMs: number): LiveTrial => {
  const index = roundOf(id);
  return { id, index, warmup: index < 0, seenAtMs, phases: [] };
};
const isNewer = (trial: string, known: LiveTrial | undefined): boolean =>
  known === undefined || (known.id !== trial && roundOf(trial) > known.index);

const copied = (run: LiveRun): LiveRun => ({ ...run, lanes: run.lanes.map((lane) => ({ ...lane })) });

const laneOf = (live: LiveRun, trial: string): Lane | undefined => {
  const key = pairKeyOf(trial);
  return live.lanes.find((lane) => lane.key === key);
};

function begin(live: LiveRun, plan: Plan, trials: number): void {
  live.plan = plan;
  live.of = trials;
  live.lanes = pairsOf(plan).map((pair) => ({
    key: pairKey(pair.workload.name, pair.target),
    workload: pair.workload.name,
    target: pair.target,
    reservedBytes: promisedBytes([pair]),
    readyMs: [],
    failures: [],
    emulated: false,
    memory: new Series(),
  }));
}

/**
 * The run after a batch of events; a run that begins replaces one that is over. The answer is a new object with new lanes,
 * so that what shows them looks at them again; what is inside is kept.
 */
export function takeEvents(
  before: LiveRun | undefined,
  events: readonly TareEvent[],
  nowMs: number,
): LiveRun | undefined {
  let run = before && copied(before);
  for (const event of events) {
    if (!event.run) continue;
    if (run?.id !== event.run) {
      // of two that are under way, the one that is told of comes first
      if ((run?.state === 'running' && !run.by) || event.kind === 'run-ended') continue;
      run = emptyRun(event.run);
    }
    applyEvent(run, event, nowMs);
  }
  return run;
}

/**
 * Applies one event to the run it belongs to; events of other runs are not for it.
 * @param nowMs  the page's clock
 */
function applyEvent(live: LiveRun, event: TareEvent, nowMs: number): void {
  if (event.run !== live.id) return;
  if (event.kind === 'run-started') begin(live, event.plan, event.trials);
  else if (event.kind === 'progress') takeStep(live, event.progress);
  else if (event.kind === 'warning') live.warnings.push(event.text);
  else if (event.kind === 'samples') takeSamples(live, event.samples);
  else if (event.kind === 'run-ended') {
    live.state = event.state;
    if (event.failure) live.failure = event.failure;
  } else applyToTrial(live, event, nowMs);
}

type TrialEvent = Extract<TareEvent, { kind: 'trial-started' | 'phase' | 'log' | 'trial-ended' }>;

function applyToTrial(live: LiveRun, event: TrialEvent, nowMs: number): void {
  const lane = laneOf(live, event.kind === 'trial-ended' ? event.trial.id : event.trial);
  if (!lane) return;
  if (event.kind === 'trial-started') {
    const { trial, index, warmup } = event;
    lane.trial = { id: trial, index, warmup, seenAtMs: nowMs, phases: [] };
    delete lane.bytes;
    lane.memory.interrupt();
  } else if (event.kind === 'phase') {
    // its start was told before the page was there
    if (!lane.trial || isNewer(event.trial, lane.trial))
      lane.trial = trialSeen(event.trial, nowMs - event.phase.atMs);
    if (lane.trial.id === event.trial) lane.trial.phases.push(event.phase);
  } else if (event.kind === 'log') {
    lane.log = event.text;
  } else {
    endTrial(live, lane, event);
  }
}

function endTrial(live: LiveRun, lane: Lane, event: Extract<TareEvent, { kind: 'trial-ended' }>): void {
  const { trial, warmup } = event;
  if (trial.accelerator === 'tcg') lane.emulated = true;
  live.done = event.done;
  live.of = event.of;
  if (trial.failure && trial.failure.code !== 'stopped') lane.failures.push(trial.failure);
  if (!warmup && trial.outcome === 'ok' && trial.readyMs !== undefined) lane.readyMs.push(trial.readyMs);
  if (lane.trial?.id !== trial.id) return;
  lane.trial.outcome = trial.outcome;
  lane.trial.phases = trial.phases;
  if (trial.failure) lane.trial.failure = trial.failure;
  if (trial.memory.hostBytes !== undefined) lane.bytes = trial.memory.hostBytes;
}

/** A step that moves replaces its earlier report. */
function takeStep(live: LiveRun, step: Progress): void {
  const at = live.steps.findIndex((known) => known.step === step.step && known.subject === step.subject);
  if (at < 0) live.steps.push(step);
  else live.steps[at] = step;
}

function takeSamples(live: LiveRun, samples: Sample[]): void {
  for (const sample of samples) {
    if (sample.kind === 'instance') {
      const lane = laneOf(live, sample.trial);
      if (!lane || sample.residentBytes === undefined) continue;
      lane.bytes = sample.residentBytes; // until the trial's own figure is there
      lane.memory.push({ xMs: sample.atMs, y: sample.residentBytes });
    } else {
      takeHostSample(live, sample);
    }
  }
}

function takeHostSample({ host }: LiveRun, sample: Extract<Sample, { kind: 'host' }>): void {
  if (sample.load !== undefined) host.load = sample.load;
  if (sample.availableBytes === undefined) return;
  host.firstAvailableBytes ??= sample.availableBytes;
  host.availableBytes = sample.availableBytes;
  host.change.push({ xMs: sample.atMs, y: host.firstAvailableBytes - sample.availableBytes });
}

/** What shares the host's kernel left, named after the thinnest of it, and what boots one of its own right. */
export function sidesOf(lanes: readonly Lane[]): { id: TargetKind; lanes: Lane[] }[] {
  const isMachine = ({ target }: Lane) => kindOf(target) === 'vm';
  const sides = [lanes.filter((lane) => !isMachine(lane)), lanes.filter(isMachine)];
  return sides
    .filter((side) => side.length > 0)
    .map((side) => {
      const [thinnest] = side.map(({ target }) => target).sort(byPlace);
      return { id: kindOf(thinnest!) ?? 'container', lanes: side };
    });
}

/** Where a trial stands. */
export type LaneState = 'waiting' | 'starting' | 'ready' | 'stopping' | 'ended' | 'failed';

export function laneStateOf(trial: LiveTrial | undefined): LaneState {
  if (!trial) return 'waiting';
  if (trial.outcome) return trial.outcome === 'ok' ? 'ended' : 'failed';
  const names = new Set(trial.phases.map((phase) => phase.name));
  return names.has('stopping') ? 'stopping' : names.has('ready') ? 'ready' : 'starting';
}

/** A stretch of a start-up between two phases, named after the phase that ends it; the last may still be growing. */
export interface Stretch {
  phase: string;
  fromMs: number;
  toMs: number;
  growing: boolean;
}

/** A trial's start-up as stretches, up to ready: what comes after is soaking and stopping, and no start-up. */
export function stretches(trial: LiveTrial, nowMs: number): Stretch[] {
  const found: Stretch[] = [];
  let fromMs = 0;
  for (const { name, atMs } of trial.phases) {
    if (name === 'start') continue;
    if (name === 'stopping' || name === 'stopped') break;
    found.push({ phase: name, fromMs, toMs: atMs, growing: false });
    fromMs = atMs;
    if (name === 'ready') return found;
  }
  if (!trial.outcome && !trial.unseen) {
    found.push({ phase: 'ready', fromMs, toMs: Math.max(fromMs, nowMs - trial.seenAtMs), growing: true });
  }
  return found;
}

/** The end of the clock that all lanes share: the longest start-up so far, rounded up to a pleasant figure. */
export function clockEndMs(live: LiveRun, nowMs: number): number {
  const longest = live.lanes.flatMap((lane) => [
    ...lane.readyMs,
    ...(lane.trial ? stretches(lane.trial, nowMs).map((stretch) => stretch.toMs) : []),
  ]);
  return pleasantEndMs(Math.max(250, ...longest));
}

/** The next of 1, 1.5, 2, 3, 4, 5, 6, 8 × 10ⁿ, with a little air. */
export function pleasantEndMs(ms: number): number {
  const decade = 10 ** Math.floor(Math.log10(ms));
  return ([1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15].find((step) => step * decade >= ms * 1.04) ?? 20) * decade;
}
