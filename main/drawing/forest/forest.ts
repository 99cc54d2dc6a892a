/** A forest plot: a row per host with its ratio, its interval and its weight, and below them all hosts together. */
import type { Locale } from '../../contract/appearance';
import { message, say } from '../../contract/messages';
import { showInterval, showValue } from '../../contract/quantities';
import type { ChartSpec, Interval } from '../../contract/report/report';
import type { Format } from '../format';
import { colourKind, type Kind, type Look } from '../palette';
import type { LegendEntry, Plot, Spot } from '../plot';
import { gridLine } from '../rows';
import { circle, closed, line, path, rectangle, text, textAt, through, type Shape } from '../shapes';
import { isEmulated, largest, quantityOf } from '../spec';
import { widest, widthOf } from '../words';
import { logAxisFor, logTicks, tickWords, type LogAxis } from './logAxis';

export type ForestSpec = Extract<ChartSpec, { kind: 'forest' }>;
type Row = ForestSpec['rows'][number];

/** More rows than these have no names: they are as thin as can be told apart, and whoever points at one is told its name. */
const mostNamed = 40;
const thinRow = 7;
const namedRow = 28;
const gap = 14;
/** How far two ticks are apart at least, as a share of the axis: the same in a file and on the page, unless the window is narrow. */
const tickRoom = (width: number): number => (width < 260 ? 0.28 : 0.15);
/** characters of a name, where there is room for more */
const longestName = 28;
/** sides of the mark of a host without and with all of the weight */
const [smallMark, largeMark] = [6, 15];
/** of the pooled ratio's mark, and of the row that it has */
const pooledHeight = 15;

interface Sheet {
  spec: ForestSpec;
  format: Format;
  axis: LogAxis;
  across: (ratio: number) => number;
  left: number;
  right: number;
  row: number;
  isNamed: boolean;
  /** of each row, and of the pooled one at the end: what it is called, the same as there is room for, and its figures */
  labels: string[];
  names: string[];
  figures: string[];
}

export function forest(spec: ForestSpec, locale: Locale, format: Format): Plot {
  const sheet = sheetOf(spec, locale, format);
  const { labels, figures, row } = sheet;
  const plotHeight = spec.rows.length * row + (spec.pooled ? pooledRow(sheet) : 0);
  return {
    legend: legendOf(spec, locale, format),
    height: plotHeight + format.axis,
    draw: (top, height) => {
      // rows keep their height: what is left stays above and below
      const from = top + Math.max(0, (height - format.axis - plotHeight) / 2);
      const until = from + plotHeight;
      return {
        shapes: [
          ...ground(sheet, from, until),
          ...axisBelow(sheet, until, locale),
          ...spec.rows.flatMap((one, at) => drawRow(sheet, one, at, from + (at + 0.5) * row)),
          ...drawPooled(sheet, until),
        ],
        spots: () => spotsOf(sheet, from, until),
      };
    },
    description: labels.map((label, at) => `${label}: ${figures[at]!}`),
  };
}

const pooledRow = ({ row }: Pick<Sheet, 'row'>): number => Math.max(row, namedRow) + gap;

function sheetOf(spec: ForestSpec, locale: Locale, format: Format): Sheet {
  const { pooled } = spec;
  const all = [...spec.rows, ...(pooled ? [pooled] : [])];
  const labels = all.map(({ label }) => say(locale, label));
  const names = labels.map((label) => shortened(label, format));
  const figures = all.map(({ ratio, interval }) =>
    [
      showValue(locale, 'times', ratio),
      ...(interval && !format.isNarrow ? [`(${showInterval(locale, 'times', interval)})`] : []),
    ].join(' '),
  );
  const isNamed = spec.rows.length <= mostNamed;
  const shownNames = isNamed ? names : names.slice(spec.rows.length);
  const shownFigures = isNamed ? figures : figures.slice(spec.rows.length);
  const left = format.margin + widest(shownNames, format.label, 650) + gap;
  const room = widest(shownFigures, format.detail, 650);
  const right = Math.max(left + 60, format.width - format.margin - room - gap);
  const axis = logAxisFor([
    ...all,
    ...(pooled?.prediction ? [{ ratio: pooled.ratio, interval: pooled.prediction }] : []),
  ]);
  return {
    ...{ spec, format, axis, left, right, isNamed, labels, names, figures },
    across: (ratio) => left + axis.at(ratio) * (right - left),
    row: isNamed ? namedRow : thinRow,
  };
}

/** What is no difference worth telling as a band, round ratios as lines, and the line of no difference. */
function ground({ spec, axis, across, left, right, format }: Sheet, top: number, bottom: number): Shape[] {
  const effect = 1 + spec.minimumEffect;
  const [from, to] = [across(1 / effect), across(effect)];
  const band = { x: from, y: top, width: to - from, height: bottom - top };
  return [
    rectangle(band, { fill: format.look.grid, 'fill-opacity': 0.6 }),
    ...logTicks(axis, tickRoom(right - left)).map((ratio) =>
      gridLine(across(ratio), top, across(ratio), bottom, Math.log(ratio), format),
    ),
  ];
}

function axisBelow(
  { spec, axis, across, left, right, format }: Sheet,
  bottom: number,
  locale: Locale,
): Shape[] {
  const { tick, look, axis: height } = format;
  const style = { size: tick, fill: look.muted, anchor: 'middle' } as const;
  return [
    ...logTicks(axis, tickRoom(right - left)).map((ratio) =>
      text(across(ratio), bottom + 7 + tick * 0.95, tickWords(locale, ratio), style),
    ),
    text(
      (left + right) / 2,
      bottom + height - 8,
      message(locale, 'chart.axis.title', { title: say(locale, quantityOf(spec)), unit: '×' }),
      style,
    ),
  ];
}

/** A name in one line, in no more than two fifths of the width: the figures' table has it whole. */
function shortened(name: string, { width, label }: Format): string {
  const characters = [...name];
  const cutTo = (most: number) =>
    characters.length <= most ? name : `${characters.slice(0, most - 1).join('')}…`;
  let most = longestName;
  while (most > 1 && widthOf(cutTo(most), label) > width * 0.4) most -= 1;
  return cutTo(most);
}

function drawRow(sheet: Sheet, row: Row, at: number, middle: number): Shape[] {
  const { spec, format, across, left, right, isNamed, names, figures } = sheet;
  const kind = colourKind(row.target);
  const share = row.weight === undefined ? 0 : Math.sqrt(row.weight / heaviest(spec));
  const side = isNamed ? smallMark + (largeMark - smallMark) * share : thinRow - 2;
  return [
    ...intervalShapes(sheet, row, kind, middle),
    markOf(kind, across(row.ratio), middle, side, format.look, isEmulated(spec, row)),
    ...(isNamed
      ? [
          textAt(left - gap, middle, names[at]!, {
            size: format.label,
            fill: format.look.text,
            anchor: 'end',
          }),
          textAt(right + gap, middle, figures[at]!, { size: format.detail, fill: format.look.text }),
        ]
      : []),
  ];
}

/** VMs stand on a corner, so that grey print tells them from containers; what was emulated is hollow. */
function markOf(kind: Kind, x: number, y: number, side: number, look: Look, emulated: boolean): Shape {
  const half = side / 2;
  const fill = look.fill(kind, 0);
  const paint = emulated
    ? { fill: look.surface, stroke: fill, 'stroke-width': 1.6 }
    : { fill, stroke: look.surface, 'stroke-width': 1 };
  if (kind === 'vm') {
    const reach = half * Math.SQRT2;
    return path(closed([x - reach, y], [x, y - reach], [x + reach, y], [x, y + reach]), paint);
  }
  if (kind === 'process') return circle(x, y, half, paint);
  return path(
    closed([x - half, y - half], [x + half, y - half], [x + half, y + half], [x - half, y + half]),
    paint,
  );
}

const heaviest = ({ rows }: ForestSpec): number => largest(rows.map(({ weight = 0 }) => weight)) || 1;

/** The interval as a line, with a cap at each of its ends. */
function intervalShapes(
  { axis, across, isNamed, format }: Sheet,
  { interval }: Row,
  kind: Kind,
  middle: number,
): Shape[] {
  if (!interval) return [];
  const [from, to] = [across(interval.low), across(interval.high)];
  const stroke = format.look.line(kind, 0);
  const reach = isNamed ? 4 : 1.5;
  const cap = (x: number) => line(x, middle - reach, x, middle + reach, stroke, 1.5);
  return [
    line(from, middle, to, middle, stroke, isNamed ? 2 : 1.2),
    ...(interval.low < axis.low ? [] : [cap(from)]),
    ...(interval.high > axis.high ? [] : [cap(to)]),
    ...arrowsBeyond({ axis, across }, interval, middle, stroke),
  ];
}

/** An arrow at each end of the axis that an interval goes on beyond. */
const arrowsBeyond = (
  { axis, across }: Pick<Sheet, 'axis' | 'across'>,
  { low, high }: Interval,
  middle: number,
  stroke: string,
): Shape[] => [
  ...(low < axis.low ? [arrowAt(across(low), middle, -1, stroke)] : []),
  ...(high > axis.high ? [arrowAt(across(high), middle, 1, stroke)] : []),
];

const arrowAt = (x: number, y: number, direction: 1 | -1, stroke: string): Shape =>
  path(through([x - 5 * direction, y - 3.5], [x, y], [x - 5 * direction, y + 3.5]), {
    stroke,
    'stroke-width': 1.5,
  });

/** All hosts together: a rhombus as wide as its interval, on a line where one more host would lie. */
function drawPooled(sheet: Sheet, bottom: number): Shape[] {
  const { spec, format, across, left, right, names, figures } = sheet;
  const { pooled } = spec;
  if (!pooled) return [];
  const { look } = format;
  const height = pooledRow(sheet);
  const middle = bottom - (height - gap) / 2;
  const [low, at, high] = [pooled.interval.low, pooled.ratio, pooled.interval.high].map(across) as [
    number,
    number,
    number,
  ];
  const half = pooledHeight / 2;
  const style = { size: format.label, fill: look.text, weight: 650 } as const;
  return [
    line(format.margin, bottom - height + gap / 2, right, bottom - height + gap / 2, look.grid),
    ...(pooled.prediction
      ? [
          line(
            across(pooled.prediction.low),
            middle,
            across(pooled.prediction.high),
            middle,
            look.muted,
            1.6,
          ),
          ...arrowsBeyond(sheet, pooled.prediction, middle, look.muted),
        ]
      : []),
    path(
      closed(
        [Math.min(low, at - 3), middle],
        [at, middle - half],
        [Math.max(high, at + 3), middle],
        [at, middle + half],
      ),
      {
        fill: look.text,
      },
    ),
    textAt(left - gap, middle, names.at(-1)!, { ...style, anchor: 'end' }),
    textAt(right + gap, middle, figures.at(-1)!, { ...style, size: format.detail }),
  ];
}

function spotsOf({ spec, labels, figures, right, row, format }: Sheet, top: number, bottom: number): Spot[] {
  const height = pooledRow({ row });
  const places = [
    ...spec.rows.map((_, at) => ({ y: top + at * row, height: row })),
    ...(spec.pooled ? [{ y: bottom - height, height }] : []),
  ];
  const from = format.margin;
  return places.map((place, at) => ({
    ...place,
    x: from,
    width: right - from,
    say: () => [labels[at]!, figures[at]!],
  }));
}

function legendOf(spec: ForestSpec, locale: Locale, { look }: Format): LegendEntry[] {
  const emulated = spec.rows.find((row) => isEmulated(spec, row));
  const plain = line;
  const entry = (words: string, sign: LegendEntry['sign']): LegendEntry => ({ words, sign });
  return [
    ...(spec.rows.some(({ interval }) => interval)
      ? [
          entry(message(locale, 'chart.legend.interval'), (x, y) => [
            plain(x, y + 7, x + 22, y + 7, look.muted, 2),
            plain(x, y + 3, x, y + 11, look.muted, 1.5),
            plain(x + 22, y + 3, x + 22, y + 11, look.muted, 1.5),
          ]),
        ]
      : []),
    ...(spec.pooled?.prediction
      ? [
          entry(message(locale, 'chart.legend.prediction'), (x, y) => [
            plain(x, y + 7, x + 22, y + 7, look.muted, 1.6),
          ]),
        ]
      : []),
    ...(emulated
      ? [
          entry(message(locale, 'chart.legend.emulated'), (x, y) => [
            markOf(colourKind(emulated.target), x + 11, y + 7, 10, look, true),
          ]),
        ]
      : []),
  ];
}
