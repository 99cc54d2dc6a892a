/** A running instance under a plan's load: what it answers, what that costs it, and what it takes meanwhile. */
import type { Plan, Probe, ServiceName } from '../../../contract/plan';
import { settleMs, type LoadOrder } from '../../../contract/run/load';
import { toFailure } from '../../base/errors';
import type { RunScope } from '../../base/scope';
import { sleep } from '../../base/signals';
import type { RunningTrial } from '../trial/trial';
import type { Address, Clients } from './clients';
import { loadHttp } from './http';
import type { ServerLoad } from './percentiles';
import { loadPostgresql } from './pgbench';
import { loadRedis } from './valkeyBenchmark';

/** Readings of the memory while it is loaded; each costs some milliseconds of a core. */
const readEveryMs = 1000;

interface Loading {
  at: Address;
  order: LoadOrder;
  clients: Clients;
  scope: RunScope;
  /** must be called once the server holds what it is asked for: what that cost is no part of the load */
  onPrepared: () => Promise<void>;
}

interface Loader<P> {
  /** the service whose image brings the client along; absent: Tare itself */
  service?: ServiceName;
  load(loading: Loading, probe: P): Promise<ServerLoad>;
}

/** Who loads what is asked in which protocol. */
const loaders: { [K in Probe['kind']]?: Loader<Extract<Probe, { kind: K }>> } = {
  http: {
    async load({ at, order, scope, onPrepared }, { path }) {
      await onPrepared();
      return loadHttp({ ...at, path }, order, scope.signal);
    },
  },
  postgresql: {
    service: 'postgresql',
    load: ({ at, order, clients, scope, onPrepared }) =>
      loadPostgresql(at, order, clients, scope, onPrepared),
  },
  redis: {
    service: 'valkey',
    load: ({ at, order, clients, scope, onPrepared }) => loadRedis(at, order, clients, scope, onPrepared),
  },
};

const loaderOf = ({ kind }: Probe): Loader<Probe> | undefined => loaders[kind];

/** The services whose clients a plan's load needs. */
export function clientsNeeded({ load, workloads }: Plan): ServiceName[] {
  const needed = load ? workloads.flatMap(({ probe }) => loaderOf(probe)?.service ?? []) : [];
  return [...new Set(needed)];
}

/**
 * Loads the instance and writes what came of it into its record. An application that is asked in no protocol of its own, or an instance
 * that has failed, is left alone: a missing result is no zero.
 * @throws AbortError when aborted
 */
export async function applyLoad(
  trial: RunningTrial,
  plan: Plan,
  clients: Clients,
  scope: RunScope,
): Promise<void> {
  const { instance, record } = trial;
  const probe = plan.workloads.find(({ name }) => name === record.workload)?.probe;
  const loader = probe && loaderOf(probe);
  if (!instance || record.failure || !plan.load || !loader) return;
  const over = new AbortController();
  let cpuBefore: number | undefined;
  let highest: Promise<number | undefined> | undefined;
  const onPrepared = async () => {
    cpuBefore = await instance.cpuMs();
    highest = highestReading(() => instance.measure().then(({ hostBytes }) => hostBytes), over.signal);
  };
  const at = { host: instance.host, port: instance.port };
  try {
    const result = await loader.load({ at, order: plan.load, clients, scope, onPrepared }, probe);
    over.abort();
    const cpuAfter = await instance.cpuMs();
    const hostBytes = await highest;
    const settledBytes = await settledReading(instance, scope.signal);
    record.load = {
      ...result,
      ...(cpuBefore !== undefined &&
        cpuAfter !== undefined &&
        result.answered > 0 && { cpuMsPerRequest: (cpuAfter - cpuBefore) / result.answered }),
      ...(hostBytes !== undefined && { hostBytes }),
      ...(settledBytes !== undefined && { settledBytes }),
    };
  } catch (error) {
    scope.signal.throwIfAborted();
    record.loadFailure = toFailure(error); // what was measured before stands
  } finally {
    over.abort();
  }
}

/** What it takes a while after its work: a guest that reports its free pages has given them back by then, and one that can be asked for them is asked. */
async function settledReading(
  instance: NonNullable<RunningTrial['instance']>,
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    await instance.giveBack?.();
  } catch {
    return undefined; // it could not be asked, and so nothing is known of what it would have given
  }
  await sleep(settleMs, signal);
  return (await instance.measure()).hostBytes;
}

async function highestReading(
  read: () => Promise<number | undefined>,
  until: AbortSignal,
): Promise<number | undefined> {
  let highest: number | undefined;
  while (!until.aborted) {
    await sleep(readEveryMs, until).catch(() => undefined);
    const bytes = await read().catch(() => undefined); // the last one right at the end of the load
    if (bytes !== undefined) highest = Math.max(highest ?? 0, bytes);
  }
  return highest;
}
