import { tell } from '../../../contract/messages';
import { randomBytes } from 'node:crypto';
import type { TareEvent } from '../../../contract/events';
import type { Failure } from '../../../contract/failures';
import { usesEngine, type Plan } from '../../../contract/plan';
import {
  schemaVersion,
  type OtherWork,
  type Run,
  type RunId,
  type RunState,
} from '../../../contract/run/run';
import { sweep } from '../../calls/clean';
import { hostCapacity } from '../density/hostCapacity';
import { gatherEvidence } from '../../inspect/claims/evidence';
import { fingerprintsOf } from '../../results/history/fingerprints';
import { keptPlan, withHome } from '../../results/history/kept';
import { createRun } from '../../results/history/store';
import { clientsNeeded } from '../load/apply';
import { evict } from '../../images/disk/cache';
import { needValues } from '../../base/process/given';
import { tareVersion, type Resources } from '../resources';
import type { RunScope } from '../../base/scope';
import type { Prepared } from '../targets/target';
import type { Begun } from '../../base/work/work';
import { openColdStarts } from './coldStarts';
import { hostAccounts, noteEnd, ownAccounts } from './engineMachine';
import { environmentOf } from './environment';
import { hostState } from './hostState';
import { weighLayers } from './images';
import { OthersSeen } from './othersSeen';
import type { Preparation } from './preparation';
import { executeRun } from './runner';

export const newRunId = (): RunId => {
  const [day, time] = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').split('T');
  return `${day}-${time}-${randomBytes(2).toString('hex')}`;
};

/**
 * A plan as it is carried out, with whole paths and with values for all that it names, and as others are told of it.
 * @throws {TareError} `value-missing`
 */
export function givenPlan(asked: Plan): { plan: Plan; input: { plan: Plan } } {
  const plan = withHome(asked);
  needValues(plan);
  return { plan, input: { plan: keptPlan(plan) } };
}

/**
 * Begins a run and answers as soon as its folder exists. What an earlier, dead session left is removed first:
 * it would take memory from what is measured.
 * @param signal  aborts: the run is to stop, and is finished once everything that it started is gone
 * @param others  what other Tares have under way on this machine now
 * @param plan  see `givenPlan`
 * @throws {TareError} `write-failed` · `value-missing`
 */
export async function startRun(
  id: RunId,
  plan: Plan,
  resources: Resources,
  signal: AbortSignal,
  emit: (event: TareEvent) => void,
  others: () => OtherWork[],
): Promise<Begun<RunState>> {
  const ledger = resources.ledger();
  const run = emptyRecord(id, keptPlan(plan), ledger.session);
  const given = await fingerprintsOf(plan, resources.dataFolder);
  const writer = createRun(resources.dataFolder, id);
  await writer.save(run);
  const scope = resources.scope(signal, { run: id });
  const sweepDead = async () => {
    const { kept } = await sweep(resources, false);
    for (const { leftover, failure } of kept) emit(leftoverWarning(id, leftover.name, failure));
    // A cache that is too large is no reason not to measure, nor is one that cannot be weighed.
    const { cacheFolder } = resources;
    await evict({ cacheFolder, ledger, boundBytes: resources.cacheBytes() }).catch(() => undefined);
  };
  const beside = new OthersSeen(others);
  const passing: NonNullable<Prepared['release']>[] = [];
  const finished = executeRun(run, {
    scope,
    writer,
    emit(event) {
      if (event.kind === 'trial-started' || event.kind === 'trial-ended') beside.look(run.environment);
      emit(event);
    },
    preparation: {
      clean: sweepDead,
      resolve: () => resources.resolve(plan, scope), // the record's own plan has no values
      runtimes: () => resources.runtimes(scope.signal),
      coldStarts: () => openColdStarts(async () => (await resources.madeKit(scope)).pageCache, scope),
      clients: (usable) => resources.clients(clientsNeeded(usable), scope),
      ...preparingOn(resources, scope, passing),
      environment: async (usable, pairs, ready) => ({
        ...(await environmentOf(usable, pairs, ready, resources, scope)),
        ...(given.length > 0 && { given }),
      }),
    },
    ...{ host: hostCapacity(resources.dataFolder), hostState },
    evidence: (usable) => gatherEvidence(usable, resources, scope),
    accounts: usesEngine(plan) ? hostAccounts(() => resources.engineMachine(scope)) : ownAccounts,
    async afterwards(environment) {
      if (!usesEngine(plan)) return;
      await noteEnd(environment, await resources.engineMachine(scope));
      await weighLayers(environment, resources, scope);
    },
  }).then(async ({ state }) => {
    for (const release of passing) await release();
    await resources.leaveEngine();
    return state;
  });
  return { finished };
}

/** @param passing  is given what removes what was made for this run alone */
function preparingOn(
  resources: Resources,
  scope: RunScope,
  passing: NonNullable<Prepared['release']>[],
): Pick<Preparation, 'prepare' | 'prepareTogether'> {
  const noted = (prepared: Prepared): Prepared => {
    if (prepared.release) passing.push(prepared.release);
    return prepared;
  };
  return {
    prepare: async (ready, target) =>
      noted(await (await resources.target(target, scope)).prepare(ready, scope)),
    async prepareTogether(all, target) {
      const prepared = await (await resources.target(target, scope)).prepareTogether!(all, scope);
      return prepared.map(noted);
    },
  };
}

const emptyRecord = (id: RunId, plan: Plan, session: string): Run => ({
  schemaVersion,
  id,
  session,
  startedAt: new Date().toISOString(),
  state: 'running',
  plan,
  environment: { tareVersion, host: {}, images: [], commands: [], missing: [] },
  trials: [],
  warmups: [],
  rounds: [],
  skipped: [],
});

const leftoverWarning = (run: RunId, name: string, failure: Failure): TareEvent => ({
  kind: 'warning',
  run,
  text: tell('warning.leftover', { name, reason: failure.code }),
});
