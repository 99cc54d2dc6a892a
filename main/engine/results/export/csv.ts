import { trialMetrics } from '../../../contract/metrics';
import type { Run, Trial } from '../../../contract/run/run';
import { csvRow, type CsvValue } from './csvRows';
import { imageFigures, roundFigures } from './figures';
import type { TextExporter } from './format';

/** What a column tells of a trial. */
type Column = [name: string, read: (trial: Trial) => CsvValue];

/** One row per trial, those that do not count included; a figure that could not be read is an empty field. RFC 4180. */
export const csv: TextExporter = {
  files: (run) => {
    const { names, rows } = trialRows(run);
    return [{ content: [names, ...rows].map(csvRow).join('') }];
  },
};

/** Trial by trial, under the names of the columns. */
export function trialRows(run: Run): { names: string[]; rows: CsvValue[][] } {
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
