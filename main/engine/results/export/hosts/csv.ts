import { trialRows } from '../csv';
import { csvRow, type CsvValue } from '../csvRows';
import type { TextExporter } from '../format';
import type { ReportedFleet } from '../../report/hosts/reported';

/** One row per trial, each with its host in front; a host that gave no run is a row with its reason and nothing else. RFC 4180. */
export const fleetCsv: TextExporter<ReportedFleet> = {
  files: ({ hosts }) => {
    const all = hosts.map(({ name, outcome, failure, run }) => ({
      head: [name, outcome, failure?.code] as CsvValue[],
      ...(run ? trialRows(run) : { names: [], rows: [[]] }),
    }));
    // a phase or metric that only some hosts have is an empty field on the others
    const names = [...new Set(all.flatMap((host) => host.names))];
    const rows = all.flatMap((host) => {
      const places = names.map((name) => host.names.indexOf(name));
      return host.rows.map((row) => [...host.head, ...places.map((at) => (at < 0 ? undefined : row[at]))]);
    });
    return [{ content: [['host', 'hostOutcome', 'hostFailure', ...names], ...rows].map(csvRow).join('') }];
  },
};
