import { isMessageKey } from '../../../contract/messages';
import type { Answer, Report } from '../../../contract/report/report';
import { isOfHosts, type RunRecord } from '../../../contract/record';
import type { Run, Sample } from '../../../contract/run/run';
import { reportedFleet, type ReportedFleet } from './hosts/reported';
import { makeReport } from './report';

/** A record with its report. */
export type ReportedRecord = Run | ReportedFleet;

/** The same of a record of one host or several. @see reported @see reportedFleet */
export const reportedRecord = async (
  record: RunRecord,
  samples: () => Promise<readonly Sample[]>,
): Promise<ReportedRecord> => (isOfHosts(record) ? reportedFleet(record) : reported(record, samples));

/**
 * The run with its report. An interrupted run never came to one; what it measured can still be told. One that was recorded before
 * reports began with an answer is made anew, and so is one whose answer has texts that this version does not know.
 * @param samples  asked for only when the report has to be made; none for a record from a file
 */
export async function reported(run: Run, samples: () => Promise<readonly Sample[]>): Promise<Run> {
  if (run.report?.answer && isKnown(run.report.answer)) return run;
  return { ...run, report: withRecorded(makeReport(run, await samples()), run.report) };
}

const isKnown = ({ text, rows, doubts }: Answer): boolean =>
  [text, ...rows.flatMap(({ sureness }) => sureness ?? []), ...doubts].every(({ key }) => isMessageKey(key));

/** Lines over time need samples: where these are not at hand, the recorded lines stay. */
function withRecorded(made: Report, recorded: Report | undefined): Report {
  const missing = (recorded?.charts ?? []).filter(
    ({ id, kind }) => kind === 'lines' && made.charts.every((chart) => chart.id !== id),
  );
  return { ...made, charts: [...made.charts, ...missing] };
}
