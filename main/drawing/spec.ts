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

/** The kinds of targets for which a series has a value: 0 is one, a missing figure is none. */
export const kindsWith = (spec: BarsSpec, series: number): Kind[] => [
  ...new Set(
    spec.bars
      .filter(({ values }) => typeof values[series] === 'number')
      .map(({ target }) => colourKind(target)),
  ),
];

/** A series' place among those its kind really has: the first gets the strongest shade. */
export function shadeOf(spec: BarsSpec, series: number, kind: Kind): number {
  const used = spec.series.map((_, index) => index).filter((index) => kindsWith(spec, index).includes(kind));
  return Math.max(0, used.indexOf(series));
}

/** Lines of one kind are told apart by shade, in the order in which their names come. */
export function shadesOfLines(spec: LinesSpec): number[] {
  const seen = new Map<Kind, string[]>(kinds.map((kind) => [kind, []]));
  return spec.lines.map(({ label, target }) => {
    const labels = seen.get(colourKind(target))!;
    const name = JSON.stringify(label);
    if (!labels.includes(name)) labels.push(name);
    return labels.indexOf(name);
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
