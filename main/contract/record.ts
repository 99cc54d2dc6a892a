/** The record of a plan: of one host, as kept in run.json, or of several, as kept in fleet.json. */
import { z } from 'zod';
import { Fleet } from './fleet/fleet';
import { Run } from './run/run';

export const RunRecord = z.union([Run, Fleet]);
export type RunRecord = z.infer<typeof RunRecord>;

/** Whether several hosts measured it, or were asked to. */
export const isOfHosts = <R extends object>(record: R): record is Extract<R, { hosts: unknown }> =>
  'hosts' in record;

/** The run of each host that gave one; `host` names it where there are several. */
export const runsIn = (record: RunRecord): { host?: string; run: Run }[] =>
  isOfHosts(record)
    ? record.hosts.flatMap(({ name, run }) => (run ? [{ host: name, run }] : []))
    : [{ run: record }];

/** The same record with another run for each. */
export const withRuns = <R extends RunRecord>(record: R, change: (run: Run) => Run): R =>
  (isOfHosts<RunRecord>(record)
    ? {
        ...record,
        hosts: record.hosts.map((host) => ({ ...host, ...(host.run && { run: change(host.run) }) })),
      }
    : change(record)) as R;
