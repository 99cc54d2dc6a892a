import type { Locale } from '../../../contract/appearance';
import { message, say } from '../../../contract/messages';
import { showMs, showValue } from '../../../contract/quantities';
import type { ChartSpec } from '../../../contract/report/report';
import { axisFor, type Axis } from './axis';
import { element, line, path, text } from './elements';
import { margin, type Body } from './frame';
import { faint, ink, kindOf, muted, shade, type Kind } from './palette';
import { rightEdge } from './rows';
import { widest, widthOf } from './words';

type LinesSpec = Extract<ChartSpec, { kind: 'lines' }>;

const labelSize = 13.5;
const tickSize = 12.5;
const axisHeight = 48;
const leastDistance = 18;

/** VMs are dashed and each line is named at its end, so that neither colour nor a legend is needed. */
export function lines(spec: LinesSpec, locale: Locale): Body {
  const all = spec.lines.flatMap(({ points }) => points);
  const largest = (values: number[]) => values.reduce((most, value) => Math.max(most, value), 0);
  const labels = spec.lines.map(({ label }) => say(locale, label));
  const yTitle = message(locale, spec.unit === 'bytes' ? 'chart.axis.bytes' : 'chart.axis.other');
  const up = axisFor(locale, spec.unit, yTitle, largest(all.map(({ y }) => y)) * 1.04, 5);
  const left =
    margin +
    widest(
      up.ticks.map(({ words }) => words),
      tickSize,
    ) +
    12;
  const right = rightEdge - widest(labels, labelSize) - 14;
  const lastMs = largest(all.map(({ xMs }) => xMs));
  const time = axisFor(locale, 'ms', message(locale, 'chart.axis.since-start'), lastMs, (right - left) / 80);
  const across = (ms: number): number => left + (ms / time.max) * (right - left);
  return {
    legend: [],
    height: 300,
    draw: (top, height) => {
      const floor = top + height - axisHeight;
      const y = (value: number): number => floor - (value / up.max) * (floor - top - 26);
      return [
        grid(up, time, { left, right, top, floor, across, y }),
        ...spec.lines.map((_, at) => drawLine(spec, at, across, y)),
        endLabels(spec, labels, across, y),
      ].join('\n');
    },
    description: spec.lines.map(({ points }, at) => {
      const last = points[points.length - 1];
      const told = last
        ? `${showValue(locale, spec.unit, last.y)} (${showMs(locale, last.xMs)})`
        : message(locale, 'chart.missing');
      return `${labels[at]}: ${told}`;
    }),
  };
}

interface Area {
  left: number;
  right: number;
  top: number;
  floor: number;
  across: (ms: number) => number;
  y: (value: number) => number;
}

const grid = (up: Axis, time: Axis, { left, right, top, floor, across, y }: Area): string =>
  [
    text(margin, top + 8, up.title, { size: 13, fill: muted }),
    ...up.ticks.map(
      ({ at, words }) =>
        line(left, y(at), right, y(at), at === 0 ? muted : faint, at === 0 ? 1.4 : 1) +
        text(left - 10, y(at) + 4.5, words, { size: tickSize, fill: muted, anchor: 'end' }),
    ),
    ...time.ticks.map(({ at, words }) =>
      text(across(at), floor + 19, words, { size: tickSize, fill: muted, anchor: 'middle' }),
    ),
    text((left + right) / 2, floor + 40, time.title, { size: 13, fill: muted, anchor: 'middle' }),
  ].join('');

const lookOf = (spec: LinesSpec, at: number): { kind: Kind; colour: string } => {
  const kind = kindOf(spec.lines[at]!.target);
  const before = spec.lines.slice(0, at).filter(({ target }) => kindOf(target) === kind).length;
  return { kind, colour: shade(kind, before === 2 ? 3 : before) }; // the third shade is too pale for a line
};

function drawLine(spec: LinesSpec, at: number, across: Area['across'], y: Area['y']): string {
  const { kind, colour } = lookOf(spec, at);
  const places = spec.lines[at]!.points.map((point) => [across(point.xMs), y(point.y)] as const);
  const end = places[places.length - 1];
  if (!end) return '';
  return (
    element('path', {
      d: path(places),
      fill: 'none',
      stroke: colour,
      'stroke-width': 2.6,
      'stroke-linejoin': 'round',
      'stroke-dasharray': kind === 'vm' ? '9 5' : undefined,
    }) + element('circle', { cx: end[0], cy: end[1], r: 3.6, fill: colour })
  );
}

/** Names at the ends of the lines, moved apart where the ends are close. */
function endLabels(spec: LinesSpec, labels: readonly string[], across: Area['across'], y: Area['y']): string {
  const ends = spec.lines
    .flatMap(({ points }, at) => {
      const last = points[points.length - 1];
      return last ? [{ at, x: across(last.xMs) + 10, y: y(last.y) }] : [];
    })
    .sort((a, b) => b.y - a.y);
  const taken: { x: number; end: number; y: number }[] = [];
  return ends
    .map((label) => {
      const words = labels[label.at]!;
      const place = { x: label.x, end: label.x + widthOf(words, labelSize), y: label.y };
      const inTheWay = () =>
        taken.find(
          (other) => other.x < place.end && place.x < other.end && other.y - place.y < leastDistance,
        );
      for (let other = inTheWay(); other; other = inTheWay()) place.y = other.y - leastDistance;
      taken.push(place);
      return text(place.x, place.y + 4.5, words, { size: labelSize, fill: ink });
    })
    .join('');
}
