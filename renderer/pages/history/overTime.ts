import type { HistorySeries } from '../../../main/contract/report/series';
import { comparedMetrics } from '../../../main/contract/metrics';
import type { Locale } from '../../../main/contract/appearance';
import { axisFor, type Axis } from '../../../main/drawing/axis';

/** Where a series stands in a drawing of so many units; runs stand apart equally, since only their order counts. */
export interface SeriesPlot {
  axis: Axis;
  /** x and y of every run */
  dots: { x: number; y: number }[];
  /** one line per machine, as points of an SVG polyline */
  lines: string[];
  /** between two machines */
  walls: number[];
  /** between two levels; `worse`: the new one is higher */
  steps: { x: number; worse: boolean }[];
  yOf: (value: number) => number;
}

export const unitOf = ({ metric }: HistorySeries): 'ms' | 'bytes' =>
  comparedMetrics.find(({ id }) => id === metric)!.unit;

/** @param size  of the room for the marks, axis words excluded */
export function plotOf(
  series: HistorySeries,
  size: { width: number; height: number },
  locale: Locale,
): SeriesPlot {
  const { points, changes, steps } = series;
  const axis = axisFor(unitOf(series), 0, Math.max(...points.map(({ median }) => median)), locale, 4);
  const xOf = (at: number) => ((at + 0.5) / points.length) * size.width;
  const yOf = (value: number) => size.height * (1 - (value - axis.min) / (axis.max - axis.min));
  const dots = points.map(({ median }, at) => ({ x: xOf(at), y: yOf(median) }));
  const ends = [0, ...changes.map(({ at }) => at), points.length];
  const lines = ends.slice(1).map((to, segment) =>
    dots
      .slice(ends[segment], to)
      .map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`)
      .join(' '),
  );
  return {
    axis,
    dots,
    lines,
    walls: changes.map(({ at }) => xOf(at - 0.5)),
    steps: steps.map(({ at, ratio }) => ({ x: xOf(at - 0.5), worse: ratio > 1 })),
    yOf,
  };
}
