/** What doors ask of hosts. */
import type { TareEvent } from '../../contract/events';
import type { Host } from '../../contract/fleet/host';
import type { DoctorReport } from '../../contract/machine';
import type { Plan } from '../../contract/plan';
import type { RunId, RunState } from '../../contract/run/run';
import type { Resources } from '../resources';
import type { Begun } from '../work/work';
import { collect } from './collect';
import { lookAt } from './measure';
import { reachable, type Reach } from './reach';
import { createFleetRecord } from './record';

/**
 * Begins a run on several hosts, and answers as soon as its folder exists.
 * @throws {TareError} `write-failed`
 */
export async function startOnHosts(
  { id, plan, hosts, anyway }: { id: RunId; plan: Plan; hosts: readonly Host[]; anyway: boolean },
  reach: Reach,
  resources: Resources,
  signal: AbortSignal,
  emit: (event: TareEvent) => void,
): Promise<Begun<RunState>> {
  const record = await createFleetRecord(resources.dataFolder, id);
  const scope = resources.scope(signal, { run: id });
  const finished = collect({
    ...{ id, plan, anyway, record, scope, emit },
    hosts: hosts.map((host) => reachable(host, reach)),
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
