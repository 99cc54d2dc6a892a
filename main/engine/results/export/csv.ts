import type { FleetHost } from '../../../contract/fleet/fleet';
import { trialMetrics } from '../../../contract/metrics';
import { isOfHosts } from '../../../contract/record';
import type { Run, Trial } from '../../../contract/run/run';
import type { ReportedRecord } from '../report/reported';
import { csvRow, type CsvValue } from './csvRows';
import { imageFigures, roundFigures } from './figures';
import type { TextExporter } from './format';

/** What a column tells of a trial. */
type Column = [name: string, read: (trial: Trial) => CsvValue];

/**
 * One row per trial, those that do not count included; a figure that could not be read is an empty field. Of several hosts each row has its
 * host in front, and one that gave no run is a row with its reason and nothing else. RFC 4180.
 */
export const csv: TextExporter<ReportedRecord> = {
  files: (record) => {
    const { names, rows } = isOfHosts(record) ? hostRows(record.hosts) : trialRows(record);
    return [{ content: [names, ...rows].map(csvRow).join('') }];
  },
};

interface Rows {
  names: string[];
  rows: CsvValue[][];
}

function hostRows(hosts: readonly FleetHost[]): Rows {
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
  return { names: ['host', 'hostOutcome', 'hostFailure', ...names], rows };
}

/** Trial by trial, under the names of the columns. */
function trialRows(run: Run): Rows {
  const columns = columnsOf(run);
  return {
    names: columns.map(([name]) => name),
    rows: run.trials.map((trial) => columns.map(([, read]) => read(trial))),
  };
}

/** The last metric of the first version: columns that came later stand behind all of that version's, so that none of these moves. */
const firstVersion = trialMetrics.findIndex(({ id }) => id === 'stopMs');

/** Names and units as in run.json. */
function columnsOf(run: Run): Column[] {
  const metrics = trialMetrics.map(({ id, read }): Column => [id, read]);
  const phases = [...new Set(run.trials.flatMap((trial) => trial.phases.map(({ name }) => name)))];
  return [
    ['trial', ({ id }) => id],
    ['workload', ({ workload }) => workload],
    ['target', ({ target }) => target],
    ['round', ({ index }) => index],
    ['outcome', ({ outcome }) => outcome],
    ['failure', ({ failure }) => failure?.code],
    ['accelerator', ({ accelerator }) => accelerator],
    ...metrics.slice(0, firstVersion),
    ['stop', ({ stop }) => stop?.how],
    metrics[firstVersion]!,
    ['answerSha256', ({ answerSha256 }) => answerSha256],
    ...phases.map((phase): Column => [
      `phase.${phase}Ms`,
      ({ phases }) => phases.find(({ name }) => name === phase)?.atMs,
    ]),
    ...metrics.slice(firstVersion + 1),
    ...[...imageFigures(run), ...roundFigures(run)].map(({ id, read }): Column => [id, read]),
    ['failureReason', ({ failure }) => (failure && 'reason' in failure ? failure.reason : undefined)],
  ];
}
