import type { TareEvent } from '../../../main/contract/events';
import type { Failure } from '../../../main/contract/failures';
import { Plan, workloadsOn, type PlanInput } from '../../../main/contract/plan';
import { schemaVersion, type HostState, type Run } from '../../../main/contract/run/run';
import { TareError } from '../../../main/engine/base/errors';
import { createRun, type RunWriter } from '../../../main/engine/results/history/store';
import { hostCapacity, type HostCapacity } from '../../../main/engine/measure/density/hostCapacity';
import { ownAccounts } from '../../../main/engine/measure/run/engineMachine';
import { executeRun } from '../../../main/engine/measure/run/runner';
import type { RunScope } from '../../../main/engine/base/scope';
import { fakePrepared, fakeTogether, type FakeBehaviour } from './fakeTarget';

/** A workload that needs little. */
export const workload = (name: string) => ({
  name,
  image: { kind: 'builtin', name: 'web' } as const,
  limits: { memoryBytes: 64 * 1024 ** 2 },
});

export interface Staging {
  plan?: Partial<PlanInput>;
  behaviour?: Partial<Record<string, FakeBehaviour>>;
  signal?: AbortSignal;
  onEvent?: (event: TareEvent) => void;
  /** targets that cannot be used, and why */
  unusable?: Partial<Record<string, Failure>>;
  /** why starts cannot be cold */
  notCold?: Failure;
  /** changes how the run is kept */
  writer?: Partial<RunWriter>;
  sweep?: () => Promise<void>;
  /** changes what the host seems to have */
  host?: Partial<HostCapacity>;
  /** what of it may change; default: nothing is known of it */
  hostState?: () => Promise<HostState>;
}

/** of the run */
export const id = '20260101-000000-abcd';

/** Executes a plan on fakes; the run is really written to disk, in `data`. */
export async function executeStaged(data: string, staging: Staging = {}) {
  const { plan: changes, behaviour = {}, signal, onEvent, unusable = {}, writer, sweep, host } = staging;
  const plan = Plan.parse({
    name: 'test',
    workloads: [workload('web')],
    targets: ['container', 'vm:direct'],
    trials: 2,
    soakMs: 30,
    coolDownMs: 0,
    samplePeriodMs: 50,
    readyTimeoutMs: 400,
    memoryFloorBytes: 0,
    ...changes,
  });
  const environment = { tareVersion: '0', host: {}, images: [], commands: [], missing: [] };
  const run: Run = {
    schemaVersion,
    id,
    session: 'test',
    startedAt: new Date(0).toISOString(),
    state: 'running',
    plan,
    environment,
    trials: [],
    warmups: [],
    rounds: [],
    skipped: [],
  };
  const log: string[] = [];
  const events: TareEvent[] = [];
  const scope = { signal: signal ?? new AbortController().signal } as RunScope;
  await executeRun(run, {
    scope,
    writer: { ...createRun(data, id), ...writer },
    emit: (event) => {
      events.push(event);
      onEvent?.(event);
    },
    services: {
      host: { ...hostCapacity(data), ...host },
      hostState: staging.hostState ?? (() => Promise.resolve({})),
      accounts: ownAccounts,
      evidence: () => Promise.reject(new Error('no plan here has claims')),
      afterwards: () => Promise.resolve(),
      clean: sweep ?? (() => Promise.resolve()),
      resolve: () => Promise.resolve(new Map()),
      runtimes: () => Promise.resolve(['container:crun']),
      coldStarts: () =>
        staging.notCold
          ? Promise.reject(new TareError(staging.notCold))
          : Promise.resolve((paths) => {
              log.push(`drop ${paths.join(' ')}`);
              return Promise.resolve({ bytes: 3000, droppedBytes: 2000, cachedBytes: 10 });
            }),
      clients: () => Promise.resolve({ docker: undefined as never, images: {} }), // HTTP is loaded without
      prepare: (_, target) => {
        const failure = unusable[target];
        return failure
          ? Promise.reject(new TareError(failure))
          : Promise.resolve(fakePrepared(target, log, behaviour[target]));
      },
      prepareTogether: (_, target) => {
        const names = workloadsOn(plan, target).map(({ name }) => name);
        return Promise.resolve(fakeTogether(target, names, log, behaviour[target]));
      },
      environment: () => Promise.resolve(environment),
    },
  });
  return { run, log, events, id };
}
