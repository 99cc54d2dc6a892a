import type { Locale } from '../contract/appearance';
import { message, nameOf } from '../contract/messages';
import { showMs } from '../contract/quantities';
import { axisFor, stepsWithin } from './axis';
import type { Format } from './format';
import { emulatedEntry } from './legend';
import { area, pill, type RowPlace } from './marks';
import { colourKind, type Look } from './palette';
import type { LegendEntry, Plot } from './plot';
import { acrossFrom, placesFor, rowsOf, scaffold, type Across } from './rows';
import { textAt, type Shape } from './shapes';
import { isEmulated, largest, type SpansSpec } from './spec';
import { shadesOfSpans, stretchOf, type Shades } from './stretches';
import { widest, widthOf } from './words';

type Row = SpansSpec['rows'][number];
type Span = Row['spans'][number];

const gap = 14;

/** The waterfall: what happens, one after the other, named where it happens. What takes little of any row is one grey “other”. */
export function spans(spec: SpansSpec, locale: Locale, format: Format): Plot {
  const { look } = format;
  const rows = rowsOf(spec.rows, locale, format);
  const ends = spec.rows.map(({ spans: all }) => largest(all.map(({ toMs }) => toMs)));
  const totals = ends.map((end) => showMs(locale, end));
  const total = { size: format.value, fill: look.text, weight: 650, anchor: 'end' } as const;
  const right = Math.max(
    rows.left + 40,
    format.width - format.margin - widest(totals, format.value, 650) - gap - 6,
  );
  const axis = axisFor('ms', 0, largest(ends), locale, stepsWithin(right - rows.left));
  const across = acrossFrom(rows.left, right, axis);
  const shades = shadesOfSpans(spec);
  const told = (span: Span, mark = ' ') =>
    `${nameOfSpan(span, locale)}${mark}${showMs(locale, span.toMs - span.fromMs)}`;
  return {
    legend: legendOf(spec, shades, locale, look),
    height: rows.heightOf(format.row),
    draw: (top, height) => {
      const places = placesFor(rows, top, height, format);
      const quantity = message(locale, 'chart.axis.since-start');
      const plot = [top, top + height - format.axis] as const;
      return {
        shapes: [
          ...scaffold(rows, places, axis, quantity, across, plot, locale, format),
          ...spec.rows.flatMap((row, at) => [
            ...drawRow(spec, row, places[at]!, across, shades, locale, format),
            ...namesBeside(row, places[at]!, { across, right }, shades, locale, format),
            textAt(format.width - format.margin, places[at]!.middle, totals[at]!, total),
          ]),
        ],
        spots: () =>
          spec.rows.flatMap((row, at) =>
            row.spans.map((span) => {
              const box = boxOf(span, places[at]!, across);
              return {
                ...{ ...box, width: Math.max(box.width, 4) },
                say: (): [string, ...string[]] => [
                  rows.labels[at]!,
                  told(span, ': '),
                  `${showMs(locale, span.fromMs)} – ${showMs(locale, span.toMs)}`,
                ],
              };
            }),
          ),
      };
    },
    description: spec.rows.map(
      (row, at) => `${rows.labels[at]!}: ${totals[at]!} (${row.spans.map((span) => told(span)).join('; ')})`,
    ),
  };
}

/** What happens in it; a record that does not know has the name of the phase that ends it. */
const nameOfSpan = ({ phase, stretch }: Span, locale: Locale): string =>
  stretch === undefined ? nameOf(locale, 'phase', phase) : nameOf(locale, 'stretch', stretch);

function boxOf({ fromMs, toMs }: Span, { middle, thickness }: RowPlace, across: Across) {
  const [x, end] = [across(Math.max(0, fromMs)), across(Math.max(0, toMs))];
  const width = end - x;
  return { x, y: middle - thickness / 2, width: width > 3 ? width - 1 : width, height: thickness };
}

const room = (words: string, { detail }: Format): number => widthOf(words, detail) + 12;

const isNamed = ({ target }: Row, span: Span, shades: Shades): boolean =>
  shades.get(colourKind(target))?.has(stretchOf(span)) ?? false;

const drawRow = (
  spec: SpansSpec,
  row: Row,
  place: RowPlace,
  across: Across,
  shades: Shades,
  locale: Locale,
  format: Format,
): Shape[] =>
  row.spans.flatMap((span) => {
    const kind = colourKind(row.target);
    const shade = shades.get(kind)?.get(stretchOf(span));
    const box = boxOf(span, place, across);
    const filled =
      shade === undefined
        ? area(box, 'other', otherShade, format.look, isEmulated(spec, row))
        : area(box, kind, shade, format.look, isEmulated(spec, row));
    const name = nameOfSpan(span, locale);
    return shade !== undefined && room(name, format) <= box.width
      ? [...filled, ...pill(box.x + box.width / 2, place.middle, name, room(name, format) - 4, format)]
      : filled;
  });

/** of what is too short to be named */
const otherShade = 1;

/** Where a bar is too short to hold its names they stand beside it, as many as there is room for. */
function namesBeside(
  row: Row,
  place: RowPlace,
  { across, right }: { across: Across; right: number },
  shades: Shades,
  locale: Locale,
  format: Format,
): Shape[] {
  const told = (span: Span) => `${nameOfSpan(span, locale)} ${showMs(locale, span.toMs - span.fromMs)}`;
  const end = across(largest(row.spans.map(({ toMs }) => toMs))) + 8;
  const unnamed = row.spans.filter(
    (span) =>
      isNamed(row, span, shades) && room(told(span), format) > across(span.toMs) - across(span.fromMs),
  );
  const size = { size: format.detail, fill: format.look.muted, weight: besideWeight };
  for (let count = unnamed.length; count > 0; count -= 1) {
    const longest = [...unnamed].sort((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs)).slice(0, count);
    const words = unnamed
      .filter((span) => longest.includes(span))
      .map((span) => told(span))
      .join(' · ');
    if (end + widthOf(words, format.detail) <= right) return [textAt(end, place.middle, words, size)];
  }
  return [];
}

/** told where there is room: it tells these words from those that always stand */
const besideWeight = 500;

function legendOf(spec: SpansSpec, shades: Shades, locale: Locale, look: Look): LegendEntry[] {
  const emulated = spec.rows.find((row) => isEmulated(spec, row));
  const hasOther = spec.rows.some((row) => row.spans.some((span) => !isNamed(row, span, shades)));
  const box = (x: number, y: number) => ({ x, y, width: 22, height: 14 });
  const named = [...shades].flatMap(([kind, ofKind]) =>
    [...ofKind].map(([name, shade], at): LegendEntry => {
      const span = spec.rows
        .filter(({ target }) => colourKind(target) === kind)
        .flatMap(({ spans: all }) => all)
        .find((one) => stretchOf(one) === name)!;
      return {
        words: nameOfSpan(span, locale),
        ...(at === 0 && { heading: message(locale, `chart.kind.${kind}`) }),
        sign: (x, y) => area(box(x, y), kind, shade, look),
      };
    }),
  );
  return [
    ...named,
    ...(hasOther
      ? [
          {
            words: message(locale, 'chart.legend.other'),
            sign: (x: number, y: number) => area(box(x, y), 'other', otherShade, look),
          },
        ]
      : []),
    ...(emulated ? [emulatedEntry(emulated.target, locale, look)] : []),
  ];
}
