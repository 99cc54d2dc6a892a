import type { Locale } from '../../../contract/appearance';
import { message, nameOf, say } from '../../../contract/messages';
import { showMs } from '../../../contract/quantities';
import type { ChartSpec } from '../../../contract/report/report';
import { axisFor } from './axis';
import { element, text } from './elements';
import type { Body, LegendEntry } from './frame';
import { fill, ink, kindOf, paper, type Kind } from './palette';
import {
  acrossFrom,
  groupOf,
  heightFor,
  leftOf,
  placesFor,
  rightEdge,
  scaffold,
  type RowPlace,
} from './rows';
import { widest } from './words';

type SpansSpec = Extract<ChartSpec, { kind: 'spans' }>;
type SpansRow = SpansSpec['rows'][number];

const valueSize = 15;
const shadesInTurn = 3;

/** The waterfall: phases are numbered, since seven shades of one colour cannot be told apart. */
export function spans(spec: SpansSpec, locale: Locale): Body {
  const rows = spec.rows.map((row) => ({ label: say(locale, row.label), group: groupOf(row.label) }));
  const ends = spec.rows.map(({ spans: all }) => Math.max(0, ...all.map(({ toMs }) => toMs)));
  const totals = ends.map((end) => showMs(locale, end));
  const left = leftOf(rows);
  const right = rightEdge - widest(totals, valueSize, 650) - 14;
  const title = message(locale, 'chart.axis.since-start');
  const axis = axisFor(locale, 'ms', title, Math.max(0, ...ends), (right - left) / 80);
  const across = acrossFrom(left, right, axis);
  const phases = phasesByKind(spec);
  return {
    legend: [...phases].flatMap(([kind, names]) =>
      names.map((name, at) => legendEntry(kind, name, at, locale)),
    ),
    height: heightFor(rows),
    draw: (top, height) => {
      const places = placesFor(rows, top, height);
      return [
        scaffold(rows, places, axis, across, top, height),
        ...spec.rows.map(
          (row, at) =>
            drawRow(row, places[at]!, across, phases.get(kindOf(row.target))!) +
            text(across(ends[at]!) + 10, places[at]!.middle + 5.5, totals[at]!, {
              size: valueSize,
              fill: ink,
              weight: 650,
            }),
        ),
      ].join('\n');
    },
    description: spec.rows.map((row, at) => {
      const told = row.spans.map(
        ({ phase, fromMs, toMs }) => `${nameOf(locale, 'phase', phase)} ${showMs(locale, toMs - fromMs)}`,
      );
      return `${rows[at]!.label}: ${totals[at]} (${told.join('; ')})`;
    }),
  };
}

/** Each kind's phases in the order in which they are reached. */
function phasesByKind(spec: SpansSpec): Map<Kind, string[]> {
  const phases = new Map<Kind, string[]>();
  for (const { target, spans: all } of spec.rows) {
    const known = phases.get(kindOf(target)) ?? [];
    phases.set(kindOf(target), known);
    for (const { phase } of all) if (!known.includes(phase)) known.push(phase);
  }
  return phases;
}

function drawRow(
  row: SpansRow,
  { middle, thickness }: RowPlace,
  across: (value: number) => number,
  phases: readonly string[],
): string {
  const kind = kindOf(row.target);
  return row.spans
    .map(({ phase, fromMs, toMs }) => {
      const x = across(fromMs);
      const width = across(toMs) - x;
      const number = phases.indexOf(phase);
      const box = { x, y: middle - thickness / 2, width: width > 3 ? width - 1 : width, height: thickness };
      const drawn = fill(box, kind, number % shadesInTurn);
      return width < 22 ? drawn : drawn + badge(x + width / 2 - 0.5, middle, number);
    })
    .join('');
}

/** A phase's number, on a disc of its own so that it can be read on any fill. */
const badge = (x: number, y: number, number: number): string =>
  element('circle', { cx: x, cy: y, r: 8.5, fill: paper, 'fill-opacity': 0.92 }) +
  text(x, y + 4.2, String(number + 1), { size: 11.5, fill: ink, weight: 600, anchor: 'middle' });

function legendEntry(kind: Kind, name: string, at: number, locale: Locale): LegendEntry {
  return {
    words: nameOf(locale, 'phase', name),
    ...(at === 0 && { heading: message(locale, `chart.kind.${kind}`) }),
    sign: (x, y) =>
      fill({ x, y: y - 2, width: 22, height: 18 }, kind, at % shadesInTurn) + badge(x + 11, y + 7, at),
  };
}
