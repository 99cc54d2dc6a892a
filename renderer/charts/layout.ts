import type { ChartSpec, Message } from '../../main/contract/report/report';
import type { LegendEntry } from './legend';
import { kindOf, type Kind } from './palette';
import { laneHeight } from './published';

/** What follows from a specification alone, before any colour or canvas: legend, shades, extent. */

export type BarsSpec = Extract<ChartSpec, { kind: 'bars' }>;
export type LinesSpec = Extract<ChartSpec, { kind: 'lines' }>;
export type SpansSpec = Extract<ChartSpec, { kind: 'spans' }>;

/** A bar's whole length; null when nothing of it could be read. */
export const totalOf = (bar: BarsSpec['bars'][number]): number | null =>
  bar.values.reduce<number | null>((sum, value) => (value === null ? sum : (sum ?? 0) + value), null);

/** The furthest that anything measured reaches. */
export const measuredEnd = (bar: BarsSpec['bars'][number]): number =>
  Math.max(totalOf(bar) ?? 0, bar.interval?.high ?? 0, ...(bar.points ?? []));

/** Bars with a box plot on them need room for it. */
export const thicknessOf = (spec: BarsSpec): number => (spec.bars.some((bar) => bar.quartiles) ? 34 : 22);

/** The height at which a chart shows all its rows without crowding, in CSS pixels. */
export const heightOf = (spec: ChartSpec): number =>
  spec.kind === 'lines'
    ? 264
    : spec.kind === 'bars'
      ? spec.bars.length * (thicknessOf(spec) + 24) + 40 + laneHeight(spec)
      : spec.rows.length * 40 + 40;

export const hasOutline = (spec: ChartSpec): spec is BarsSpec =>
  spec.kind === 'bars' && spec.bars.some((bar) => bar.outline !== undefined);

/** The kinds of targets for which a series has a value at all. */
const kindsWith = (spec: BarsSpec, series: number): Kind[] => [
  ...new Set(spec.bars.filter((bar) => bar.values[series]).map((bar) => kindOf(bar.target))),
];

/** A series' place among those its kind really uses: the first is the strongest shade. */
export function shadeOfSeries(spec: BarsSpec, series: number, kind: Kind): number {
  const used = spec.series.map((_, index) => index).filter((index) => kindsWith(spec, index).includes(kind));
  return Math.max(0, used.indexOf(series));
}

/** Lines of one kind are told apart by shade, in the order in which they come. */
export function shadesOfLines(spec: LinesSpec): number[] {
  const seen = new Map<Kind, string[]>();
  return spec.lines.map((line) => {
    const kind = kindOf(line.target);
    const labels = seen.get(kind) ?? [];
    seen.set(kind, labels);
    const name = JSON.stringify(line.label);
    if (!labels.includes(name)) labels.push(name);
    return labels.indexOf(name);
  });
}

/** Whether the same lines are there as before, so that only their points differ: live data. */
export const continues = (before: LinesSpec, next: LinesSpec): boolean =>
  before.id === next.id &&
  before.lines.length === next.lines.length &&
  next.lines.every(
    ({ label, target }, at) =>
      target === before.lines[at]!.target &&
      (label === before.lines[at]!.label ||
        JSON.stringify(label) === JSON.stringify(before.lines[at]!.label)),
  );

/** The phases of each kind, in the order in which they are first seen. */
export function phasesOf(spec: SpansSpec): Map<Kind, string[]> {
  const phases = new Map<Kind, string[]>();
  for (const row of spec.rows) {
    const kind = kindOf(row.target);
    const known = phases.get(kind) ?? [];
    phases.set(kind, known);
    for (const { phase } of row.spans) if (!known.includes(phase)) known.push(phase);
  }
  return phases;
}

const key = (name: string): Message => ({ key: name, facts: {} });

export function legendOf(spec: ChartSpec): LegendEntry[] {
  if (spec.kind === 'bars') return barsLegend(spec);
  if (spec.kind === 'lines') {
    const shades = shadesOfLines(spec);
    const entries = new Map<string, LegendEntry>();
    spec.lines.forEach((line, index) => {
      const kind = kindOf(line.target);
      const swatch = { mark: 'line', kind, shade: shades[index] ?? 0, dashed: kind === 'vm' } as const;
      entries.set(`${kind} ${JSON.stringify(line.label)}`, { label: line.label, swatches: [swatch] });
    });
    return [...entries.values()];
  }
  return [...phasesOf(spec)].flatMap(([kind, phases]) =>
    phases.map((phase, shade) => ({
      label: key(`phase.${phase}`),
      swatches: [{ mark: 'fill', kind, shade } as const],
    })),
  );
}

function barsLegend(spec: BarsSpec): LegendEntry[] {
  const entries: LegendEntry[] = [];
  if (spec.series.length > 1) {
    spec.series.forEach(({ label }, series) => {
      const swatches = kindsWith(spec, series).map(
        (kind) => ({ mark: 'fill', kind, shade: shadeOfSeries(spec, series, kind) }) as const,
      );
      if (swatches.length > 0) entries.push({ label, swatches });
    });
  }
  if (spec.bars.some((bar) => bar.points?.length))
    entries.push({ label: key('ui.chart.point'), swatches: [{ mark: 'point' }] });
  if (spec.bars.some((bar) => bar.quartiles))
    entries.push({ label: key('chart.legend.quartiles'), swatches: [{ mark: 'quartiles' }] });
  if (spec.bars.some((bar) => bar.interval))
    entries.push({ label: key('ui.chart.interval'), swatches: [{ mark: 'interval' }] });
  if (hasOutline(spec)) entries.push({ label: key('ui.chart.reserved'), swatches: [{ mark: 'outline' }] });
  return entries;
}
