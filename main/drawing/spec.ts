/** What follows from a specification alone, before any size or colour. */
import { tell, type MessageKey } from '../contract/messages';
import type { ChartSpec, Message } from '../contract/report/report';
import { colourKind, kinds, type Kind } from './palette';

export type BarsSpec = Extract<ChartSpec, { kind: 'bars' }>;
export type LinesSpec = Extract<ChartSpec, { kind: 'lines' }>;
export type SpansSpec = Extract<ChartSpec, { kind: 'spans' }>;
export type Bar = BarsSpec['bars'][number];

/** Spreading many values into Math.max would overflow the stack. */
export const largest = (values: readonly number[]): number =>
  values.reduce((most, value) => (value > most ? value : most), 0);

/** A bar's whole length; null when nothing of it could be read. */
export const totalOf = ({ values }: Bar): number | null =>
  values.reduce<number | null>((sum, value) => (value === null ? sum : (sum ?? 0) + value), null);

/** The furthest that anything measured reaches. */
export const endOf = (bar: Bar): number =>
  Math.max(longestOf(bar), bar.interval?.high ?? 0, largest(bar.points ?? []));

/** As far as its parts reach: one below 0 makes the whole shorter than those before it. */
function longestOf({ values }: Bar): number {
  let length = 0;
  return largest(values.map((value) => (length += value ?? 0)));
}

/** Whether a row's times are those of an emulated VM. Records of Tare 0.1 tell it of the whole chart. */
export const isEmulated = (
  { unit, caution }: ChartSpec,
  { emulated, target }: { emulated?: true | undefined; target: string },
): boolean => emulated ?? (unit === 'ms' && caution?.key === 'chart.emulated' && colourKind(target) === 'vm');

export const hasOutline = (spec: ChartSpec): spec is BarsSpec =>
  spec.kind === 'bars' && spec.bars.some((bar) => bar.outline !== undefined);

/**
 * Of each series the kinds of targets that have a value of it, 0 being one and a missing figure none, each with its place among the
 * series that the kind really has: the first gets the strongest shade.
 */
export function shadesOfSeries({ series, bars }: BarsSpec): ReadonlyMap<Kind, number>[] {
  const kindsOf = series.map(() => new Set<Kind>());
  for (const { values, target } of bars) {
    const kind = colourKind(target);
    values.forEach((value, at) => value !== null && kindsOf[at]!.add(kind));
  }
  const used = new Map<Kind, number>();
  const nextShade = (kind: Kind): number => {
    const shade = used.get(kind) ?? 0;
    used.set(kind, shade + 1);
    return shade;
  };
  return kindsOf.map((those) => new Map([...those].map((kind) => [kind, nextShade(kind)])));
}

/** Lines of one kind are told apart by shade, in the order in which their names come. */
export function shadesOfLines(spec: LinesSpec): number[] {
  const seen = new Map<Kind, Map<string, number>>(kinds.map((kind) => [kind, new Map<string, number>()]));
  return spec.lines.map(({ label, target }) => {
    const shades = seen.get(colourKind(target))!;
    const name = JSON.stringify(label);
    const shade = shades.get(name) ?? shades.size;
    shades.set(name, shade);
    return shade;
  });
}

/** What lies below the lines. */
export const acrossOf = ({ across }: LinesSpec): NonNullable<LinesSpec['across']> =>
  across ?? { unit: 'ms', title: tell('chart.axis.since-start') };

const quantities: Partial<Record<ChartSpec['unit'], MessageKey>> = {
  bytes: 'chart.axis.bytes',
  ms: 'chart.axis.ms',
};

/** Names the quantity on the value axis. */
export const quantityOf = (spec: ChartSpec): Message | string =>
  spec.axis ??
  (spec.kind === 'bars' && spec.series.length === 1
    ? spec.series[0]!.label
    : tell(quantities[spec.unit] ?? 'chart.axis.other'));
