import type { Locale } from '../contract/appearance';
import { message, nameOf } from '../contract/messages';
import { showMs } from '../contract/quantities';
import { axisFor, stepsWithin } from './axis';
import type { Format } from './format';
import { area, badge, type RowPlace } from './marks';
import { colourKind, type Kind, type Look } from './palette';
import type { LegendEntry, Plot } from './plot';
import { acrossFrom, placesFor, rowsOf, scaffold, type Across } from './rows';
import { textAt, type Shape } from './shapes';
import { largest, phasesByKind, type SpansSpec } from './spec';
import { widest } from './words';

type Row = SpansSpec['rows'][number];

const shadesInTurn = 3;

/** The waterfall: phases are numbered, since seven shades of one colour cannot be told apart. */
export function spans(spec: SpansSpec, locale: Locale, format: Format): Plot {
  const { look } = format;
  const rows = rowsOf(spec.rows, locale, format);
  const ends = spec.rows.map(({ spans: all }) => largest(all.map(({ toMs }) => toMs)));
  const totals = ends.map((end) => showMs(locale, end));
  const right = format.width - format.margin - widest(totals, format.value, 650) - 14;
  const axis = axisFor('ms', 0, largest(ends), locale, stepsWithin(right - rows.left));
  const across = acrossFrom(rows.left, right, axis);
  const phases = phasesByKind(spec);
  const told = ({ phase, fromMs, toMs }: Row['spans'][number], mark = ' ') =>
    `${nameOf(locale, 'phase', phase)}${mark}${showMs(locale, toMs - fromMs)}`;
  const total = { size: format.value, fill: look.text, weight: 650 };
  return {
    legend: [...phases].flatMap(([kind, names]) =>
      names.map((name, at) => legendEntry(kind, name, at, locale, look)),
    ),
    height: rows.heightOf(format.row),
    draw: (top, height) => {
      const places = placesFor(rows, top, height, format);
      const plot = [top, top + height - format.axis] as const;
      const quantity = message(locale, 'chart.axis.since-start');
      return {
        shapes: [
          ...scaffold(rows, places, axis, quantity, across, plot, locale, format),
          ...spec.rows.flatMap((row, at) => [
            ...drawRow(row, places[at]!, across, phases.get(colourKind(row.target))!, look),
            textAt(across(ends[at]!) + 10, places[at]!.middle, totals[at]!, total),
          ]),
        ],
        spots: () =>
          spec.rows.flatMap((row, at) =>
            row.spans.map((span) => ({
              ...boxOf(span, places[at]!, across),
              say: (): [string, string] => [rows.labels[at]!, told(span, ': ')],
            })),
          ),
      };
    },
    description: spec.rows.map(
      (row, at) => `${rows.labels[at]!}: ${totals[at]!} (${row.spans.map((span) => told(span)).join('; ')})`,
    ),
  };
}

function boxOf({ fromMs, toMs }: Row['spans'][number], { middle, thickness }: RowPlace, across: Across) {
  const x = across(fromMs);
  const width = across(toMs) - x;
  return { x, y: middle - thickness / 2, width: width > 3 ? width - 1 : width, height: thickness };
}

const drawRow = (
  { target, spans: all }: Row,
  place: RowPlace,
  across: Across,
  phases: readonly string[],
  look: Look,
): Shape[] =>
  all.flatMap((span) => {
    const number = phases.indexOf(span.phase);
    const box = boxOf(span, place, across);
    const drawn = area(box, colourKind(target), number % shadesInTurn, look);
    return box.width < 18 ? drawn : [...drawn, ...badge(box.x + box.width / 2, place.middle, number, look)];
  });

const legendEntry = (kind: Kind, name: string, at: number, locale: Locale, look: Look): LegendEntry => ({
  words: nameOf(locale, 'phase', name),
  ...(at === 0 && { heading: message(locale, `chart.kind.${kind}`) }),
  sign: (x, y) => [
    ...area({ x, y: y - 2, width: 22, height: 18 }, kind, at % shadesInTurn, look),
    ...badge(x + 11, y + 7, at, look),
  ],
});
