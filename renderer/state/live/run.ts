import type { TareEvent } from '../../../main/contract/events';
import type { HostProgress } from '../../../main/contract/fleet/progress';
import { withStep, type Progress } from '../../../main/contract/work/progress';
import type { WorkUnderWay } from '../../../main/contract/work/work';
import type { Failure } from '../../../main/contract/failures';
import { howFar } from '../../../main/contract/run/howFar';
import { TimeLeft } from '../../../main/contract/run/timeLeft';
import { pairKey, pairKeyOf, pairsOf, promisedBytes } from '../../../main/contract/planning';
import type { Plan } from '../../../main/contract/plan';
import { byPlace, kindOf, type TargetId, type TargetKind } from '../../../main/contract/targets';
import type { Message } from '../../../main/contract/report/report';
import type { FollowedRun } from '../../../main/contract/run/followed';
import type { TrialOutcome, Phase, Run, RunState, Sample, Trial } from '../../../main/contract/run/run';
import { AllMemory, sideOf, sides } from '../../../main/contract/run/allMemory';

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
  outcome?: TrialOutcome;
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
  /** own memory of every counted trial of which it was told */
  ownBytes: number[];
  failures: Failure[];
  /** the newest reading of what the host gives */
  bytes?: number;
  /** a VM without hardware virtualisation: known once a trial has ended */
  emulated: boolean;
  /** the end of what the newest instance that was measured has printed */
  log?: string;
}

/** Another process that makes a run on this data folder. */
type OtherTare = Pick<WorkUnderWay, 'door' | 'pid' | 'startedAt'>;

/** A run while it is under way, built from its events alone, or from the record that another Tare keeps of it. */
export interface LiveRun {
  id: string;
  state: RunState;
  /** when it began, on the page's own clock */
  beganAtMs: number;
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
  /** known with the plan; asked by the time since measuring began */
  left?: TimeLeft;
  /** when measuring began, on the page's clock: what samples and trials count from */
  originMs: number;
  memory: AllMemory;
  failure?: Failure;
  /** of a run on several hosts: each with its own lanes, which the whole then has none of */
  hosts?: LiveHost[];
}

/** A host of a run on several, and what is told of the run on it. */
export interface LiveHost extends HostProgress {
  run: LiveRun;
}

/** @param beganAtMs  on the page's clock */
export const emptyRun = (id: string, beganAtMs: number): LiveRun => ({
  id,
  state: 'running',
  beganAtMs,
  originMs: beganAtMs,
  lanes: [],
  steps: [],
  done: 0,
  of: 0,
  warnings: [],
  memory: new AllMemory(),
});

/**
 * Takes up a run that began before this page was opened.
 * @param clock  this moment on the page's clock and since 1970, in ms
 */
export function resumedRun(run: Run, samples: Sample[], clock: { nowMs: number; dateMs: number }): LiveRun {
  const live = emptyRun(run.id, clock.nowMs - Math.max(0, clock.dateMs - Date.parse(run.startedAt)));
  begin(live, run.plan, 0);
  for (const trial of [...run.warmups, ...run.trials]) {
    const lane = laneOf(live, trial.id);
    if (lane) {
      keepFigures(lane, trial);
      if (trial.failure) lane.failures.push(trial.failure);
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
  const inOrder = [...run.warmups, ...run.trials].sort((a, b) => a.startMs - b.startMs);
  for (const trial of inOrder) {
    live.left?.started(trial, trial.startMs);
    live.left?.ended(trial);
  }
  takeSamples(live, samples);
  live.originMs = clock.nowMs - Math.max(0, inOrder.at(-1)?.startMs ?? 0, samples.at(-1)?.atMs ?? 0);
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
  const { beganAtMs, memory, by } = before;
  const live = run
    ? { ...resumedRun(run, [], { nowMs, dateMs: 0 }), beganAtMs, memory, ...(by && { by }) }
    : { ...before };
  for (const { trial, atMs } of samples.filter((sample) => sample.kind === 'instance')) {
    const lane = laneOf(live, trial);
    if (!lane || !isNewer(trial, lane.trial)) continue;
    const seen = trialSeen(trial, nowMs);
    changed(live, lane).trial = { ...seen, unseen: true };
    live.left?.started({ ...lane, index: seen.index }, atMs);
  }
  takeSamples(live, samples);
  live.originMs = nowMs - (samples.at(-1)?.atMs ?? nowMs - before.originMs);
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

/** The lane as a new object in its place, so that what shows it is drawn anew, and what shows the others is not. */
function changed(live: LiveRun, lane: Lane): Lane {
  const copy = { ...lane };
  live.lanes = live.lanes.map((one) => (one === lane ? copy : one));
  return copy;
}

const laneOf = (live: LiveRun, trial: string): Lane | undefined => {
  const key = pairKeyOf(trial);
  return live.lanes.find((lane) => lane.key === key);
};

/** @param trials  how many there will be; 0 while it is not known */
export function begin(live: LiveRun, plan: Plan, trials: number): void {
  live.plan = plan;
  live.of = trials;
  live.lanes = pairsOf(plan).map((pair) => ({
    key: pairKey(pair.workload.name, pair.target),
    workload: pair.workload.name,
    target: pair.target,
    reservedBytes: promisedBytes([pair]),
    readyMs: [],
    ownBytes: [],
    failures: [],
    emulated: false,
  }));
  live.left = new TimeLeft(plan);
}

function keepFigures(lane: Lane, { index, outcome, readyMs, memory, accelerator }: Trial): void {
  if (accelerator === 'tcg') lane.emulated = true;
  if (index < 0 || outcome !== 'ok') return;
  if (readyMs !== undefined) lane.readyMs = [...lane.readyMs, readyMs];
  if (memory.hostBytes !== undefined) lane.ownBytes = [...lane.ownBytes, memory.hostBytes];
}

/**
 * Applies what is told of a run on one host to it.
 * @param nowMs  the page's clock
 */
export function applyEvent(live: LiveRun, event: TareEvent, nowMs: number): void {
  if (event.kind === 'run-started') {
    begin(live, event.plan, event.trials);
    live.originMs = nowMs;
  } else if (event.kind === 'progress') takeStep(live, event.progress);
  else if (event.kind === 'warning') live.warnings = [...live.warnings, event.text];
  else if (event.kind === 'samples') takeSamples(live, event.samples);
  else if (event.kind === 'run-ended') {
    live.state = event.state;
    if (event.failure) live.failure = event.failure;
  } else if (isOfTrial(event)) applyToTrial(live, event, nowMs);
}

type TrialEvent = Extract<TareEvent, { kind: 'trial-started' | 'phase' | 'log' | 'trial-ended' }>;
const ofTrials: ReadonlySet<string> = new Set<TrialEvent['kind']>([
  'trial-started',
  'phase',
  'log',
  'trial-ended',
]);
const isOfTrial = (event: TareEvent): event is TrialEvent => ofTrials.has(event.kind);

function applyToTrial(live: LiveRun, event: TrialEvent, nowMs: number): void {
  const known = laneOf(live, event.kind === 'trial-ended' ? event.trial.id : event.trial);
  if (!known) return;
  const lane = changed(live, known);
  if (event.kind === 'trial-started') {
    const { trial, index, warmup } = event;
    lane.trial = { id: trial, index, warmup, seenAtMs: nowMs, phases: [] };
    delete lane.bytes;
    live.left?.started(event, event.startMs);
    live.originMs = nowMs - event.startMs;
  } else if (event.kind === 'phase') {
    // its start was told before the page was there
    const trial =
      !lane.trial || isNewer(event.trial, lane.trial)
        ? trialSeen(event.trial, nowMs - event.phase.atMs)
        : lane.trial;
    if (trial.id === event.trial) lane.trial = { ...trial, phases: [...trial.phases, event.phase] };
  } else if (event.kind === 'log') {
    lane.log = event.text;
  } else {
    endTrial(live, lane, event);
  }
}

function endTrial(live: LiveRun, lane: Lane, event: Extract<TareEvent, { kind: 'trial-ended' }>): void {
  const { trial } = event;
  live.left?.ended(trial);
  live.done = event.done;
  live.of = event.of;
  keepFigures(lane, trial);
  if (trial.failure && trial.failure.code !== 'stopped') lane.failures = [...lane.failures, trial.failure];
  if (lane.trial?.id !== trial.id) return;
  const { outcome, phases, failure } = trial;
  lane.trial = { ...lane.trial, outcome, phases, ...(failure && { failure }) };
  if (trial.memory.hostBytes !== undefined) lane.bytes = trial.memory.hostBytes;
}

/** A step that moves replaces its earlier report. */
function takeStep(live: LiveRun, step: Progress): void {
  live.steps = withStep(live.steps, step);
}

function takeSamples(live: LiveRun, samples: Sample[]): void {
  for (const sample of samples) {
    live.memory.take(sample);
    if (sample.kind !== 'instance' || sample.residentBytes === undefined) continue;
    const lane = laneOf(live, sample.trial);
    // until the trial's own figure is there
    if (lane) changed(live, lane).bytes = sample.residentBytes;
  }
}

/** What shares the host's kernel left, named after the thinnest of it, and what boots one of its own right. */
export function sidesOf(lanes: readonly Lane[]): { id: TargetKind; lanes: Lane[] }[] {
  return sides
    .map((side) => lanes.filter(({ target }) => sideOf(target) === side))
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

/** Whether its start-up is under way, so that it grows with the clock. */
export const isGrowing = ({ trial }: Lane): boolean =>
  trial !== undefined && laneStateOf(trial) === 'starting' && !trial.unseen;

/** The stretches of a trial's start-up that are over, up to ready: what comes after is soaking and stopping, and no start-up. */
export function reachedStretches({ phases }: LiveTrial): Stretch[] {
  const found: Stretch[] = [];
  let fromMs = 0;
  for (const { name, atMs } of phases) {
    if (name === 'start') continue;
    if (name === 'stopping' || name === 'stopped') break;
    found.push({ phase: name, fromMs, toMs: atMs, growing: false });
    fromMs = atMs;
    if (name === 'ready') break;
  }
  return found;
}

/** The stretch that is under way, if a start is whose phases are told. */
export function growingStretch(lane: Lane, nowMs: number): Stretch | undefined {
  if (!isGrowing(lane) || !lane.trial) return undefined;
  const fromMs = reachedStretches(lane.trial).at(-1)?.toMs ?? 0;
  return { phase: 'ready', fromMs, toMs: Math.max(fromMs, nowMs - lane.trial.seenAtMs), growing: true };
}
