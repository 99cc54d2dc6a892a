/** Instances that are up at the same time: started one after the other, read together, stopped together. */
import { machineId, trialId } from '../../../contract/planning';
import type { CachedFiles } from '../../../contract/run/cachedFiles';
import type { Round, Run, Trial } from '../../../contract/run/run';
import { kindOf, type TargetId } from '../../../contract/targets';
import { applyLoad } from '../load/apply';
import { TareError } from '../../base/errors';
import { runLifecycle } from '../trial/lifecycle';
import type { GroupNetwork, Prepared } from '../targets/target';
import { startMachine, type RunningMachine } from '../trial/machine';
import { soak, type RunningTrial, type Turn } from '../trial/trial';
import type { RunScope } from '../../base/scope';
import { preparedFor, startTurn, type Measuring } from './measuring';
import type { Group } from './schedule';

/** What the host had before a round, as far as it could be read. */
interface Before {
  spare: number | undefined;
  engine: number | undefined;
}

/** Starts the group's instances one after the other, lets them soak together, measures them all, then stops them all. */
export async function measureGroup(
  group: Group,
  measuring: Measuring,
  warmup: boolean,
): Promise<{ trials: Trial[]; round?: Round }> {
  const { run, scope, sampler, clients } = measuring;
  const { plan } = run;
  const running: RunningTrial[] = [];
  const { target } = group[0]!;
  const files = await dropFiles(group, measuring);
  const before = await hostNow(measuring, target);
  const network = plan.sharedNetwork
    ? await preparedFor(group[0]!, measuring).openNetwork?.(scope)
    : undefined;
  const machine = await openMachine(group[0]!, measuring, warmup);
  const isSampled = !warmup && !machine;
  let round: Round | undefined;
  try {
    for (const [at, turn] of group.entries()) {
      if (scope.signal.aborted) break;
      const start = startAmong(turn, running, { network, machine }, preparedFor(turn, measuring));
      const trial = await startTurn(turn, measuring, warmup, scope.signal, start, isSampled);
      if (files[at]) trial.record.files = files[at];
      running.push(trial);
    }
    if (!warmup) await soak(running, plan.soakMs, scope.signal);
    // The host's own accounts first: reading the instances' takes a while, in which other things change.
    const after = await hostNow(measuring, target);
    for (const trial of running) {
      await trial.measure();
      await noteOpenFiles(trial, run);
    }
    await machine?.measure();
    if (!warmup) for (const trial of running) await trial.mustAnswer(scope.signal);
    round = {
      target,
      index: group[0]!.round,
      ...(machine && { machine: machine.record }),
      ...changes(before, after),
    };
    if (!warmup && plan.load) for (const trial of running) await applyLoad(trial, plan, clients, scope);
  } catch (error) {
    running.forEach((trial) => trial.fail(error));
  }
  for (const trial of running) await endTrial(trial, sampler);
  sampler.remove(machineId(target, group[0]!.round));
  try {
    await machine?.end();
    await network?.[Symbol.asyncDispose]();
  } catch (error) {
    running.forEach((trial) => trial.fail(error));
  }
  if (!warmup && plan.lifecycle) await addLives(group, running, measuring);
  if (round && before.spare !== undefined) {
    const left = await measuring.accounts.spareBytes(target);
    if (left !== undefined) round.keptBytes = before.spare - left;
  }
  return { trials: running.map(({ record }) => record), ...(round && { round }) };
}

/** Where starts are to be cold: before any of the group is up, since what a running instance maps cannot be dropped. */
async function dropFiles(group: Group, measuring: Measuring): Promise<CachedFiles[]> {
  const { dropCached } = measuring;
  const dropped: CachedFiles[] = [];
  if (dropCached)
    for (const turn of group) dropped.push(await dropCached(await preparedFor(turn, measuring).reads()));
  return dropped;
}

async function endTrial(trial: RunningTrial, sampler: Measuring['sampler']): Promise<void> {
  const disturbed = sampler.disturbance(trial.record.startMs);
  if (disturbed) trial.fail(new TareError({ code: 'disturbed', ...disturbed }));
  sampler.remove(trial.record.id);
  await trial.end();
}

/**
 * How an instance begins among those of its group that came before it: since each is waited for until it answers, so that no start
 * disturbs another's, those that it needs are up and ready by then, or have failed.
 */
function startAmong(
  { workload, target }: Turn,
  before: readonly RunningTrial[],
  { network, machine }: { network: GroupNetwork | undefined; machine: RunningMachine | undefined },
  prepared: Prepared,
): Prepared['start'] {
  const isThere = ({ workload: name, until }: { workload: string; until: 'started' | 'ready' }) => {
    const trial = before.find(({ record }) => record.workload === name && record.target === target);
    return trial?.instance !== undefined && (until === 'started' || trial.record.outcome === 'ok');
  };
  const lacking = workload.after?.find((need) => !isThere(need));
  if (lacking)
    return () => Promise.reject(new TareError({ code: 'dependency-failed', name: lacking.workload }));
  return machine
    ? (_, mark, scope) => machine.start(workload.name, mark, scope)
    : (limits, mark, scope) => prepared.start(limits, mark, scope, network);
}

/** The machine that the group is in together; undefined where each of it has a place of its own. */
async function openMachine(
  { target, workload, round }: Turn,
  measuring: Measuring,
  warmup: boolean,
): Promise<RunningMachine | undefined> {
  const { run, scope, sampler, originMs } = measuring;
  const prepared = preparedFor({ target, workload }, measuring);
  const watch: RunScope['watch'] = (started) => sampler.add(machineId(target, round), started);
  return startMachine(prepared, {
    plan: run.plan,
    scope: warmup ? scope : { ...scope, watch },
    originMs,
  });
}

/** It is the same for all of a kind: the engine hands it down, and Tare to what it starts itself. */
async function noteOpenFiles({ record, instance }: RunningTrial, { environment }: Run): Promise<void> {
  const kind = kindOf(record.target);
  if (kind === undefined || kind === 'vm' || environment.openFiles?.[kind] !== undefined) return;
  const { soft, hard } = (await instance?.openFiles?.()) ?? {};
  if (soft !== undefined) environment.openFiles = { ...environment.openFiles, [kind]: soft };
  if (hard !== undefined) environment.openFilesHard = { ...environment.openFilesHard, [kind]: hard };
}

/** Only once all is stopped: a life takes memory and processors of its own. */
async function addLives(group: Group, ended: RunningTrial[], measuring: Measuring): Promise<void> {
  const { run, scope } = measuring;
  for (const turn of group) {
    const trial = ended.find(({ record }) => record.id === trialId(turn, turn.round));
    if (trial?.record.outcome !== 'ok' || scope.signal.aborted) continue;
    try {
      trial.record.lifecycle = await runLifecycle(turn, preparedFor(turn, measuring), run.plan, scope);
    } catch (error) {
      // A stop in the middle of a life leaves the trial as it was; what could not be removed is in the way of all that follow.
      if (error !== scope.signal.reason) trial.fail(error);
    }
  }
}

/** Only where instances are up together are the accounts closed: it costs a look at every process. */
async function hostNow({ run, accounts }: Measuring, target: TargetId): Promise<Before> {
  const isTogether = run.plan.arrangement === 'together';
  return {
    spare: await accounts.spareBytes(target),
    engine: isTogether ? await accounts.engineBytes(run.environment.engine?.name) : undefined,
  };
}

const changes = (before: Before, after: Before): Pick<Round, 'hostChangeBytes' | 'engineChangeBytes'> => ({
  ...(before.spare !== undefined &&
    after.spare !== undefined && { hostChangeBytes: before.spare - after.spare }),
  ...(before.engine !== undefined &&
    after.engine !== undefined && { engineChangeBytes: after.engine - before.engine }),
});
