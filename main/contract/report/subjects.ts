/** The details of a report by what they are about, in the same order on the page and in files. */
import type { ChartSpec, Report, Table } from './report';

/** The subjects, each with the charts and tables that tell of it, by their ids; `gross-…` stand in records of Tare 0.1. */
const parts = {
  density: [
    'density',
    'density-rungs',
    'density-starts',
    'density-steps',
    'density-costs',
    'density-limits',
    'density-strain',
  ],
  memory: [
    'ab-hostBytes',
    'ratios-hostBytes',
    'tare',
    'memory',
    'memory-over-time',
    'memory-together',
    'totals',
    'parts',
    'inside',
    'gross-memory',
  ],
  'start-up': ['ab-readyMs', 'ratios-readyMs', 'start-up', 'phases', 'gross-time'],
  disk: ['disk', 'gross-disk'],
  load: ['load'],
  tuning: ['levers'],
  noise: ['noise'],
  lifecycle: ['lifecycle'],
  trials: ['outliers', 'failures'],
} as const;

type ReportSubject = keyof typeof parts | 'more';

/** What a chart or table is about; `more` where only another Tare knows. */
const subjectOf = ({ id }: { id: string }): ReportSubject =>
  (Object.keys(parts) as (keyof typeof parts)[]).find((subject) =>
    (parts[subject] as readonly string[]).includes(id),
  ) ?? 'more';

/** What a report tells of one subject: at least one chart or table. */
export interface ReportPart {
  subject: ReportSubject;
  charts: ChartSpec[];
  tables: Table[];
}

/** Every chart and every table of the report once. */
export function partsOf({ charts, tables }: Pick<Report, 'charts' | 'tables'>): ReportPart[] {
  const order = [...Object.keys(parts), 'more'] as ReportSubject[];
  return order
    .map((subject) => ({
      subject,
      charts: charts.filter((chart) => subjectOf(chart) === subject),
      tables: tables.filter((table) => subjectOf(table) === subject),
    }))
    .filter((part) => part.charts.length + part.tables.length > 0);
}
