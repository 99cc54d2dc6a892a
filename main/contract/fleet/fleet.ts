/** One plan run on several hosts: what came home of each, and what all of it says. */
import { z } from 'zod';
import type { Problem } from '../messages';
import { Failure } from '../failures';
import { Plan } from '../plan';
import { HostsReport } from '../report/fleet';
import { Run, RunId, RunLabel, type RunState } from '../run/run';
import { HostName, HostWay, mostHosts } from './host';
import { SwarmOptions } from './swarm';

/** Version of fleet.json. A reader refuses newer ones. The runs in it have a version of their own. */
export const fleetSchemaVersion = 2;

/** A host, and what it gave: a run, or a reason. */
export const FleetHost = z.object({
  name: HostName,
  /** as it was asked for, without any secret; who somebody is there is left out unless the plan keeps values */
  address: z.string().max(1000).optional(),
  /** absent of a run that was interrupted: only what had come home is known of it */
  way: HostWay.optional(),
  /** of Tare there */
  version: z.string().max(100).optional(),
  /** `ok`: its run came to its end, whatever its trials did · `stopped`: by whoever asked for it */
  outcome: z.enum(['ok', 'failed', 'stopped']),
  /** why it gave no run, or no whole one */
  failure: Failure.optional(),
  /** of its run, in the host's own history */
  runId: RunId.optional(),
  /** of that run, once it is home, and how many of them did not end well */
  trials: z.object({ of: z.number().int().min(0), failed: z.number().int().min(0) }).optional(),
  /** as it was recorded there; its samples lie beside this record, where they came home */
  run: Run.optional(),
});
export type FleetHost = z.infer<typeof FleetHost>;

/** What a host gave, by how its run has ended. */
export const outcomeOf = (state: RunState): FleetHost['outcome'] =>
  state === 'done' ? 'ok' : state === 'stopped' ? 'stopped' : 'failed';

/** Each names a folder, and some file systems know no capital letters. */
const areNamedOnce = (hosts: readonly { name: string }[]): boolean =>
  new Set(hosts.map(({ name }) => name.toLowerCase())).size === hosts.length;
const namedTwice = { message: 'host-named-twice' satisfies Problem };

/** One executed plan on several hosts, as kept in fleet.json. */
export const Fleet = z.object({
  schemaVersion: z.literal(fleetSchemaVersion),
  /** names it in the history, beside runs on this computer */
  id: RunId,
  startedAt: z.string(),
  /** absent of one that is under way, or was interrupted */
  endedAt: z.string().optional(),
  /** why the whole of it came to nothing, or was stopped */
  failure: Failure.optional(),
  plan: Plan,
  /** how its hosts were found, where they are nodes of a swarm */
  swarm: SwarmOptions.optional(),
  /** in the order in which they were asked for */
  hosts: z.array(FleetHost).max(mostHosts).refine(areNamedOnce, namedTwice),
  report: HostsReport.optional(),
  /** kept in label.json, and joined to the record when it is read */
  label: RunLabel.optional(),
});
export type Fleet = z.infer<typeof Fleet>;

/** It without the runs of its hosts, which are many and large: what a page shows. */
export const FleetOverview = Fleet.extend({
  hosts: z
    .array(FleetHost.omit({ run: true }))
    .max(mostHosts)
    .refine(areNamedOnce, namedTwice),
});
export type FleetOverview = z.infer<typeof FleetOverview>;

/** What one came to that has ended: `done` where a run of some host came to its end. */
export function endOfFleet({
  failure,
  hosts,
}: Pick<FleetOverview, 'failure' | 'hosts'>): Extract<RunState, 'done' | 'failed' | 'stopped'> {
  if (failure) return failure.code === 'stopped' ? 'stopped' : 'failed';
  return hosts.some(({ outcome }) => outcome === 'ok') ? 'done' : 'failed';
}
