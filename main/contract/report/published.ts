/** Published figures lie in every record; whether they are shown is the reader's choice, made before a chart is painted. */
import type { ChartSpec, PublishedFigure, Report } from './report';

export type PublishedSpec = Extract<ChartSpec, { kind: 'bars' }> & { references: PublishedFigure[] };

export const hasPublished = (spec: ChartSpec): spec is PublishedSpec =>
  spec.kind === 'bars' && (spec.references?.length ?? 0) > 0;

/** The same chart with nothing but what was measured here. */
export function withoutPublished(spec: ChartSpec): ChartSpec {
  if (!hasPublished(spec)) return spec;
  const measured: Partial<PublishedSpec> = { ...spec };
  delete measured.references;
  delete measured.aboutReferences;
  return measured as ChartSpec;
}

export const measuredOnly = (report: Report): Report => ({
  ...report,
  charts: report.charts.map(withoutPublished),
});

/** Figures further out would squeeze the bars into nothing: they are named at the axis' end instead. */
const reach = 4;

/** Where a value axis ends, so that every published figure within reach stands on it. */
export const endWithPublished = (measured: number, spec: ChartSpec): number =>
  !hasPublished(spec)
    ? measured
    : spec.references.reduce(
        (end, { value }) => (measured === 0 || value <= measured * reach ? Math.max(end, value) : end),
        measured,
      );
