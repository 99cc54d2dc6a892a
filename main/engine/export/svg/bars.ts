import type { Locale } from '../../../contract/appearance';
import { message, say, type MessageKey } from '../../../contract/messages';
import { endWithPublished } from '../../../contract/report/published';
import { showValue } from '../../../contract/quantities';
import type { ChartSpec } from '../../../contract/report/report';
import { showInterval } from '../interval';
import { axisFor } from './axis';
import { element, rectangle, text } from './elements';
import { margin, type Body, type LegendEntry } from './frame';
import { fill, ink, kindOf, muted, paper, type Kind } from './palette';
import {
  acrossFrom,
  box,
  groupOf,
  heightFor,
  leftOf,
  outline,
  placesFor,
  rightEdge,
  scaffold,
  whisker,
  type RowPlace,
} from './rows';
import { publishedLane } from './published';
import { widest, widthOf } from './words';

type BarsSpec = Extract<ChartSpec, { kind: 'bars' }>;
type Bar = BarsSpec['bars'][number];

const valueSize = 15;
const detailSize = 12.5;

/** Reservations this many times the largest value would squeeze the parts of stacked bars into nothing: they run off the axis. */
const stackedReach = 4;
const plainReach = 60;

/** A bar's whole length; undefined when nothing of it was read. */
const totalOf = ({ values }: Bar): number | undefined => {
  const read = values.filter((value) => value !== null);
  return read.length > 0 ? read.reduce((sum, value) => sum + value, 0) : undefined;
};

const endOf = (bar: Bar): number =>
  Math.max(
    totalOf(bar) ?? 0,
    bar.interval?.high ?? 0,
    (bar.points ?? []).reduce((a, b) => Math.max(a, b), 0),
  );

export function bars(spec: BarsSpec, locale: Locale): Body {
  const rows = spec.bars.map((bar) => ({ label: say(locale, bar.label), group: groupOf(bar.label) }));
  const dense = isDense(spec);
  const values = spec.bars.map((bar) => figuresOf(spec, bar, locale));
  const measured = Math.max(...spec.bars.map(endOf), 0);
  const reserved = Math.max(0, ...spec.bars.map(({ outline: limit }) => limit ?? 0));
  const whole = reserved > 0 && reserved <= measured * (spec.series.length > 1 ? stackedReach : plainReach);
  const reservations = reservationsOf(spec, locale);
  const valueRoom = Math.max(0, ...values.map((one) => widthOfFigures(one, dense))) + 14;
  const limitRoom = reserved > 0 ? widest(reservations, detailSize) + 14 : 0;
  const lane = publishedLane(spec, locale);
  const left = Math.max(leftOf(rows), margin + (lane?.labelWidth ?? 0));
  const right = rightEdge - Math.max(whole ? limitRoom : valueRoom + limitRoom, lane?.valueWidth ?? 0);
  const title = say(
    locale,
    spec.axis ?? (spec.series.length === 1 ? spec.series[0]!.label : axisTitle(spec)),
  );
  const axis = axisFor(
    locale,
    spec.unit,
    title,
    Math.max(whole ? reserved : 0, endWithPublished(measured, spec)),
    (right - left) / 80,
  );
  const across = acrossFrom(left, right, axis);
  const drawRow = (bar: Bar, place: RowPlace, at: number): string => {
    const limitEnd = whole ? across(bar.outline ?? 0) : right + valueRoom;
    const valueAt = across(endOf(bar)) + 10;
    const beyond =
      whole && bar.outline !== undefined && valueAt + valueRoom > limitEnd && limitEnd + 10 > valueAt;
    return [
      segments(spec, bar, place, across),
      bar.outline === undefined ? '' : outline(left, limitEnd, place, !whole),
      bar.quartiles ? box(across(bar.quartiles.low), across(bar.quartiles.high), place) : '',
      points(bar, place, across),
      bar.interval ? intervalMark(bar, bar.interval, place, across) : '',
      figures(values[at]!, beyond ? limitEnd + 10 : valueAt, place, dense),
      beyond
        ? ''
        : text(limitEnd + 10, place.middle + 4.5, reservations[at]!, { size: detailSize, fill: muted }),
    ].join('');
  };
  return {
    legend: legendOf(spec, locale),
    height: heightFor(rows) + (lane?.height ?? 0),
    draw: (top, height) => {
      const own = height - (lane?.height ?? 0);
      const places = placesFor(rows, top, own);
      return [
        scaffold(rows, places, axis, across, top, own),
        ...spec.bars.map((bar, at) => drawRow(bar, places[at]!, at)),
        ...(lane ? [lane.draw(top + own, { across, axis })] : []),
      ].join('\n');
    },
    description: [
      ...spec.bars.map((_, at) => `${rows[at]!.label}: ${values[at]!.value} ${values[at]!.detail}`.trimEnd()),
      ...(lane?.description ?? []),
    ],
  };
}

/** Each bar's reservation in words; empty where it has none. */
const reservationsOf = (spec: BarsSpec, locale: Locale): string[] =>
  spec.bars.map(({ outline: limit }) =>
    limit === undefined
      ? ''
      : message(locale, 'chart.beyond', { amount: showValue(locale, spec.unit, limit) }),
  );

/** Beside a box plot the interval stands below the bar, where it can be told from the box. */
const intervalMark = (
  { quartiles }: Bar,
  { low, high }: { low: number; high: number },
  place: RowPlace,
  across: (value: number) => number,
): string =>
  whisker(
    across(low),
    across(high),
    quartiles ? { middle: place.middle + place.thickness / 2 + 9, thickness: 20 } : place,
  );

const axisTitle = (spec: BarsSpec) => ({
  key: spec.unit === 'bytes' ? 'chart.axis.bytes' : spec.unit === 'ms' ? 'chart.axis.ms' : 'chart.axis.other',
  facts: {},
});

interface Figures {
  value: string;
  /** the interval, where there is one */
  detail: string;
}

function figuresOf(spec: BarsSpec, bar: Bar, locale: Locale): Figures {
  const total = totalOf(bar);
  if (total === undefined) return { value: '', detail: message(locale, 'chart.missing') };
  return {
    value: showValue(locale, spec.unit, total),
    detail: bar.interval ? showInterval(locale, spec.unit, bar.interval) : '',
  };
}

/** Rows that are this close leave no room for two lines of figures. */
const isDense = (spec: BarsSpec): boolean => spec.bars.length > 4;

function widthOfFigures({ value, detail }: Figures, dense: boolean): number {
  const [large, small] = [widthOf(value, valueSize, 650), widthOf(detail, detailSize)];
  return dense ? large + (detail === '' ? 0 : small + 8) : Math.max(large, small);
}

/** The median large; its interval small, below it or, in dense charts, beside it. */
function figures({ value, detail }: Figures, x: number, { middle }: RowPlace, dense: boolean): string {
  if (value === '') return text(x, middle + 4.5, detail, { size: detailSize, fill: muted });
  const large = { size: valueSize, fill: ink, weight: 650 };
  const small = { size: detailSize, fill: muted };
  if (detail === '') return text(x, middle + 5.5, value, large);
  return dense
    ? text(x, middle + 5.5, value, large) +
        text(x + widthOf(value, valueSize, 650) + 8, middle + 5, detail, small)
    : text(x, middle - 1, value, large) + text(x, middle + 14.5, detail, small);
}

function segments(
  spec: BarsSpec,
  bar: Bar,
  { middle, thickness }: RowPlace,
  across: (value: number) => number,
): string {
  const kind = kindOf(bar.target);
  let from = 0;
  return bar.values
    .map((value, series) => {
      if (value === null) return '';
      const x = across(from);
      from += value;
      const width = across(from) - x;
      const gap = spec.series.length > 1 && width > 3 ? 1 : 0;
      const box = { x, y: middle - thickness / 2, width: width - gap, height: thickness };
      return fill(box, kind, shadeOf(spec, series, kind));
    })
    .join('');
}

/** A series' place among those that its kind really has: the first gets the strongest colour. */
function shadeOf(spec: BarsSpec, series: number, kind: Kind): number {
  const used = spec.series.map((_, index) => index).filter((index) => kindsOf(spec, index).includes(kind));
  return Math.max(0, used.indexOf(series));
}

const kindsOf = (spec: BarsSpec, series: number): Kind[] => [
  ...new Set(spec.bars.filter(({ values }) => values[series] != null).map(({ target }) => kindOf(target))),
];

/** Every measurement, spread over the bar's height in a fixed order so that equal ones stay visible. */
function points(
  { points: values = [] }: Bar,
  { middle, thickness }: RowPlace,
  across: (value: number) => number,
): string {
  const radius = values.length > 40 ? 2 : 3.4;
  return values
    .map((value, at) => {
      const spread = (((at * 0.618_034) % 1) - 0.5) * thickness * 0.74; // golden ratio: neighbours fall far apart
      return element('circle', {
        cx: across(value),
        cy: middle + spread,
        r: radius,
        fill: paper,
        'fill-opacity': 0.9,
        stroke: ink,
        'stroke-width': 1.1,
      });
    })
    .join('');
}

function legendOf(spec: BarsSpec, locale: Locale): LegendEntry[] {
  const parts =
    spec.series.length > 1 ? spec.series.flatMap((_, series) => partEntry(spec, series, locale)) : [];
  const row = (x: number, y: number): [number, RowPlace] => [x + 11, { middle: y + 7, thickness: 14 }];
  const entry = (key: MessageKey, sign: LegendEntry['sign']): LegendEntry => ({
    words: message(locale, key),
    sign,
  });
  return [
    ...parts,
    ...(spec.bars.some(({ points: values }) => values?.length)
      ? [
          entry('chart.legend.point', (x, y) =>
            points(
              { label: '', target: '', values: [], points: [0] },
              { ...row(x, y)[1], thickness: 0 },
              () => x + 11,
            ),
          ),
        ]
      : []),
    ...(spec.bars.some(({ quartiles }) => quartiles)
      ? [entry('chart.legend.quartiles', (x, y) => box(x + 2, x + 20, row(x, y)[1]))]
      : []),
    ...(spec.bars.some(({ interval }) => interval)
      ? [entry('chart.legend.interval', (x, y) => whisker(x + 1, x + 21, row(x, y)[1]))]
      : []),
    ...(spec.bars.some((bar) => bar.outline !== undefined)
      ? [
          entry('chart.legend.outline', (x, y) =>
            rectangle({ x: x + 1, y: y + 1, width: 20, height: 12 }, 'none', {
              stroke: muted,
              'stroke-width': 1.3,
            }),
          ),
        ]
      : []),
  ];
}

function partEntry(spec: BarsSpec, series: number, locale: Locale): LegendEntry[] {
  const kinds = kindsOf(spec, series);
  if (kinds.length === 0) return [];
  const width = 22 / kinds.length;
  return [
    {
      words: say(locale, spec.series[series]!.label),
      sign: (x, y) =>
        kinds
          .map((kind, at) =>
            fill({ x: x + at * width, y, width, height: 14 }, kind, shadeOf(spec, series, kind)),
          )
          .join(''),
    },
  ];
}
