/** What all charts have in common: quiet axes, names of rows, and the columns of words that stand beside them. */
import type { Chart, ChartConfiguration, Scale } from 'chart.js';
import type { Locale, ShownTheme } from '../../contract/appearance';
import { message, say } from '../../contract/messages';
import { scaleOf } from '../../contract/quantities';
import type { Message, Unit } from '../../contract/report/report';
import type { Look } from '../palette';
import type { LegendEntry } from '../plot';
import { largest } from '../spec';
import { widthOf, wrap } from '../words';

/** Who looks at a chart, and how. */
export interface View {
  locale: Locale;
  theme: ShownTheme;
  /** whether the axis reaches as far as the reservations; by default where they leave the bars to be seen */
  withReserved?: boolean;
  /** from where to where across, in the unit of what lies there; default: all */
  range?: readonly [from: number, to: number] | undefined;
  /** datasets that are not shown, by their place */
  hidden?: ReadonlySet<number>;
}

/** A chart as plain data: what Chart.js is given, and what stands around it. */
export interface Drawing {
  configuration: ChartConfiguration;
  /** in CSS pixels, where the chart is about 720 wide */
  height: number;
  legend: LegendEntry[];
  /** the figures in words */
  description: string[];
}

/** Below this width there is no room for words beside the bars but their figures. */
const narrow = 560;

/** A linear axis, in the unit that fits its end. */
export interface Quantity {
  /** how much one of the axis' unit is: data are divided by it */
  size: number;
  title: string;
}

/** @param values  those that the axis has to hold */
export function quantityFor(
  unit: Unit,
  values: readonly number[],
  name: Message | string,
  locale: Locale,
): Quantity {
  const { size, symbol } =
    unit === 'ms' || unit === 'bytes'
      ? scaleOf(unit, [largest(values.map(Math.abs))])
      : { size: 1, symbol: unit === 'times' ? '×' : unit === 'percent' ? '%' : '' };
  const title = say(locale, name);
  return {
    size,
    title: symbol === '' ? title : message(locale, 'chart.axis.title', { title, unit: symbol }),
  };
}

export const axisOptions = (look: Look, title?: string) => ({
  grid: { color: look.grid, drawTicks: false },
  border: { display: false },
  ticks: { color: look.muted, padding: 6, maxRotation: 0 },
  title: { display: title !== undefined, text: title ?? '', color: look.muted },
});

/** in characters' widths of 12 pixels: a longer name goes on below, so that the bars keep their room */
const widestName = 150;
const mostLines = 3;

/** A row's name in lines, workload above target. */
export function nameInLines(label: string): string[] {
  const at = widthOf(label, 12) > 110 ? label.indexOf(' · ') : -1;
  const parts = at < 0 ? [label] : [label.slice(0, at), label.slice(at + 3)];
  const lines = parts.flatMap((part) => wrap(part, widestName, 12)).map(shortened);
  return lines.length <= mostLines ? lines : [...lines.slice(0, mostLines - 1), `${lines[mostLines - 1]!} …`];
}

/** A single word may be as long as a host's name: tooltip and table have it whole. */
const shortened = (line: string): string =>
  [...line].length <= 28 ? line : `${[...line].slice(0, 27).join('')}…`;

/** Chart.js gives each of several columns of words a small part of the width, and cuts what is wider. */
const wideEnough = (axis: Scale): void => {
  axis.maxWidth = axis.chart.width / 2;
};

/** The axis of rows, one below the other, with their names. */
export const rowAxis = (look: Look, labels: readonly string[]) => ({
  type: 'category' as const,
  labels: labels.map(nameInLines),
  beforeFit: wideEnough,
  offset: true,
  grid: { display: false },
  border: { display: true, color: look.muted },
  ticks: { color: look.text, autoSkip: false, crossAlign: 'near' as const, padding: 6 },
});

/** How the words of a column look. */
interface ColumnStyle {
  color: string;
  weight: number;
  /** left out where the chart is narrow */
  isDetail?: boolean;
}

/** Words of each row right of the chart, as an axis of their own: Chart.js finds their place. Undefined where there are none. */
export function column(
  words: readonly (string | readonly string[])[],
  { color, weight, isDetail = false }: ColumnStyle,
): object | undefined {
  if (words.every((one) => one.length === 0)) return undefined;
  return {
    type: 'category',
    axis: 'y',
    position: 'right',
    labels: words,
    beforeFit: wideEnough,
    offset: true,
    grid: { display: false },
    border: { display: false },
    ticks: {
      ...{ color, font: { weight }, autoSkip: false, crossAlign: 'far', padding: 4 },
      ...(isDetail && {
        callback(this: { chart: Chart }, _: unknown, at: number) {
          return this.chart.width < narrow ? '' : words[at];
        },
      }),
    },
  };
}

export const tooltipOptions = (look: Look) => ({
  backgroundColor: look.text,
  titleColor: look.surface,
  bodyColor: look.surface,
  displayColors: false,
  padding: 10,
  caretPadding: 6,
});

/** What every chart is told: it does not move, and its size is that of whatever it is drawn on. */
export const commonOptions = (locale: Locale) => ({
  locale,
  animation: false as const,
  maintainAspectRatio: false,
});
