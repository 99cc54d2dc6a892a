import type { Locale } from '../../contract/appearance';
import { message, say, type MessageKey } from '../../contract/messages';
import { showInterval, showValue } from '../../contract/quantities';
import { endWithPublished } from '../../contract/report/published';
import { axisFor, stepsWithin, type Axis } from '../axis';
import { drawFigures, figuresOf, ratiosOf, reservationOf, widthOfFigures, type Figures } from './figures';
import type { Format } from '../format';
import { emulatedEntry } from '../legend';
import { area, box, dot, hollow, outline, whisker, type RowPlace } from '../marks';
import { colourKind, type Kind, type Look } from '../palette';
import type { LegendEntry, Plot, Spot } from '../plot';
import { publishedLane } from '../published';
import { acrossFrom, placesFor, rowsOf, scaffold, type Across } from '../rows';
import { text, textAt, type Shape } from '../shapes';
import {
  endOf,
  hasOutline,
  isEmulated,
  largest,
  quantityOf,
  shadesOfSeries,
  totalOf,
  type Bar,
  type BarsSpec,
} from '../spec';
import { strip, stripHeight, type Readings } from '../strip';
import { widest } from '../words';

/** Reservations this many times the largest value would squeeze the parts of stacked bars into nothing: they run off the axis. */
const stackedReach = 4;
const plainReach = 60;

/** The axis, and the columns right of it. */
interface Columns {
  /** the axis ends with the largest reservation, instead of with what was measured */
  reservesWhole: boolean;
  /** the largest value that must fit */
  end: number;
  /** where the axis ends */
  right: number;
  /** where figures end, where the words of reservations begin, and where ratios end */
  figures: number;
  limits: number;
  ratios: number;
}

const gap = 14;

function columnsOf(
  spec: BarsSpec,
  words: { figures: readonly Figures[]; limits: readonly string[]; ratios: readonly string[] },
  withReserved: boolean | undefined,
  laneWidth: number,
  left: number,
  format: Format,
): Columns {
  const measured = largest(spec.bars.map(endOf));
  const reserved = largest(spec.bars.map((bar) => bar.outline ?? 0));
  const reach = spec.series.length > 1 ? stackedReach : plainReach;
  const reservesWhole = reserved > 0 && (withReserved ?? reserved <= measured * reach);
  const figureRoom = largest(words.figures.map((one) => widthOfFigures(one, format)));
  const room = (all: readonly string[], size: number) => {
    const width = widest(all, size, 650);
    return width > 0 ? width + gap : 0;
  };
  const limitRoom = room(words.limits, format.detail);
  const ratioRoom = room(words.ratios, format.value);
  const beside = gap + 6 + figureRoom + limitRoom + ratioRoom;
  const right = Math.max(left + 40, format.width - format.margin - Math.max(beside, laneWidth));
  const figures = right + gap + 6 + figureRoom;
  return {
    reservesWhole,
    end: Math.max(reservesWhole ? reserved : 0, endWithPublished(measured, spec)),
    right,
    figures,
    limits: figures + ratioRoom + gap,
    ratios: figures + ratioRoom,
  };
}

/** @param withReserved  whether the axis ends with the reservations; by default where they leave the bars to be seen */
export function bars(spec: BarsSpec, locale: Locale, format: Format, withReserved?: boolean): Plot {
  const { look } = format;
  const rows = rowsOf(spec.bars, locale, format);
  const figures = spec.bars.map((bar) => figuresOf(spec, bar, locale, format));
  const limits = spec.bars.map((bar) => (format.isNarrow ? '' : reservationOf(spec, bar, locale)));
  const ratios = ratiosOf(spec, locale);
  const lane = publishedLane(spec, locale, format);
  const left = Math.max(rows.left, format.margin + (lane?.labelWidth ?? 0));
  const words = { figures, limits, ratios };
  const columns = columnsOf(spec, words, withReserved, lane?.valueWidth ?? 0, left, format);
  const { right } = columns;
  const axis = axisFor(spec.unit, 0, columns.end, locale, stepsWithin(right - left));
  const across = acrossFrom(left, right, axis);
  const under = stripHeight(spec.bars.map(readingsOf), axis.max - axis.min, format);
  const shades = shadesOfSeries(spec);
  const sheet: Sheet = { spec, shades, axis, across, columns, left, under, look, format };
  const wordsOf = (at: number) => ({ figures: figures[at]!, limit: limits[at]!, ratio: ratios[at]! });
  const row = Math.max(format.row, leastThickness + under + 16);
  return {
    legend: legendOf(spec, shades, ratios.some(Boolean), under, locale, format),
    height: rows.heightOf(row) + (lane?.height ?? 0),
    draw: (top, height) => {
      const bottom = top + height - (lane?.height ?? 0);
      const places = placesFor(rows, top, bottom - top, format, under);
      const quantity = say(locale, quantityOf(spec));
      const plot = [top, bottom - format.axis] as const;
      return {
        shapes: [
          ...scaffold(rows, places, axis, quantity, across, plot, locale, format),
          ...spec.bars.flatMap((bar, at) => drawRow(sheet, bar, places[at]!, wordsOf(at))),
          ...(lane?.draw(bottom, across, axis) ?? []),
        ],
        spots: () =>
          spec.bars.flatMap((bar, at) =>
            spotsOf(sheet, bar, rows.labels[at]!, ratios[at]!, places[at]!, locale),
          ),
      };
    },
    description: [
      ...figures.map(({ value, detail }, at) =>
        `${rows.labels[at]!}: ${value} ${detail} ${ratios[at]!}`.replace(/ +/g, ' ').trimEnd(),
      ),
      ...(lane?.description ?? []),
    ],
  };
}

type ShadesOfSeries = ReturnType<typeof shadesOfSeries>;

const leastThickness = 16;

/** What all rows of a drawing share. */
interface Sheet {
  spec: BarsSpec;
  shades: ShadesOfSeries;
  axis: Axis;
  across: Across;
  columns: Columns;
  left: number;
  /** the height of the strips below the bars */
  under: number;
  look: Look;
  format: Format;
}

function drawRow(
  sheet: Sheet,
  bar: Bar,
  place: RowPlace,
  words: { figures: Figures; limit: string; ratio: string },
): Shape[] {
  const { spec, axis, across, columns, left, under, look, format } = sheet;
  const { middle, thickness } = place;
  const limitEnd = columns.reservesWhole ? across(bar.outline ?? 0) : columns.right;
  const ratio = { size: format.value, fill: look.text, weight: 650, anchor: 'end' } as const;
  return [
    ...segmentsOf(sheet, bar, place).flatMap(({ kind, shade, isShared, ...one }) =>
      isShared ? hollow(one, look) : area(one, kind, shade, look, isEmulated(spec, bar)),
    ),
    ...(bar.outline === undefined
      ? []
      : [outline(left, limitEnd, place, !columns.reservesWhole, look, under)]),
    ...strip(readingsOf(bar), middle + thickness / 2, across, axis, format, look),
    ...drawFigures(words.figures, columns.figures, middle, format),
    ...(words.ratio === '' ? [] : [textAt(columns.ratios, middle, words.ratio, ratio)]),
    ...(words.limit === ''
      ? []
      : [textAt(columns.limits, middle, words.limit, { size: format.detail, fill: look.muted })]),
  ];
}

const readingsOf = (bar: Bar): Readings => ({
  middle: totalOf(bar),
  points: bar.points,
  interval: bar.interval,
  quartiles: bar.quartiles,
});

/** The parts of a bar that were read, one after the other. */
function segmentsOf({ spec, shades, across, axis }: Sheet, bar: Bar, { middle, thickness }: RowPlace) {
  const kind = colourKind(bar.target);
  const within = (value: number) => across(Math.min(axis.max, Math.max(axis.min, value)));
  let from = 0;
  return bar.values.flatMap((value, series) => {
    if (value === null) return [];
    // a part below 0 takes back the end of those before it, and lies over it
    const [x, end] = [within(Math.min(from, from + value)), within(Math.max(from, from + value))];
    from += value;
    const width = end - x;
    const gap = spec.series.length > 1 && width > 3 ? 1 : 0;
    const shade = shades[series]!.get(kind)!;
    return [
      {
        ...{ x, y: middle - thickness / 2, width: width - gap, height: thickness },
        ...{ kind, shade, series, value, isShared: spec.series[series]!.shared === true },
      },
    ];
  });
}

function spotsOf(
  sheet: Sheet,
  bar: Bar,
  label: string,
  ratio: string,
  place: RowPlace,
  locale: Locale,
): Spot[] {
  const { spec } = sheet;
  const show = (value: number) => showValue(locale, spec.unit, value);
  const total = totalOf(bar);
  const known = [
    ...(spec.series.length > 1 && total !== null
      ? [`${message(locale, 'ui.table.total')}: ${show(total)}`]
      : []),
    ...(bar.interval
      ? [`${message(locale, 'chart.legend.interval')}: ${showInterval(locale, spec.unit, bar.interval)}`]
      : []),
    ...(ratio === '' || spec.base === undefined
      ? []
      : [message(locale, 'chart.ratio', { times: ratio, base: { target: spec.base } })]),
    ...(bar.points?.length ? [`n = ${bar.points.length}`] : []),
  ];
  return segmentsOf(sheet, bar, place).map(({ x, y, width, height, series, value }) => ({
    ...{ x, y, width: Math.max(width, 6), height },
    say: () => [label, `${say(locale, spec.series[series]!.label)}: ${show(value)}`, ...known],
  }));
}

function legendOf(
  spec: BarsSpec,
  shades: ShadesOfSeries,
  hasRatios: boolean,
  under: number,
  locale: Locale,
  { look, dot: radius }: Format,
): LegendEntry[] {
  const entry = (is: boolean, key: MessageKey, sign: LegendEntry['sign']): LegendEntry[] =>
    is ? [{ words: message(locale, key), sign }] : [];
  const row = (y: number): RowPlace => ({ middle: y + 7, thickness: 14 });
  const emulated = spec.bars.find((bar) => isEmulated(spec, bar));
  return [
    ...(spec.series.length > 1
      ? spec.series.flatMap((_, series) => partEntry(spec, series, shades[series]!, locale, look))
      : []),
    ...(emulated ? [emulatedEntry(emulated.target, locale, look)] : []),
    ...entry(
      spec.bars.some(({ points }) => points?.length),
      'chart.legend.point',
      (x, y) => [dot(x + 11, y + 7, radius, look)],
    ),
    ...entry(
      spec.bars.some(({ quartiles }) => quartiles),
      'chart.legend.quartiles',
      (x, y) => [box(x + 2, x + 20, row(y), look)],
    ),
    ...entry(under > 0 && spec.bars.some(({ interval }) => interval), 'chart.legend.interval', (x, y) =>
      whisker(x + 1, x + 21, row(y), look),
    ),
    ...entry(hasOutline(spec), 'chart.legend.outline', (x, y) => [
      outline(x + 1, x + 21, { middle: y + 7, thickness: 4 }, false, look),
    ]),
    ...(hasRatios && spec.base !== undefined
      ? [
          {
            words: message(locale, 'chart.legend.ratio', { base: { target: spec.base } }),
            sign: (x: number, y: number) => [
              text(x + 11, y + 11.5, '×', { size: 14, fill: look.text, weight: 650, anchor: 'middle' }),
            ],
          },
        ]
      : []),
  ];
}

/** A part's sign has the colour of every kind of target that has it. */
function partEntry(
  spec: BarsSpec,
  series: number,
  shades: ReadonlyMap<Kind, number>,
  locale: Locale,
  look: Look,
): LegendEntry[] {
  const kinds = [...shades];
  if (kinds.length === 0) return [];
  const width = 22 / kinds.length;
  return [
    {
      words: say(locale, spec.series[series]!.label),
      sign: (x, y) =>
        spec.series[series]!.shared
          ? [hollow({ x, y, width: 22, height: 14 }, look)]
          : kinds.flatMap(([kind, shade], at) =>
              area({ x: x + at * width, y, width, height: 14 }, kind, shade, look),
            ),
    },
  ];
}
