/** What all hosts say, worked out as their runs are read one after the other: no two of them are in memory. */
import type { FleetHost } from '../../../contract/fleet/fleet';
import type { HostsReport } from '../../../contract/report/fleet';
import { partOf, type HostPart } from '../../results/report/hosts/part';
import { hostsReport } from '../../results/report/hosts/report';
import type { FleetRecord } from './record';

export async function reportOn(
  hosts: readonly Omit<FleetHost, 'run'>[],
  record: Pick<FleetRecord, 'run'>,
): Promise<HostsReport> {
  const parts: HostPart[] = [];
  for (const host of hosts) {
    const { name, runId } = host;
    const run = runId === undefined ? undefined : await record.run(name).catch(() => undefined);
    parts.push(partOf({ ...host, ...(run && { run }) }));
  }
  return hostsReport(parts);
}
