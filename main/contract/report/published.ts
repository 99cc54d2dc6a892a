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

/** Where a value axis ends, so that every published figure within reach of what was measured stands on it; of the middle figure, where nothing was. */
export function endWithPublished(measured: number, spec: ChartSpec): number {
  if (!hasPublished(spec)) return measured;
  const values = spec.references.map(({ value }) => value).sort((a, b) => a - b);
  const around = measured > 0 ? measured : values[Math.floor(values.length / 2)]!;
  return Math.max(measured, ...values.filter((value) => value <= around * reach));
}
