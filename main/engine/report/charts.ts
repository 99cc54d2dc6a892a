import type { ChartSpec } from '../../contract/report/report';
import type { PartName, Run, Sample, Trial } from '../../contract/run/run';
import { median } from '../statistics/summary';
import { frame, labelOf, marks, marksOf, medianOf, quartiles, reservation } from './chartFrame';
import { decimate, type Point } from './decimation';
import { grossCharts } from './gross';
import { groupsOf, hostBytes, readyMs, valuesOf, type Group } from './groups';
import { publishedOn } from './published';
import { key, partBytes, partsOf, phasesUpToReady } from './tables';
import { totalHostBytes, totalsOf } from './together';

const mostPoints = 400;

/** Every chart that the run has data for, in reading order. */
export function chartsOf(run: Run, samples: readonly Sample[]): ChartSpec[] {
  const groups = groupsOf(run);
  const charts = [
    ...grossCharts(run, groups),
    startUpChart(run, groups),
    totalsChart(run),
    memoryChart(run, groups),
    phasesChart(run, groups),
    overTime(run, groups, samples),
  ];
  return charts.filter((chart) => chart !== undefined);
}

function startUpChart(run: Run, groups: readonly Group[]): ChartSpec | undefined {
  const counts = groups.map(({ trials }) => valuesOf(trials, readyMs).length);
  if (counts.every((count) => count === 0)) return undefined;
  return {
    ...frame(run, 'start-up', counts),
    kind: 'bars',
    unit: 'ms',
    series: [{ id: 'readyMs', label: key('column.readyMs') }],
    bars: groups.map((group) => {
      return {
        label: labelOf(run, group),
        target: group.target,
        values: [medianOf(valuesOf(group.trials, readyMs))],
        ...marksOf(run, group, readyMs),
        ...quartiles(valuesOf(group.trials, readyMs)),
      };
    }),
    ...publishedOn('start-up', run, groups),
  };
}

function memoryChart(run: Run, groups: readonly Group[]): ChartSpec | undefined {
  const parts = partsOf(groups.flatMap(({ trials }) => trials));
  if (parts.length === 0) return undefined;
  return {
    ...frame(
      run,
      'memory',
      groups.map(({ trials }) => valuesOf(trials, hostBytes).length),
    ),
    kind: 'bars',
    unit: 'bytes',
    series: parts.map((part) => ({ id: part, label: key(`part.${part}`) })),
    bars: groups.map((group) => ({
      label: labelOf(run, group),
      target: group.target,
      values: partsInTheMiddle(group, parts),
      ...marksOf(run, group, hostBytes),
      ...reservation(group),
    })),
    ...publishedOn('memory', run, groups),
  };
}

/**
 * The parts of the trial with the median host memory, or the means of the two in the middle: so they add up to the very
 * median that tables and claims name, which the parts' own medians would not.
 */
function partsInTheMiddle({ trials }: Group, parts: readonly PartName[]): (number | null)[] {
  const whole = trials
    .filter((trial) => hostBytes(trial) !== undefined)
    .sort((a, b) => hostBytes(a)! - hostBytes(b)!);
  const middle = whole.slice(Math.floor((whole.length - 1) / 2), Math.floor(whole.length / 2) + 1);
  return parts.map((part) => {
    const bytes = valuesOf(middle, partBytes(part));
    return bytes.length > 0 ? bytes.reduce((sum, one) => sum + one, 0) / middle.length : null;
  });
}

function totalsChart(run: Run): ChartSpec | undefined {
  const totals = totalsOf(run).filter(({ rounds }) => rounds.length > 0);
  if (totals.length === 0) return undefined;
  return {
    ...frame(
      run,
      'totals',
      totals.map(({ rounds }) => rounds.length),
    ),
    kind: 'bars',
    unit: 'bytes',
    series: [{ id: 'hostBytes', label: key('column.hostBytes') }],
    bars: totals.map((total) => ({
      label: key('chart.target', { target: total.target }),
      target: total.target,
      values: [medianOf(totalHostBytes(total))],
      ...marks(run, totalHostBytes(total)),
      ...(total.target !== 'process' && {
        outline: median(total.rounds.map(({ reservedBytes }) => reservedBytes)),
      }),
    })),
  };
}

function phasesChart(run: Run, groups: readonly Group[]): ChartSpec | undefined {
  const rows = groups.flatMap((group) => {
    const upToReady = phasesUpToReady(group);
    const spans = upToReady.slice(1).map(({ name, at }, before) => ({
      phase: name,
      fromMs: upToReady[before]!.at.value,
      toMs: at.value,
    }));
    return spans.length > 0
      ? [{ label: labelOf(run, group), target: group.target, spans, n: group.trials.length }]
      : [];
  });
  if (rows.length === 0) return undefined;
  return {
    ...frame(
      run,
      'phases',
      rows.map(({ n }) => n),
    ),
    kind: 'spans',
    unit: 'ms',
    rows: rows.map(({ label, target, spans }) => ({ label, target, spans })),
  };
}

/** One line per workload and target: the trial whose start was the most usual one, on its own clock. */
function overTime(run: Run, groups: readonly Group[], samples: readonly Sample[]): ChartSpec | undefined {
  const byTrial = new Map<string, Point[]>();
  const typical = groups.flatMap((group) => {
    const trial = mostUsual(group.trials);
    if (trial) byTrial.set(trial.id, []);
    return trial ? [{ group, trial }] : [];
  });
  const starts = new Map(typical.map(({ trial }) => [trial.id, trial.startMs]));
  for (const sample of samples) {
    if (sample.kind !== 'instance') continue;
    const y = sample.residentBytes ?? sample.hostBytes;
    const startMs = starts.get(sample.trial);
    if (y === undefined || startMs === undefined || sample.atMs < startMs) continue;
    byTrial.get(sample.trial)!.push({ xMs: sample.atMs - startMs, y });
  }
  const lines = typical
    .map(({ group, trial }) => ({
      label: labelOf(run, group),
      target: group.target,
      points: decimate(byTrial.get(trial.id)!, mostPoints),
    }))
    .filter(({ points }) => points.length > 0);
  if (lines.length === 0) return undefined;
  return { ...frame(run, 'memory-over-time', [1]), kind: 'lines', unit: 'bytes', lines };
}

function mostUsual(trials: readonly Trial[]): Trial | undefined {
  const ready = trials.filter((trial) => trial.readyMs !== undefined);
  if (ready.length === 0) return undefined;
  const centre = median(valuesOf(ready, readyMs));
  const distance = (trial: Trial) => Math.abs(trial.readyMs! - centre);
  return ready.reduce((best, trial) => (distance(trial) < distance(best) ? trial : best));
}
