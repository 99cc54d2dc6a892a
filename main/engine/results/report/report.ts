import type { Report } from '../../../contract/report/report';
import type { Run, Sample } from '../../../contract/run/run';
import { answerOf } from './answer/answer';
import { claimsOf } from './claims/claims';
import { Estimates } from './estimates/estimates';
import { sections } from './sections';
import { failures } from './sections/failures';
import { warnings } from './sections/notes';
import { weakened } from './weaknesses';

/**
 * What a run says, as data: the same input gives the same report. Only trials that ended well are counted; the others
 * are listed with their reasons. A run without a single counted trial still gets its failures told.
 * @param samples  for the lines over time; every other figure comes from `run` alone
 */
export function makeReport(run: Run, samples: readonly Sample[]): Report {
  const estimates = new Estimates(run);
  const parts = estimates.counted.length > 0 ? sections : { verdicts: [], tables: [failures], charts: [] };
  const claims = estimates.counted.length > 0 ? claimsOf(estimates) : [];
  const told = [warnings, ...parts.verdicts].flatMap((section) => section.verdicts(estimates));
  const verdicts = weakened(estimates, told);
  const answer = answerOf(estimates, verdicts);
  return {
    ...(answer && { answer }),
    verdicts: verdicts,
    tables: parts.tables
      .flatMap((section) => section.tables(estimates))
      .filter(({ rows }) => rows.length > 0),
    charts: parts.charts.flatMap((section) => section.charts(estimates, samples)),
    ...(claims.length > 0 && { claims }),
  };
}
