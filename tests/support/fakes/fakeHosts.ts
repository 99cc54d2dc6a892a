/** Hosts that run a plan as real ones would be told of, without being any. */
import type { TareEvent } from '../../../main/contract/events';
import type { Fleet, FleetHost } from '../../../main/contract/fleet/fleet';
import type { ChosenHost } from '../../../main/contract/fleet/host';
import type { Plan } from '../../../main/contract/plan';
import type { RunId } from '../../../main/contract/run/run';
import { reportedFleet } from '../../../main/engine/report/hosts/reported';
import { fleetOf } from './hostRuns';

export interface HostsRun {
  id: RunId;
  plan: Plan;
  hosts: readonly ChosenHost[];
  /** what each comes to */
  host: (name: string) => FleetHost;
  emit: (event: TareEvent) => void;
  /** before the first of them ends */
  meanwhile: () => Promise<void>;
  isStopped: () => boolean;
}

/** One after the other, so that what is told of them has one order. */
export async function runOnFakeHosts(of: HostsRun): Promise<Fleet> {
  const { id: run, plan, emit } = of;
  const asked = of.hosts.map((host) => of.host(typeof host === 'string' ? host : host.name));
  const names = asked.map(({ name }) => ({ name, way: 'ssh' as const }));
  emit({ kind: 'hosts-started', run, plan, hosts: names });
  for (const { name: host } of asked) {
    emit({ kind: 'host', run, host, stage: 'connecting' });
    emit({ kind: 'host', run, host, stage: 'checking', version: '0.1.0' });
  }
  const begun = asked.filter(({ runId }) => runId !== undefined);
  for (const { name: host } of begun) {
    emit({ kind: 'host', run, host, stage: 'measuring', version: '0.1.0' });
    emit({ kind: 'run-started', run, host, plan, trials: 18 });
  }
  await of.meanwhile();
  const hosts = asked.map((host): FleetHost => {
    if (!of.isStopped() || host.outcome === 'failed') return host;
    return { ...host, outcome: 'stopped', failure: { code: 'stopped' } };
  });
  for (const { name: host, run: ran, outcome, failure } of hosts) {
    const trials = ran?.trials ?? [];
    trials.forEach((trial, at) =>
      emit({ kind: 'trial-ended', run, host, trial, warmup: false, done: at + 1, of: trials.length }),
    );
    emit({ kind: 'host', run, host, stage: outcome, ...(failure && { failure }) });
  }
  const failure = of.isStopped()
    ? ({ code: 'stopped' } as const)
    : begun.length === 0
      ? ({ code: 'no-host', hosts: hosts.length } as const)
      : undefined;
  const fleet = reportedFleet({ ...fleetOf(hosts, run), plan, ...(failure && { failure }) });
  const state = !failure ? 'done' : failure.code === 'stopped' ? 'stopped' : 'failed';
  emit({ kind: 'run-ended', run, state, ...(failure && { failure }) });
  return fleet;
}
