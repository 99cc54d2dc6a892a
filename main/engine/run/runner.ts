/** The one loop: prepare → warm up → measure → stop, group by group, with everything kept on disk as it comes. */
import type { TareEvent } from '../../contract/events';
import { workloadsOn, type Plan } from '../../contract/plan';
import type { TargetId } from '../../contract/targets';
import type { Evidence } from '../../contract/run/evidence';
import type { DensityOrder } from '../../contract/run/density';
import type { Environment, Run, RunId, Sample } from '../../contract/run/run';
import { TareError, toFailure } from '../errors';
import { hostCapacity, type HostCapacity } from '../density/hostCapacity';
import { climbAll, isDensity } from '../density/run';
import type { RunWriter } from '../history/store';
import { makeReport } from '../report/report';
import { availableBytes } from '../sampling/host';
import { startSampler } from '../sampling/sampler';
import { sleep } from '../signals';
import type { Prepared } from '../targets/target';
import type { ReadyWorkload } from '../image/facts';
import type { RunScope } from '../scope';
import { measureGroup, pairOf, startTurn, type GroupContext } from './group';
import { schedule, type Group } from './schedule';
import { Pace, roundsOf } from './stopping';

export interface RunContext {
  id: RunId;
  plan: Plan;
  scope: RunScope;
  writer: RunWriter;
  emit: (event: TareEvent) => void;
  /** removes what would take memory from what is measured */
  sweep?: () => Promise<void>;
  /** everything shared by the trials: images, disks, accelerators */
  prepare: (ready: ReadyWorkload, target: TargetId) => Promise<Prepared>;
  resolve: () => Promise<Map<string, ReadyWorkload>>;
  /** the container engine's other runtimes, as targets */
  runtimes: () => Promise<TargetId[]>;
  environment: (turns: PreparedTurn[], ready: Map<string, ReadyWorkload>) => Promise<Environment>;
  /** completes the environment by what would have disturbed the trials; never rejects */
  afterwards?: (environment: Environment) => Promise<void>;
  /** gathers what a plan with claims needs beside its trials */
  evidence?: (plan: Plan) => Promise<Evidence>;
  /** what density ladders are guarded by; absent: this one */
  host?: HostCapacity;
  /** a folder on the file system that instances write to */
  writesTo?: string;
}

export interface PreparedTurn {
  workload: string;
  target: TargetId;
  prepared: Prepared;
}

/**
 * Executes `run.plan` and keeps it on disk. Never rejects: what goes wrong is in the record, and told with the run's end.
 */
export async function executeRun(run: Run, context: RunContext): Promise<Run> {
  const samples: Sample[] = [];
  try {
    await context.sweep?.();
    const prepared = await prepareAll(run, context);
    await context.writer.save(run);
    await measureAll(run, prepared, { ...context, plan: run.plan }, samples);
    await context.afterwards?.(run.environment);
    run.state = 'done';
  } catch (error) {
    run.failure = toFailure(error);
    run.state = run.failure.code === 'stopped' ? 'stopped' : 'failed';
  }
  await seal(run, samples, context.writer);
  const { failure } = run;
  context.emit({ kind: 'run-ended', run: run.id, state: run.state, ...(failure && { failure }) });
  return run;
}

/** Keeps the run's end. What cannot be kept is a failure of the run: written down as far as it still can be, and told anyway. */
async function seal(run: Run, samples: Sample[], writer: RunWriter): Promise<void> {
  const lost = (error: unknown) => {
    // that somebody also stopped it would hide that something is lost
    if (!run.failure || run.failure.code === 'stopped') run.failure = toFailure(error);
    run.state = 'failed';
  };
  run.endedAt = new Date().toISOString();
  try {
    run.report = makeReport(run, samples);
  } catch (error) {
    lost(error);
  }
  await writer.close().catch(lost);
  await writer.save(run).catch(lost);
}

async function prepareAll(run: Run, context: RunContext): Promise<Map<string, Prepared>> {
  const { plan } = context;
  await refuseWhatDoesNotFit(plan);
  const ready = await context.resolve();
  const turns: PreparedTurn[] = [];
  const others = plan.wholeLadder ? await context.runtimes() : [];
  for (const target of new Set([...plan.targets, ...others])) {
    try {
      turns.push(...(await prepareTarget(target, ready, context)));
    } catch (error) {
      if (!(plan.wholeLadder || plan.skipUnusable) || !(error instanceof TareError)) throw error;
      run.skipped.push({ target, failure: error.failure });
    }
  }
  const targets = [...new Set(turns.map(({ target }) => target))];
  if (targets.length === 0) throw new TareError(run.skipped[0]!.failure);
  run.plan = { ...plan, targets };
  run.environment = await context.environment(turns, ready);
  return new Map(turns.map((turn) => [pairOf(turn), turn.prepared]));
}

async function prepareTarget(
  target: TargetId,
  ready: Map<string, ReadyWorkload>,
  context: RunContext,
): Promise<PreparedTurn[]> {
  const turns: PreparedTurn[] = [];
  for (const { name } of workloadsOn(context.plan, target)) {
    context.scope.signal.throwIfAborted();
    turns.push({ workload: name, target, prepared: await context.prepare(ready.get(name)!, target) });
  }
  return turns;
}

/**
 * What instances that are up together may take must be free now, above the floor: a limit is a promise that the host has to
 * be able to keep, even though most applications never call it in.
 */
async function refuseWhatDoesNotFit(plan: Plan): Promise<void> {
  const neededOn = (target: TargetId): number => {
    const limits = workloadsOn(plan, target).map((workload) => workload.limits.memoryBytes);
    return plan.arrangement === 'together'
      ? limits.reduce((sum, bytes) => sum + bytes, 0)
      : Math.max(0, ...limits);
  };
  const neededBytes = Math.max(...plan.targets.map(neededOn));
  const free = await availableBytes();
  const floorBytes = plan.memoryFloorBytes;
  if (free !== undefined && neededBytes + floorBytes > free) {
    throw new TareError({ code: 'memory-short', neededBytes, availableBytes: free, floorBytes });
  }
}

async function measureAll(
  run: Run,
  prepared: Map<string, Prepared>,
  context: RunContext,
  kept: Sample[],
): Promise<void> {
  const { plan, emit, scope } = context;
  const originMs = performance.now();
  const sampler = startSampler({
    periodMs: plan.samplePeriodMs,
    originMs,
    take(samples) {
      context.writer.append(samples); // disk first
      for (const sample of samples) kept.push(sample);
      emit({ kind: 'samples', run: run.id, samples });
    },
  });
  const within: GroupContext = { run, prepared, context, sampler, originMs };
  try {
    if (isDensity(plan)) await measureDensity(plan, within);
    else await measureRounds(plan, within);
    if (plan.claims && context.evidence) run.evidence = await context.evidence(run.plan);
  } finally {
    await sampler.stop();
    run.samplerLoad = sampler.ownLoad();
  }
  scope.signal.throwIfAborted();
  if (budgetLeftNothing(run, plan)) throw new TareError({ code: 'budget-spent', budgetMs: plan.budgetMs! });
}

const measureDensity = (plan: Plan & { density: DensityOrder }, within: GroupContext): Promise<void> => {
  const { run, context, sampler } = within;
  return climbAll({
    run,
    plan,
    host: context.host ?? hostCapacity(context.writesTo ?? '/'),
    signal: context.scope.signal,
    emit: context.emit,
    start: (turn, warmup, signal) => startTurn(turn, within, warmup, signal),
    ending: (trial) => sampler.remove(trial),
    save: () => context.writer.save(run),
  });
};

async function measureRounds(plan: Plan, within: GroupContext): Promise<void> {
  const { run, context, sampler, originMs } = within;
  const { emit, scope } = context;
  const groups = [
    ...warmupGroups(plan).map((turns) => ({ turns, warmup: true })),
    ...schedule(plan, roundsOf(plan)).map((turns) => ({ turns, warmup: false })),
  ];
  const pace = new Pace(run, groups, originMs);
  emit({ kind: 'run-started', run: run.id, plan, trials: pace.of });
  const broken = new Set<string>(); // a pair that failed once is not tried again: it would fail as slowly each time
  let done = 0;
  for (const { turns, warmup } of groups) {
    scope.signal.throwIfAborted();
    if (pace.isOver(turns)) break;
    const group = turns.filter((turn) => !broken.has(pairOf(turn)));
    if (group.length === 0) continue;
    const { trials, round } = await measureGroup(group, within, warmup);
    for (const trial of trials) {
      const failed = trial.outcome !== 'ok';
      if (failed) broken.add(pairOf(trial));
      (warmup && !failed ? run.warmups : run.trials).push(trial);
      done += 1;
      emit({ kind: 'trial-ended', run: run.id, trial, warmup, done, of: pace.of });
    }
    if (round && !warmup) run.rounds.push(round);
    run.samplerLoad = sampler.ownLoad();
    await context.writer.save(run);
    await sleep(plan.coolDownMs, scope.signal);
  }
}

const budgetLeftNothing = (run: Run, plan: Plan): boolean =>
  plan.budgetMs !== undefined && run.trials.length === 0;

/** A warm-up is a start and a stop of everything alone: it fills the caches that a first start would pay for. */
const warmupGroups = (plan: Plan): Group[] =>
  schedule({ ...plan, arrangement: 'alone' }, plan.warmups).map((turns) =>
    turns.map((turn) => ({ ...turn, round: turn.round - plan.warmups })),
  );
