/** What a run asks of the computer and of the engine that it is made on, and how it is given that from this Tare's resources. */
import { tell } from '../../../contract/messages';
import type { TareEvent } from '../../../contract/events';
import { usesEngine, type Plan } from '../../../contract/plan';
import type { Evidence } from '../../../contract/run/evidence';
import type { Environment, HostState, RunId } from '../../../contract/run/run';
import type { TargetId } from '../../../contract/targets';
import type { RunScope } from '../../base/scope';
import { sweep } from '../../calls/clean';
import { evict } from '../../images/disk/cache';
import type { Ready } from '../../images/image/facts';
import { gatherEvidence } from '../../inspect/claims/evidence';
import { hostCapacity, type HostCapacity } from '../density/hostCapacity';
import { clientsNeeded } from '../load/apply';
import type { Clients } from '../load/clients';
import type { Resources } from '../resources';
import type { Prepared } from '../targets/target';
import { openColdStarts, type DropCached } from './coldStarts';
import { hostAccounts, noteEnd, ownAccounts, type HostAccounts } from './engineMachine';
import { environmentOf, type PreparedPair } from './environment';
import { hostState } from './hostState';
import { weighLayers } from './images';

export interface RunServices {
  host: HostCapacity;
  /** what of the host may change meanwhile */
  hostState(): Promise<HostState>;
  /** of the machines that instances run on */
  accounts: HostAccounts;
  /** removes what would take memory from what is measured */
  clean(): Promise<void>;
  /** the workloads with their images, and with the values of their variables */
  resolve(plan: Plan): Promise<Map<string, Ready>>;
  /** the container engine's other runtimes, as targets */
  runtimes(): Promise<TargetId[]>;
  prepare(ready: Ready, target: TargetId): Promise<Prepared>;
  /** the same for workloads that are in one machine, in their order */
  prepareTogether(all: readonly Ready[], target: TargetId): Promise<Prepared[]>;
  /** what makes starts cold; @throws {TareError} `not-cold` */
  coldStarts(): Promise<DropCached>;
  /** what loads the instances */
  clients(plan: Plan): Promise<Clients>;
  environment(plan: Plan, pairs: PreparedPair[], ready: Map<string, Ready>): Promise<Environment>;
  /** gathers what a plan with claims needs beside its trials */
  evidence(plan: Plan): Promise<Evidence>;
  /** completes the environment by what would have disturbed the trials; never rejects */
  afterwards(plan: Plan, environment: Environment): Promise<void>;
}

/** Disposing of them removes what was made for this run alone. */
export function openServices(
  { id, plan }: { id: RunId; plan: Plan },
  resources: Resources,
  scope: RunScope,
  emit: (event: TareEvent) => void,
): RunServices & AsyncDisposable {
  const releases: NonNullable<Prepared['release']>[] = [];
  const noted = (prepared: Prepared): Prepared => {
    if (prepared.release) releases.push(prepared.release);
    return prepared;
  };
  return {
    host: hostCapacity(resources.dataFolder),
    hostState,
    accounts: usesEngine(plan) ? hostAccounts(() => resources.engineMachine(scope)) : ownAccounts,
    clean: () => sweepDead(id, resources, emit),
    resolve: (asked) => resources.resolve(asked, scope),
    runtimes: () => resources.runtimes(scope.signal),
    prepare: async (ready, target) =>
      noted(await (await resources.target(target, scope)).prepare(ready, scope)),
    async prepareTogether(all, target) {
      const prepared = await (await resources.target(target, scope)).prepareTogether!(all, scope);
      return prepared.map(noted);
    },
    coldStarts: () => openColdStarts(async () => (await resources.madeKit(scope)).pageCache, scope),
    clients: (usable) => resources.clients(clientsNeeded(usable), scope),
    environment: (usable, pairs, ready) => environmentOf(usable, pairs, ready, resources, scope),
    evidence: (usable) => gatherEvidence(usable, resources, scope),
    async afterwards(usable, environment) {
      if (!usesEngine(usable)) return;
      await noteEnd(environment, await resources.engineMachine(scope));
      await weighLayers(environment, resources, scope);
    },
    async [Symbol.asyncDispose]() {
      for (const release of releases) await release();
      await resources.leaveEngine();
    },
  };
}

/** What an earlier, dead session left takes memory from what is measured. */
async function sweepDead(run: RunId, resources: Resources, emit: (event: TareEvent) => void): Promise<void> {
  const { kept } = await sweep(resources, false);
  for (const { leftover, failure } of kept)
    emit({
      kind: 'warning',
      run,
      text: tell('warning.leftover', { name: leftover.name, reason: failure.code }),
    });
  // A cache that is too large is no reason not to measure, nor is one that cannot be weighed.
  const { cacheFolder } = resources;
  await evict({ cacheFolder, ledger: resources.ledger(), boundBytes: resources.cacheBytes() }).catch(
    () => undefined,
  );
}
