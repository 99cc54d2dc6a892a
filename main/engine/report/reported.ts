import type { Run, Sample } from '../../contract/run/run';
import { makeReport } from './report';

/**
 * The run with its report. An interrupted run never came to one; what it measured can still be told.
 * @param samples  asked for only when the report has to be made
 */
export async function reported(run: Run, samples: () => Promise<readonly Sample[]>): Promise<Run> {
  return run.report ? run : { ...run, report: makeReport(run, await samples()) };
}
