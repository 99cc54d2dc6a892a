/** One plan on several hosts at once, and one record of it. */
import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import type { TareEvent } from '../../../contract/events';
import {
  endOfFleet,
  fleetSchemaVersion,
  type FleetHost,
  type FleetOverview,
} from '../../../contract/fleet/fleet';
import type { SwarmOptions } from '../../../contract/fleet/swarm';
import type { Failure } from '../../../contract/failures';
import type { Plan } from '../../../contract/plan';
import type { RunId, RunState } from '../../../contract/run/run';
import type { DockerClient } from '../../base/docker/client';
import { toFailure } from '../../base/errors';
import { keptPlan } from '../../results/history/kept';
import type { RunScope } from '../../base/scope';
import { planForHosts } from './images';
import { hostLimits, type HostLimits } from './limits';
import { measureOn, type ReachableHost } from './measure';
import type { FleetRecord } from './record';
import { reportOn } from './reporting';

/** A connection costs a processor some milliseconds to be made, and nothing while a host measures: only the first is bounded. */
const mostConnecting = 16;
/** Whoever sends an image has the engine pack it. */
const mostSending = 2;
/** As many records are in memory at most. */
const mostHomecoming = 2;

export interface FleetOrder {
  id: RunId;
  /** with whole paths; values of variables are looked for here */
  plan: Plan;
  /** @param plan  as hosts are asked to run it */
  hosts: (plan: Plan) => Promise<OpenHosts>;
  anyway: boolean;
  /** how they are found, where they are nodes of a swarm */
  swarm?: SwarmOptions;
  record: FleetRecord;
  engine: () => Promise<DockerClient>;
  /** its signal aborts: what runs on hosts is stopped there, and brought home as far as it came */
  scope: RunScope;
  emit: (event: TareEvent) => void;
  /** beside the usual ones */
  limits?: Partial<HostLimits>;
}

/** The hosts of a run. What was made for them alone is removed in the end, which never rejects. */
export interface OpenHosts extends AsyncDisposable {
  hosts: readonly ReachableHost[];
  /** as many measure at once; absent: all of them */
  atOnce?: number;
}

/**
 * Runs a plan on all hosts at once, and keeps what comes home. Never rejects: a host that gives no run is a row with its reason, and what
 * is wrong with all of them is told with the end.
 */
export async function collect(order: FleetOrder): Promise<RunState> {
  const { id, plan, swarm, record, scope, emit } = order;
  const fleet: FleetOverview = {
    schemaVersion: fleetSchemaVersion,
    id,
    startedAt: new Date().toISOString(),
    plan: keptPlan(plan),
    ...(swarm && { swarm }),
    hosts: [],
  };
  let failure: Failure | undefined;
  try {
    await record.save(fleet);
    const told = (hosts: readonly ReachableHost[]) =>
      emit({
        ...{ kind: 'hosts-started', run: id, plan: fleet.plan },
        hosts: hosts.map(({ name, way }) => ({ name, way })),
      });
    fleet.hosts = await measureAll(order, told);
    fleet.report = await reportOn(fleet.hosts, record);
  } catch (error) {
    failure = toFailure(error);
  }
  fleet.endedAt = new Date().toISOString();
  if (scope.signal.aborted) failure ??= { code: 'stopped' };
  if (!fleet.hosts.some(({ runId }) => runId !== undefined))
    failure ??= { code: 'no-host', hosts: fleet.hosts.length };
  if (failure) fleet.failure = failure;
  await record.save(fleet).catch((error: unknown) => (failure ??= toFailure(error)));
  const state = endOfFleet({ ...fleet, ...(failure && { failure }) });
  emit({ kind: 'run-ended', run: id, state, ...(failure && { failure }) });
  return state;
}

/** In the order in which they were asked for. */
async function measureAll(
  order: FleetOrder,
  begin: (hosts: readonly ReachableHost[]) => void,
): Promise<Omit<FleetHost, 'run'>[]> {
  const { id, plan, anyway, record, engine, scope, emit, limits } = order;
  setMaxListeners(0, scope.signal); // every host waits for it
  const parts = {
    plan: await planForHosts(plan, engine, scope),
    ...{ anyway, record, engine, emit, run: id, signal: scope.signal },
    turns: {
      connecting: pLimit(mostConnecting),
      asking: pLimit(1),
      sending: pLimit(mostSending),
      homecoming: pLimit(mostHomecoming),
    },
    keepsUser: plan.keepValues === true,
    limits: { ...hostLimits, ...limits },
  };
  await using chosen = await order.hosts(parts.plan.plan);
  const { hosts, atOnce = hosts.length } = chosen;
  begin(hosts);
  const inTurn = pLimit(atOnce);
  return await Promise.all(hosts.map((host) => inTurn(() => measureOn(host, parts))));
}
