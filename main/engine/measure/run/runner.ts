/** One run: refuse or prepare, measure, seal, with everything kept on disk as it comes. */
import type { TareEvent } from '../../../contract/events';
import { memoryShort } from '../../../contract/planning';
import { kindOf } from '../../../contract/targets';
import { isDensity, type DensityPlan } from '../../../contract/plan';
import type { Run, Sample } from '../../../contract/run/run';
import { climbAll } from '../density/ladders';
import type { HostCapacity } from '../density/hostCapacity';
import { TareError, toFailure } from '../../base/errors';
import type { RunWriter } from '../../results/history/store';
import { makeReport } from '../../results/report/report';
import { startSampler } from '../sampling/sampler';
import type { RunScope } from '../../base/scope';
import { ChangesSeen } from './changes';
import { otherLoad } from './otherLoad';
import { startTurn, type Measuring } from './measuring';
import { preparePlan } from './preparation';
import { measureRounds } from './rounds';
import { schedule } from './schedule';
import type { RunServices } from './services';

export interface RunContext {
  scope: RunScope;
  writer: RunWriter;
  emit: (event: TareEvent) => void;
  services: RunServices;
}

/**
 * Executes `run.plan`, which has its values; what is written and told of it has none. Never rejects: what goes wrong is in the record, and
 * told with the run's end.
 */
export async function executeRun(run: Run, context: RunContext): Promise<Run> {
  const { services, writer, scope } = context;
  const samples: Sample[] = [];
  try {
    await services.clean();
    const short = memoryShort(run.plan, await services.host.availableBytes());
    if (short) throw new TareError(short);
    const dropCached = run.plan.cold ? await services.coldStarts() : undefined;
    const { plan, environment, prepared } = await preparePlan(run.plan, run.skipped, services, scope.signal);
    run.plan = plan;
    run.environment = { ...environment, given: run.environment.given };
    const clients = await services.clients(plan);
    await writer.save(run);
    await measureAll(run, { prepared, clients, dropCached }, context, samples);
    await services.afterwards(plan, run.environment);
    run.state = 'done';
  } catch (error) {
    run.failure = toFailure(error);
    run.state = run.failure.code === 'stopped' ? 'stopped' : 'failed';
  }
  await seal(run, samples, writer);
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
  const busy = otherLoad(run, samples);
  if (busy !== undefined) run.environment.otherLoad = busy;
  try {
    run.report = makeReport(run, samples);
  } catch (error) {
    lost(error);
  }
  await writer.close().catch(lost);
  await writer.save(run).catch(lost);
}

/** @param kept  is given every sample */
async function measureAll(
  run: Run,
  made: Pick<Measuring, 'prepared' | 'clients' | 'dropCached'>,
  { scope, writer, emit, services }: RunContext,
  kept: Sample[],
): Promise<void> {
  const { plan } = run;
  const originMs = performance.now();
  const sampler = startSampler({
    periodMs: plan.samplePeriodMs,
    originMs,
    take(samples) {
      writer.append(samples); // disk first
      for (const sample of samples) kept.push(sample);
      emit({ kind: 'samples', run: run.id, samples });
    },
  });
  const changes = new ChangesSeen(() => services.hostState());
  const look = () => changes.look(run.environment, performance.now() - originMs);
  const { accounts, host } = services;
  const measuring: Measuring = { run, ...made, scope, writer, emit, sampler, originMs, look, accounts };
  try {
    await (isDensity(plan) ? measureDensity(plan, measuring, host) : measureRounds(measuring));
    await look();
    if (plan.claims) run.evidence = await services.evidence(plan);
  } finally {
    await sampler.stop();
    run.samplerLoad = sampler.ownLoad();
  }
  scope.signal.throwIfAborted();
  if (plan.budgetMs !== undefined && run.trials.length === 0)
    throw new TareError({ code: 'budget-spent', budgetMs: plan.budgetMs });
}

function measureDensity(plan: DensityPlan, measuring: Measuring, host: HostCapacity): Promise<void> {
  const { run, scope, writer, emit, sampler } = measuring;
  const target = plan.targets.find((one) => kindOf(one) === 'container');
  // The guard watches this machine's memory: another one's would run out unseen.
  if (target !== undefined && run.environment.engine?.where === 'elsewhere')
    throw new TareError({ code: 'target-unsupported', target, reason: 'density-elsewhere' });
  return climbAll({
    run,
    plan,
    turns: schedule(plan, plan.density.ladders).flat(),
    host,
    signal: scope.signal,
    emit,
    start: (turn, warmup, signal) => startTurn(turn, measuring, warmup, signal),
    ending: (trial) => sampler.remove(trial),
    save: () => writer.save(run),
  });
}
