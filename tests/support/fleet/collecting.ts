/** Collects of hosts that are no computers, into a record on disk. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Fleet } from '../../../main/contract/fleet/fleet';
import type { TareEvent } from '../../../main/contract/events';
import type { Plan } from '../../../main/contract/plan';
import type { RunState } from '../../../main/contract/run/run';
import { TareError } from '../../../main/engine/base/errors';
import type { Way } from '../../../main/engine/remote/fleet/channel';
import { collect, type FleetOrder } from '../../../main/engine/remote/fleet/collect';
import type { ReachableHost } from '../../../main/engine/remote/fleet/measure';
import { createFleetRecord } from '../../../main/engine/remote/fleet/record';
import { fleetFile } from '../../../main/engine/base/paths';
import type { RunScope } from '../../../main/engine/base/scope';
import { fakeEngine, type EngineBehaviour, type FakeEngine } from '../fakes/fakeEngine';
import { hostThat, wayToEngine } from './channels';
import { id, plan, runId } from './plan';

export { id, plan, runId };

export interface Collected {
  fleet: Fleet;
  state: RunState;
  events: TareEvent[];
}

/** Runs the plan on these hosts, with its record in `data`. */
export async function collected(
  data: string,
  ways: Record<string, Way | Partial<ReachableHost>>,
  {
    signal = new AbortController().signal,
    asked = plan,
    swarm,
    limits = { silentMs: 500 },
  }: Partial<Pick<FleetOrder, 'limits' | 'swarm'>> & { signal?: AbortSignal; asked?: Plan } = {},
): Promise<Collected> {
  const events: TareEvent[] = [];
  const emit = (event: TareEvent) => void events.push(event);
  const hosts = Object.entries(ways).map(([name, way]): ReachableHost => {
    const host = { name, way: 'ssh' as const, address: `ssh://me@${name}` };
    return 'open' in way ? { ...host, reach: way } : { ...host, reach: hostThat(), ...way };
  });
  // nothing is built: of what work may use, a fleet needs only the signal
  const scope = { signal } as RunScope;
  const state = await collect({
    ...{ id, plan: asked, anyway: false, emit, scope, limits },
    ...(swarm && { swarm }),
    hosts: () => Promise.resolve({ hosts, [Symbol.asyncDispose]: () => Promise.resolve() }),
    record: await createFleetRecord(data, id),
    engine: () => Promise.reject(new TareError({ code: 'docker-unreachable', tried: [] })),
  });
  return { fleet: Fleet.parse(JSON.parse(readFileSync(fleetFile(data, id), 'utf8'))), state, events };
}

export const good = (behaviour: EngineBehaviour = {}): [FakeEngine, Way] => {
  const engine = fakeEngine(behaviour);
  return [engine, wayToEngine(engine)];
};

/** A data folder for one test. */
export const dataFolder = () => mkdtempSync(path.join(os.tmpdir(), 'tare-fleet-'));
export const removeFolder = (folder: string) => rmSync(folder, { recursive: true, force: true });
