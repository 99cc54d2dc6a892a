import type { Report, Table } from '../../contract/report/report';
import type { Run, Sample } from '../../contract/run/run';
import { notes, warnings } from './caveats';
import { chartsOf } from './charts';
import { claimsOf, claimVerdicts } from './claims';
import { densityStepsTable, densityTable, densityVerdicts } from './density';
import { densityCharts } from './densityCharts';
import { outliersTable } from './extremes';
import { diskTable } from './disk';
import { insideTable } from './inside';
import { loadChart, loadTable, loadVerdicts } from './load';
import { failuresTable, memoryTable, partsTable, phasesTable, startUpTable } from './tables';
import { totalsTable } from './together';
import { lifecycleTable } from './lifecycle';
import { leversTable, leverVerdicts } from './levers';
import { noiseTable, noiseVerdicts } from './noise';
import { precisionVerdicts } from './precision';
import { claims } from './verdicts';
import { weakened } from './weaknesses';

/**
 * What a run says, as data: the same input gives the same report. Only trials that ended well are counted; the others
 * are listed with their reasons. A run without a single counted trial still gets its failures told.
 * @param samples  for the lines over time; every other figure comes from `run` alone
 */
export function makeReport(run: Run, samples: readonly Sample[]): Report {
  const any = run.trials.some(({ outcome }) => outcome === 'ok');
  const tables: Table[] = any
    ? [
        densityTable(run),
        densityStepsTable(run),
        startUpTable(run),
        leversTable(run),
        noiseTable(run),
        totalsTable(run),
        memoryTable(run),
        partsTable(run),
        insideTable(run),
        loadTable(run),
        phasesTable(run),
        lifecycleTable(run),
        diskTable(run),
        outliersTable(run),
      ]
    : [];
  const tested = claimsOf(run);
  return {
    verdicts: weakened(run, [
      ...warnings(run),
      ...(any
        ? [
            ...claimVerdicts(run),
            ...densityVerdicts(run),
            ...noiseVerdicts(run),
            ...leverVerdicts(run),
            ...claims(run),
            ...loadVerdicts(run),
            ...precisionVerdicts(run),
            ...notes(run),
          ]
        : []),
    ]),
    tables: [...tables, failuresTable(run)].filter(({ rows }) => rows.length > 0),
    charts: any ? [...densityCharts(run), ...chartsOf(run, samples), ...loadChart(run)] : [],
    ...(any && tested.length > 0 && { claims: tested }),
  };
}
