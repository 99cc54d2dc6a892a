import type { Locale } from '../contract/appearance';
import { message, say, type MessageKey } from '../contract/messages';
import { showValue } from '../contract/quantities';
import { endWithPublished } from '../contract/report/published';
import { axisFor, stepsWithin } from './axis';
import { drawFigures, figuresOf, isDense, reservationOf, widthOfFigures, type Figures } from './figures';
import type { Format } from './format';
import { area, box, dot, outline, whisker, type RowPlace } from './marks';
import { colourKind, type Look } from './palette';
import type { LegendEntry, Plot, Spot } from './plot';
import { publishedLane } from './published';
import { acrossFrom, placesFor, rowsOf, scaffold, type Across } from './rows';
import { textAt, type Shape } from './shapes';
import { endOf, hasOutline, kindsWith, largest, quantityOf, shadeOf, type Bar, type BarsSpec } from './spec';
import { widest } from './words';

/** Reservations this many times the largest value would squeeze the parts of stacked bars into nothing: they run off the axis. */
const stackedReach = 4;
const plainReach = 60;

/** The axis, and what stands right of it. */
interface Extent {
  /** the axis ends with the largest reservation, instead of with what was measured */
  reservesWhole: boolean;
  end: number;
  /** what the figures beside a bar take */
  valueRoom: number;
  /** what the reservations' words take */
  limitRoom: number;
}

function extentOf(
  spec: BarsSpec,
  figures: readonly Figures[],
  limits: readonly string[],
  withReserved: boolean | undefined,
  format: Format,
): Extent {
  const measured = largest(spec.bars.map(endOf));
  const reserved = largest(spec.bars.map((bar) => bar.outline ?? 0));
  const reach = spec.series.length > 1 ? stackedReach : plainReach;
  const reservesWhole = reserved > 0 && (withReserved ?? reserved <= measured * reach);
  return {
    reservesWhole,
    end: Math.max(reservesWhole ? reserved : 0, endWithPublished(measured, spec)),
    valueRoom: largest(figures.map((one) => widthOfFigures(one, isDense(spec), format))) + 14,
    limitRoom: reserved > 0 ? widest(limits, format.detail) + 14 : 0,
  };
}

/** @param withReserved  whether the axis ends with the reservations; by default where they leave the bars to be seen */
export function bars(spec: BarsSpec, locale: Locale, format: Format, withReserved?: boolean): Plot {
  const { look } = format;
  const hasBoxes = spec.bars.some(({ quartiles }) => quartiles);
  const rows = rowsOf(spec.bars, locale, format, hasBoxes);
  const figures = spec.bars.map((bar) => figuresOf(spec, bar, locale, format));
  const limits = spec.bars.map((bar) => (format.isNarrow ? '' : reservationOf(spec, bar, locale)));
  const { reservesWhole, end, valueRoom, limitRoom } = extentOf(spec, figures, limits, withReserved, format);
  const lane = publishedLane(spec, locale, format);
  const left = Math.max(rows.left, format.margin + (lane?.labelWidth ?? 0));
  const beside = Math.max(reservesWhole ? limitRoom : valueRoom + limitRoom, lane?.valueWidth ?? 0);
  const right = Math.max(left + 40, format.width - format.margin - beside);
  const axis = axisFor(spec.unit, 0, end, locale, stepsWithin(right - left));
  const across = acrossFrom(left, right, axis);
  const drawRow = (bar: Bar, place: RowPlace, at: number): Shape[] => {
    const limitEnd = reservesWhole ? across(bar.outline ?? 0) : right + valueRoom;
    const valueAt = across(endOf(bar)) + 10;
    // a reservation that ends among the figures is told by its outline alone
    const isClose =
      reservesWhole && bar.outline !== undefined && valueAt + valueRoom > limitEnd && limitEnd + 10 > valueAt;
    return [
      ...segmentsOf(spec, bar, place, across).flatMap(({ kind, shade, ...one }) =>
        area(one, kind, shade, look, bar.emulated),
      ),
      ...(bar.outline === undefined ? [] : [outline(left, limitEnd, place, !reservesWhole, look)]),
      ...marksOf(bar, place, across, format),
      ...drawFigures(figures[at]!, isClose ? limitEnd + 10 : valueAt, place, isDense(spec), format),
      ...(isClose || limits[at] === ''
        ? []
        : [textAt(limitEnd + 10, place.middle, limits[at]!, { size: format.detail, fill: look.muted })]),
    ];
  };
  return {
    legend: legendOf(spec, locale, format),
    height: rows.height + (lane?.height ?? 0),
    draw: (top, height) => {
      const bottom = top + height - (lane?.height ?? 0);
      const places = placesFor(rows, top, bottom - top, format);
      const quantity = say(locale, quantityOf(spec));
      const plot = [top, bottom - format.axis] as const;
      return {
        shapes: [
          ...scaffold(rows, places, axis, quantity, across, plot, locale, format),
          ...spec.bars.flatMap((bar, at) => drawRow(bar, places[at]!, at)),
          ...(lane?.draw(bottom, across, axis) ?? []),
        ],
        spots: () =>
          spec.bars.flatMap((bar, at) => spotsOf(spec, bar, rows.labels[at]!, places[at]!, across, locale)),
      };
    },
    description: [
      ...figures.map(({ value, detail }, at) => `${rows.labels[at]!}: ${value} ${detail}`.trimEnd()),
      ...(lane?.description ?? []),
    ],
  };
}

/** The parts of a bar that were read, one after the other. */
function segmentsOf(spec: BarsSpec, bar: Bar, { middle, thickness }: RowPlace, across: Across) {
  const kind = colourKind(bar.target);
  let from = 0;
  return bar.values.flatMap((value, series) => {
    if (value === null) return [];
    // a part below 0 takes back the end of those before it, and lies over it
    const [x, end] = [across(Math.min(from, from + value)), across(Math.max(from, from + value))];
    from += value;
    const width = end - x;
    const gap = spec.series.length > 1 && width > 3 ? 1 : 0;
    const shade = shadeOf(spec, series, kind);
    return [
      { x, y: middle - thickness / 2, width: width - gap, height: thickness, kind, shade, series, value },
    ];
  });
}

function spotsOf(
  spec: BarsSpec,
  bar: Bar,
  label: string,
  place: RowPlace,
  across: Across,
  locale: Locale,
): Spot[] {
  return segmentsOf(spec, bar, place, across).map(({ x, y, width, height, series, value }) => ({
    ...{ x, y, width, height },
    say: () => [label, `${say(locale, spec.series[series]!.label)}: ${showValue(locale, spec.unit, value)}`],
  }));
}

/** What was measured: the box of its middle half, every measurement, and the interval. */
function marksOf(
  { quartiles, points = [], interval }: Bar,
  place: RowPlace,
  across: Across,
  format: Format,
): Shape[] {
  const { look } = format;
  const radius = points.length > 40 ? format.dot * 0.6 : format.dot;
  // beside a box plot the interval stands below the bar, where it can be told from the box
  const under = { middle: place.middle + place.thickness / 2 + 9, thickness: 20 };
  return [
    ...(quartiles ? [box(across(quartiles.low), across(quartiles.high), place, look)] : []),
    ...points.map((value, at) =>
      dot(across(value), place.middle + spread(at) * place.thickness, radius, look),
    ),
    ...(interval
      ? whisker(across(interval.low), across(interval.high), quartiles ? under : place, look)
      : []),
  ];
}

/** Points are spread over the bar's height in a fixed order, so that equal ones stay visible: by the golden ratio, neighbours fall far apart. */
const spread = (at: number): number => (((at * 0.618_034) % 1) - 0.5) * 0.74;

function legendOf(spec: BarsSpec, locale: Locale, { look, dot: radius }: Format): LegendEntry[] {
  const entry = (is: boolean, key: MessageKey, sign: LegendEntry['sign']): LegendEntry[] =>
    is ? [{ words: message(locale, key), sign }] : [];
  const row = (y: number): RowPlace => ({ middle: y + 7, thickness: 14 });
  return [
    ...(spec.series.length > 1
      ? spec.series.flatMap((_, series) => partEntry(spec, series, locale, look))
      : []),
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
    ...entry(
      spec.bars.some(({ interval }) => interval),
      'chart.legend.interval',
      (x, y) => whisker(x + 1, x + 21, row(y), look),
    ),
    ...entry(hasOutline(spec), 'chart.legend.outline', (x, y) => [
      outline(x + 1, x + 21, { middle: y + 7, thickness: 4 }, false, look),
    ]),
  ];
}

/** A part's sign has the colour of every kind of target that has it. */
function partEntry(spec: BarsSpec, series: number, locale: Locale, look: Look): LegendEntry[] {
  const kinds = kindsWith(spec, series);
  if (kinds.length === 0) return [];
  const width = 22 / kinds.length;
  return [
    {
      words: say(locale, spec.series[series]!.label),
      sign: (x, y) =>
        kinds.flatMap((kind, at) =>
          area({ x: x + at * width, y, width, height: 14 }, kind, shadeOf(spec, series, kind), look),
        ),
    },
  ];
}
