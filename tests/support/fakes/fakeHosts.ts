/** Hosts that run a plan as real ones would be told of, without being any. */
import type { TareEvent } from '../../../main/contract/events';
import type { Fleet, FleetHost } from '../../../main/contract/fleet/fleet';
import type { ChosenHost } from '../../../main/contract/fleet/host';
import type { Plan } from '../../../main/contract/plan';
import type { RunId, RunState } from '../../../main/contract/run/run';
import { reportedFleet } from '../../../main/engine/results/report/hosts/reported';
import { fleetOf } from './hostRuns';

interface HostsRun {
  id: RunId;
  plan: Plan;
  hosts: readonly ChosenHost[];
  /** what each comes to */
  host: (name: string) => FleetHost;
  emit: (event: TareEvent) => void;
  /** they measure until they are stopped */
  endless: boolean;
  /** all of them measure */
  begun: () => void;
  /** resolves when they are to stop */
  stop: Promise<void>;
  keep: (fleet: Fleet) => void;
}

/** One after the other, so that what is told of them has one order. */
export async function runOnFakeHosts(of: HostsRun): Promise<RunState> {
  const { id: run, plan, emit } = of;
  await new Promise((resolve) => setImmediate(resolve));
  const asked = of.hosts.map((host) => of.host(typeof host === 'string' ? host : host.name));
  emit({
    ...{ kind: 'hosts-started', run, plan },
    hosts: asked.map(({ name }) => ({ name, way: 'ssh' as const })),
  });
  for (const { name: host } of asked) {
    emit({ kind: 'host', run, host, stage: 'connecting' });
    emit({ kind: 'host', run, host, stage: 'checking', version: '0.1.0' });
  }
  const begun = asked.filter(({ runId }) => runId !== undefined);
  for (const { name: host, run: ran } of begun) {
    emit({ kind: 'host', run, host, stage: 'measuring', version: '0.1.0' });
    emit({ kind: 'run-started', run, host, plan, trials: ran?.trials.length ?? 0 });
  }
  of.begun();
  if (of.endless) await of.stop;
  const hosts = of.endless ? asked.map(stopped) : asked;
  for (const host of hosts) tellEnd(host, of);
  const failure = of.endless
    ? ({ code: 'stopped' } as const)
    : begun.length === 0
      ? ({ code: 'no-host', hosts: hosts.length } as const)
      : undefined;
  of.keep(reportedFleet({ ...fleetOf(hosts, run), plan, ...(failure && { failure }) }));
  const state = !failure ? 'done' : failure.code === 'stopped' ? 'stopped' : 'failed';
  emit({ kind: 'run-ended', run, state, ...(failure && { failure }) });
  return state;
}

const stopped = (host: FleetHost): FleetHost =>
  host.outcome === 'failed' ? host : { ...host, outcome: 'stopped', failure: { code: 'stopped' } };

function tellEnd({ name: host, run: ran, outcome, failure }: FleetHost, { id: run, emit }: HostsRun): void {
  const trials = ran?.trials ?? [];
  trials.forEach((trial, at) =>
    emit({ kind: 'trial-ended', run, host, trial, warmup: false, done: at + 1, of: trials.length }),
  );
  emit({ kind: 'host', run, host, stage: outcome, ...(failure && { failure }) });
}
