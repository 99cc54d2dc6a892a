/** Density, drawn: how many fit by target, and what was taken rung by rung. */
import type { ChartSpec } from '../../contract/report/report';
import type { Run } from '../../contract/run/run';
import { frame, labelOf, type Bars } from './chartFrame';
import { climbed } from './density';
import { key } from './tables';

export function densityCharts(run: Run): ChartSpec[] {
  const charts = [fitsChart(run), rungsChart(run)];
  return charts.filter((chart) => chart !== undefined);
}

/** The prediction as a bar, its interval, and the truth of a proof as a point. */
function fitsChart(run: Run): Bars | undefined {
  const ladders = climbed(run).filter(({ prediction }) => prediction);
  if (ladders.length === 0) return undefined;
  return {
    ...frame(
      run,
      'density',
      ladders.map(({ ladder }) => ladder.steps.length),
    ),
    kind: 'bars',
    unit: 'count',
    series: [{ id: 'predicted', label: key('column.predicted') }],
    bars: ladders.map(({ ladder, prediction, truth }) => ({
      label: labelOf(run, ladder),
      target: ladder.target,
      values: [prediction!.count],
      ...(prediction!.interval && { interval: prediction!.interval }),
      ...(truth !== undefined && ladder.steps.some(({ proof }) => proof) && { points: [truth] }),
    })),
  };
}

/** What all instances together took by their own books; the outline is what was promised to them. */
function rungsChart(run: Run): Bars | undefined {
  const ladders = climbed(run);
  const bars = ladders.flatMap(({ ladder, limitBytes }) =>
    ladder.steps.map((step) => ({
      label: key('chart.density-rung', {
        workload: ladder.workload,
        target: ladder.target,
        count: step.count,
      }),
      target: ladder.target,
      values: [step.hostBytes ?? null],
      ...(ladder.target !== 'process' && { outline: limitBytes * step.count }),
    })),
  );
  if (bars.every(({ values: [bytes] }) => bytes === null)) return undefined;
  return {
    ...frame(
      run,
      'density-rungs',
      ladders.map(({ ladder }) => ladder.steps.length),
    ),
    kind: 'bars',
    unit: 'bytes',
    series: [{ id: 'hostBytes', label: key('column.hostBytes') }],
    bars,
  };
}
