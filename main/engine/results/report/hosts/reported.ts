import { isMessageKey } from '../../../../contract/messages';
import type { Fleet } from '../../../../contract/fleet/fleet';
import type { HostsReport } from '../../../../contract/report/fleet';
import { partOf } from './part';
import { hostsReport } from './report';

export type ReportedFleet = Fleet & { report: HostsReport };

/** The record with its report: made anew where it has none, as of one that was interrupted, or one with texts that this version does not know. */
export function reportedFleet(fleet: Fleet): ReportedFleet {
  const { report, hosts } = fleet;
  return { ...fleet, report: report && isKnown(report) ? report : hostsReport(hosts.map(partOf)) };
}

/** Whether this version has the texts of a report. */
export const isKnown = ({ text, sureness, doubts, verdicts }: HostsReport): boolean =>
  [text, ...sureness.map(({ said }) => said), ...doubts, ...verdicts.map((one) => one.text)].every(
    ({ key }) => isMessageKey(key),
  );
