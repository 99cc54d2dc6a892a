/** What doors ask of hosts. */
import type { TareEvent } from '../../../contract/events';
import type { Host } from '../../../contract/fleet/host';
import type { SwarmOptions } from '../../../contract/fleet/swarm';
import type { DoctorReport } from '../../../contract/machine';
import type { Plan } from '../../../contract/plan';
import type { RunId, RunState } from '../../../contract/run/run';
import type { Resources } from '../../measure/resources';
import type { RunScope } from '../../base/scope';
import type { Begun } from '../../base/work/work';
import { collect, type OpenHosts } from './collect';
import { lookAt } from './measure';
import { reachable, type Reach } from './reach';
import { createFleetRecord } from './record';

/** What hosts may have to be made ready for. */
export interface HostsOrder {
  id: RunId;
  /** as hosts are asked to run it: with the values of its variables */
  plan: Plan;
  anyway: boolean;
  resources: Resources;
  scope: RunScope;
  emit: (event: TareEvent) => void;
}

/** Finds the hosts of a run. @throws {TareError} why there are none */
export type HostsOfRun = (order: HostsOrder) => Promise<OpenHosts>;

/** Those that a person has named. */
export const namedHosts =
  (hosts: readonly Host[], reach: Reach): HostsOfRun =>
  () =>
    Promise.resolve({
      hosts: hosts.map((host) => reachable(host, reach)),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });

/**
 * Begins a run on several hosts, and answers as soon as its folder exists.
 * @throws {TareError} `write-failed`
 */
export async function startOnHosts(
  { id, plan, anyway, swarm }: { id: RunId; plan: Plan; anyway: boolean; swarm: SwarmOptions | undefined },
  hosts: HostsOfRun,
  resources: Resources,
  signal: AbortSignal,
  emit: (event: TareEvent) => void,
): Promise<Begun<RunState>> {
  const record = await createFleetRecord(resources.dataFolder, id);
  const scope = resources.scope(signal, { run: id });
  const finished = collect({
    ...{ id, plan, anyway, record, scope, emit },
    ...(swarm && { swarm }),
    hosts: (given) => hosts({ id, plan: given, anyway, resources, scope, emit }),
    engine: () => resources.docker(signal),
  });
  return { finished };
}

/**
 * What works on a host, why not, and the remedy.
 * @throws {TareError} why there is no answer
 */
export const doctorOf = (host: Host, reach: Reach, signal: AbortSignal): Promise<DoctorReport> =>
  lookAt(reachable(host, reach), signal);
