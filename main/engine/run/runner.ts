/** The one loop: prepare → warm up → measure → stop, group by group, with everything kept on disk as it comes. */
import type { TareEvent } from '../../contract/events';
import type { Plan, TargetId } from '../../contract/plan';
import type { Environment, Round, Run, RunId, Sample, Trial } from '../../contract/run';
import { TareError, toFailure } from '../errors';
import type { RunWriter } from '../history/store';
import { makeReport } from '../report/report';
import { availableBytes } from '../sampling/host';
import { startSampler, type Sampler } from '../sampling/sampler';
import { sleep } from '../signals';
import type { Prepared, ReadyWorkload, Workshop } from '../targets/target';
import { schedule, type Group, type Turn } from './schedule';
import { Pace, roundsOf } from './stopping';
import { soak, startTrial, trialId, type RunningTrial, type TrialContext } from './trial';

export interface RunContext {
  id: RunId;
  plan: Plan;
  workshop: Workshop;
  writer: RunWriter;
  emit: (event: TareEvent) => void;
  /** everything shared by the trials: images, disks, accelerators */
  prepare: (ready: ReadyWorkload, target: TargetId) => Promise<Prepared>;
  resolve: () => Promise<Map<string, ReadyWorkload>>;
  /** the container engine's other runtimes, as targets */
  runtimes: () => Promise<TargetId[]>;
  environment: (turns: PreparedTurn[], ready: Map<string, ReadyWorkload>) => Promise<Environment>;
}

export interface PreparedTurn {
  workload: string;
  target: TargetId;
  prepared: Prepared;
}

const pairOf = (turn: { workload: { name: string } | string; target: TargetId }): string =>
  `${typeof turn.workload === 'string' ? turn.workload : turn.workload.name} ${turn.target}`;

/**
 * Executes `run.plan` and keeps it on disk. Never rejects for what goes wrong with the run itself: that is in the record.
 */
export async function executeRun(run: Run, context: RunContext): Promise<Run> {
  const samples: Sample[] = [];
  try {
    const prepared = await prepareAll(run, context);
    await context.writer.save(run);
    await measureAll(run, prepared, { ...context, plan: run.plan }, samples);
    run.state = 'done';
  } catch (error) {
    run.failure = toFailure(error);
    run.state = run.failure.code === 'stopped' ? 'stopped' : 'failed';
  }
  run.endedAt = new Date().toISOString();
  run.report = makeReport(run, samples);
  await context.writer.close();
  await context.writer.save(run).catch((error: unknown) => {
    run.failure ??= toFailure(error); // the record could not be kept: the door must say so, the trials are still told
    run.state = 'failed';
  });
  const { failure } = run;
  context.emit({ kind: 'run-ended', run: run.id, state: run.state, ...(failure && { failure }) });
  return run;
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
      if (!plan.wholeLadder || !(error instanceof TareError)) throw error;
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
  for (const { name } of context.plan.workloads) {
    context.workshop.signal.throwIfAborted();
    turns.push({ workload: name, target, prepared: await context.prepare(ready.get(name)!, target) });
  }
  return turns;
}

/**
 * What instances that are up together may take must be free now, above the floor: a limit is a promise that the host has to
 * be able to keep, even though most applications never call it in.
 */
async function refuseWhatDoesNotFit(plan: Plan): Promise<void> {
  const limits = plan.workloads.map((workload) => workload.limits.memoryBytes);
  const neededBytes =
    plan.arrangement === 'together' ? limits.reduce((sum, bytes) => sum + bytes, 0) : Math.max(...limits);
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
  const { plan, emit, workshop } = context;
  const originMs = performance.now();
  const groups = [
    ...warmupGroups(plan).map((turns) => ({ turns, warmup: true })),
    ...schedule(plan, roundsOf(plan)).map((turns) => ({ turns, warmup: false })),
  ];
  const pace = new Pace(run, groups, originMs);
  emit({ kind: 'run-started', run: run.id, plan, trials: pace.of });
  const sampler = startSampler({
    periodMs: plan.samplePeriodMs,
    originMs,
    take(samples) {
      context.writer.append(samples); // disk first
      for (const sample of samples) kept.push(sample);
      emit({ kind: 'samples', run: run.id, samples });
    },
  });
  const broken = new Set<string>(); // a pair that failed once is not tried again: it would fail as slowly each time
  let done = 0;
  try {
    for (const { turns, warmup } of groups) {
      workshop.signal.throwIfAborted();
      if (pace.isOver(turns)) break;
      const group = turns.filter((turn) => !broken.has(pairOf(turn)));
      if (group.length === 0) continue;
      const { trials, round } = await measureGroup(group, {
        run,
        prepared,
        context,
        sampler,
        originMs,
        warmup,
      });
      for (const trial of trials) {
        const failed = trial.outcome !== 'ok';
        if (failed) broken.add(`${trial.workload} ${trial.target}`);
        (warmup && !failed ? run.warmups : run.trials).push(trial);
        done += 1;
        emit({ kind: 'trial-ended', run: run.id, trial, warmup, done, of: pace.of });
      }
      if (round && !warmup) run.rounds.push(round);
      run.samplerLoad = sampler.ownLoad();
      await context.writer.save(run);
      await sleep(plan.coolDownMs, workshop.signal);
    }
  } finally {
    await sampler.stop();
    run.samplerLoad = sampler.ownLoad();
  }
  if (budgetLeftNothing(run, plan)) throw new TareError({ code: 'budget-spent', budgetMs: plan.budgetMs! });
}

const budgetLeftNothing = (run: Run, plan: Plan): boolean =>
  plan.budgetMs !== undefined && run.trials.length === 0;

/** A warm-up is a start and a stop of everything alone: it fills the caches that a first start would pay for. */
const warmupGroups = (plan: Plan): Group[] =>
  schedule({ ...plan, arrangement: 'alone' }, plan.warmups).map((turns) =>
    turns.map((turn) => ({ ...turn, round: turn.round - plan.warmups })),
  );

interface GroupContext {
  run: Run;
  prepared: Map<string, Prepared>;
  context: RunContext;
  sampler: Sampler;
  originMs: number;
  warmup: boolean;
}

/** Starts the group's instances one after the other, lets them soak together, measures them all, then stops them all. */
async function measureGroup(group: Group, within: GroupContext): Promise<{ trials: Trial[]; round?: Round }> {
  const { context, warmup, sampler } = within;
  const { plan, workshop } = context;
  const running: RunningTrial[] = [];
  const before = await availableBytes();
  let round: Round | undefined;
  try {
    for (const turn of group) {
      if (workshop.signal.aborted) break;
      running.push(await startTurn(turn, within));
    }
    if (!warmup) await soak(running, plan.soakMs, workshop.signal);
    for (const trial of running) await trial.measure();
    const after = await availableBytes();
    round = { target: group[0]!.target, index: group[0]!.round };
    if (before !== undefined && after !== undefined) round.hostChangeBytes = before - after;
  } catch (error) {
    running.forEach((trial) => trial.fail(error));
  }
  const trials: Trial[] = [];
  for (const trial of running) {
    sampler.remove(trial.record.id);
    trials.push(await trial.end());
  }
  return { trials, ...(round && { round }) };
}

async function startTurn(turn: Turn, { run, prepared, context, sampler, originMs, warmup }: GroupContext) {
  const { plan, workshop, emit } = context;
  const trialContext: TrialContext = {
    plan,
    workshop,
    originMs,
    onPhase: (trial, phase) => emit({ kind: 'phase', run: run.id, trial, phase }),
    onStarted: (instance, id) => {
      if (!warmup) sampler.add(id, instance);
    },
  };
  emit({
    kind: 'trial-started',
    run: run.id,
    trial: trialId(turn),
    workload: turn.workload.name,
    target: turn.target,
    index: turn.round,
    warmup,
    startMs: performance.now() - originMs,
  });
  return startTrial(turn, prepared.get(pairOf(turn))!, trialContext);
}
