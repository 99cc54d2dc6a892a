import type { Chart, ChartConfiguration, TooltipItem } from 'chart.js';
import type { Locale } from '../../main/contract/appearance';
import { nameOf, say } from '../../main/contract/messages';
import { endWithPublished } from '../../main/contract/report/published';
import { showMs, showValue } from '../../main/contract/quantities';
import type { ChartSpec, Unit } from '../../main/contract/report/report';
import {
  measuredEnd,
  phasesOf,
  shadeOfSeries,
  shadesOfLines,
  thicknessOf,
  type BarsSpec,
  type LinesSpec,
  type SpansSpec,
} from './layout';
import { barMarks } from './marks';
import { kindOf, shade, stroke, type Kind, type Look } from './palette';
import { isGap, thinned, type Point } from './points';
import { laneHeight, publishedMarks, widenFor } from './published';
import { axisFor, type Axis } from './scale';

/** Fill of a segment: virtual machines are hatched, so that they are told apart in grey print too. */
export type Fill = (colour: string, kind: Kind) => string | CanvasPattern;

export interface Painter {
  look: Look;
  locale: Locale;
  fill: Fill;
  /** whether the axis reaches as far as the reservations */
  showReserved: boolean;
  /** points that a line needs at most, from the width it is drawn at */
  buckets: number;
}

export function configurationOf(spec: ChartSpec, painter: Painter): ChartConfiguration<'bar' | 'line'> {
  if (spec.kind === 'bars') return bars(spec, painter);
  if (spec.kind === 'lines') return lines(spec, painter);
  return spans(spec, painter);
}

function bars(spec: BarsSpec, painter: Painter): ChartConfiguration<'bar'> {
  const { look, locale, fill } = painter;
  const measured = Math.max(0, ...spec.bars.map(measuredEnd));
  const reserved = painter.showReserved ? spec.bars.map(({ outline }) => outline ?? 0) : [];
  const axis = axisFor(spec.unit, 0, Math.max(endWithPublished(measured, spec), ...reserved), locale);
  const labels = spec.bars.map((bar) => say(locale, bar.label));
  return {
    type: 'bar',
    data: {
      labels,
      datasets: spec.series.map(({ label }, series) => ({
        label: say(locale, label),
        data: spec.bars.map((bar) => bar.values[series] ?? null),
        backgroundColor: spec.bars.map((bar) => {
          const kind = kindOf(bar.target);
          return fill(shade(look, kind, shadeOfSeries(spec, series, kind)), kind);
        }),
        borderColor: look.surface,
        // a thin gap between segments, none around the bar
        borderWidth: spec.series.length > 1 ? { top: 0, bottom: 0, left: 0, right: 1 } : 0,
        borderSkipped: false,
        barThickness: thicknessOf(spec),
      })),
    },
    options: {
      ...common(painter, axis, spec.unit),
      indexAxis: 'y',
      layout: { padding: { right: 120, bottom: laneHeight(spec) } },
      scales: {
        x: { ...valueAxis(painter, axis), stacked: true },
        y: { ...labelAxis(painter), stacked: true, afterFit: widenFor(spec, look, locale) },
      },
    },
    plugins: [barMarks(spec, look, locale), ...publishedMarks(spec, look, locale)],
  };
}

/** A reading between two gaps has no line to show it: there is a dot. One figure for all where there is none, which is quicker. */
function dots(points: readonly Point[]): number | number[] {
  if (!points.some(isGap)) return points.length === 1 ? 2.5 : 0;
  const gap = (point: Point | undefined) => !point || isGap(point);
  return points.map((_, at) => (gap(points[at - 1]) && gap(points[at + 1]) ? 2.5 : 0));
}

interface LineAxes {
  time: Axis;
  value: Axis;
}

function lineAxes(spec: LinesSpec, locale: Locale): LineAxes {
  let [low, high, lastMs] = [0, 0, 0];
  for (const { points } of spec.lines) {
    for (const { y } of points) {
      // a gap is NaN, and neither smaller nor larger than anything
      if (y < low) low = y;
      if (y > high) high = y;
    }
    lastMs = Math.max(lastMs, points.at(-1)?.xMs ?? 0);
  }
  return { time: axisFor('ms', 0, lastMs, locale, 10), value: axisFor(spec.unit, low, high, locale) };
}

const shownPoints = (line: LinesSpec['lines'][number], buckets: number) => {
  const points = thinned(line.points, buckets);
  return { data: points.map(({ xMs, y }) => ({ x: xMs, y })), pointRadius: dots(points) };
};

function lines(spec: LinesSpec, painter: Painter): ChartConfiguration<'line'> {
  const { look, locale } = painter;
  const { time, value } = lineAxes(spec, locale);
  const shades = shadesOfLines(spec);
  return {
    type: 'line',
    data: {
      datasets: spec.lines.map((line, index) => {
        const kind = kindOf(line.target);
        return {
          label: say(locale, line.label),
          ...shownPoints(line, painter.buckets),
          borderColor: stroke(look, kind, shades[index] ?? 0),
          backgroundColor: stroke(look, kind, shades[index] ?? 0),
          borderDash: kind === 'vm' ? [7, 4] : [],
          borderWidth: 2,
          pointHitRadius: 8,
        };
      }),
    },
    options: {
      ...common(painter, value, spec.unit),
      parsing: false,
      normalized: true,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      scales: {
        x: { ...valueAxis(painter, time), type: 'linear' },
        y: { ...valueAxis(painter, value), type: 'linear' },
      },
    },
  };
}

/** Draws the same lines with other points: live data. What does not change is left as it is. */
export function extendLines(chart: Chart<'line'>, spec: LinesSpec, painter: Painter): void {
  const { time, value } = lineAxes(spec, painter.locale);
  spec.lines.forEach((line, at) =>
    Object.assign(chart.data.datasets[at]!, shownPoints(line, painter.buckets)),
  );
  const scales = chart.options.scales!;
  for (const [name, axis] of [
    ['x', time],
    ['y', value],
  ] as const) {
    const scale = scales[name] as { min: number; max: number };
    if (scale.min !== axis.min || scale.max !== axis.max) Object.assign(scale, valueAxis(painter, axis));
  }
  chart.update('none');
}

function spans(spec: SpansSpec, painter: Painter): ChartConfiguration<'bar', [number, number][]> {
  const { look, locale, fill } = painter;
  const axis = axisFor(
    'ms',
    0,
    maxOf(spec.rows.flatMap((row) => row.spans.map((span) => span.toMs))),
    locale,
  );
  const phases = phasesOf(spec);
  const deepest = Math.max(0, ...spec.rows.map((row) => row.spans.length));
  return {
    type: 'bar',
    data: {
      labels: spec.rows.map((row) => say(locale, row.label)),
      // the n-th span of every row is one dataset: its name is looked up where it is shown
      datasets: Array.from({ length: deepest }, (_, number) => ({
        label: String(number),
        data: spec.rows.map((row): [number, number] => {
          const span = row.spans[number];
          return span ? [span.fromMs, span.toMs] : [NaN, NaN];
        }),
        backgroundColor: spec.rows.map((row) => {
          const kind = kindOf(row.target);
          const at = phases.get(kind)?.indexOf(row.spans[number]?.phase ?? '') ?? 0;
          return fill(shade(look, kind, Math.max(0, at)), kind);
        }),
        borderColor: look.surface,
        borderWidth: { top: 0, bottom: 0, left: 0, right: 1 },
        borderSkipped: false,
        barThickness: 20,
        grouped: false,
      })),
    },
    options: {
      ...common(painter, axis, 'ms', (item) => {
        const span = spec.rows[item.dataIndex]?.spans[item.datasetIndex];
        return span
          ? `${nameOf(locale, 'phase', span.phase)}: ${showMs(locale, span.toMs - span.fromMs)}`
          : '';
      }),
      indexAxis: 'y',
      scales: { x: valueAxis(painter, axis), y: labelAxis(painter) },
    },
  };
}

// spreading many values into Math.max would overflow the stack
const maxOf = (values: number[]): number => values.reduce((most, value) => (value > most ? value : most), 0);

function common(
  { look, locale }: Painter,
  axis: Axis,
  unit: Unit,
  labelOf?: (item: TooltipItem<'bar'>) => string,
): object {
  const value = (item: TooltipItem<'bar' | 'line'>) =>
    (item.parsed as { x: number; y: number })[item.chart.options.indexAxis === 'y' ? 'x' : 'y'];
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: false,
    font: { family: look.font, size: 12 },
    plugins: {
      legend: { display: false },
      tooltip: {
        backgroundColor: look.text,
        titleColor: look.surface,
        bodyColor: look.surface,
        titleFont: { family: look.font, size: 12, weight: 600 },
        bodyFont: { family: look.font, size: 12 },
        padding: 10,
        cornerRadius: 6,
        displayColors: false,
        filter: (item: TooltipItem<'bar' | 'line'>) => Number.isFinite(value(item)),
        callbacks: {
          title: (items: TooltipItem<'bar' | 'line'>[]) => {
            const [item] = items;
            if (!item) return '';
            return item.label && item.chart.options.indexAxis === 'y'
              ? item.label
              : showMs(locale, (item.parsed as { x: number }).x);
          },
          label:
            labelOf ??
            ((item: TooltipItem<'bar' | 'line'>) =>
              `${item.dataset.label ?? ''}: ${showValue(locale, unit, value(item))}`),
        },
      },
    },
  };
}

const valueAxis = ({ look }: Painter, axis: Axis): object => ({
  min: axis.min,
  max: axis.max,
  grid: { color: look.grid, drawTicks: false },
  border: { display: false },
  ticks: {
    stepSize: axis.step,
    callback: (value: number | string) => axis.show(Number(value)),
    color: look.muted,
    padding: 8,
    maxRotation: 0,
    autoSkipPadding: 12,
    font: { family: look.font, size: 11.5 },
  },
});

const labelAxis = ({ look }: Painter): object => ({
  grid: { display: false },
  border: { color: look.grid },
  ticks: { color: look.text, padding: 10, font: { family: look.font, size: 12.5 }, autoSkip: false },
});
