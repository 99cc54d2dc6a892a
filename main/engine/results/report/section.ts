import type { ChartSpec, Table, Verdict } from '../../../contract/report/report';
import type { Sample } from '../../../contract/run/run';
import type { Estimates } from './estimates/estimates';

/** What one subject adds to a report. It works nothing out: it arranges estimates. */
export interface Section {
  verdicts?(of: Estimates): Verdict[];
  tables?(of: Estimates): Table[];
  /** @param samples  for lines over time; every other figure comes from the estimates alone */
  charts?(of: Estimates, samples: readonly Sample[]): ChartSpec[];
}
