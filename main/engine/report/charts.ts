import type { ChartSpec, Message } from '../../contract/report';
import type { PartName, Run, Sample, Trial } from '../../contract/run';
import { medianInterval } from '../statistics/intervals';
import { median } from '../statistics/summary';
import { decimate, type Point } from './decimation';
import { groupsOf, hostBytes, isEmulated, readyMs, valuesOf, type Group } from './groups';
import { key, partBytes, partsOf, phasesUpToReady } from './tables';
import { totalHostBytes, totalsOf } from './together';

type Bars = Extract<ChartSpec, { kind: 'bars' }>;
type Bar = Bars['bars'][number];

const mostPoints = 400;

/** Every chart that the run has data for, in reading order. */
export function chartsOf(run: Run, samples: readonly Sample[]): ChartSpec[] {
  const charts = [
    startUpChart(run),
    totalsChart(run),
    memoryChart(run),
    phasesChart(run),
    overTime(run, samples),
  ];
  return charts.filter((chart) => chart !== undefined);
}

const frame = (run: Run, id: string, counts: readonly number[]) => ({
  id,
  title: key(`chart.${id}`),
  note: key(`chart.${id}.note`, { n: rangeOf(counts) }),
  ...(isEmulated(run.trials) && { caution: key('chart.emulated') }),
});

/** `3`, or `2–3` where groups differ. */
function rangeOf(counts: readonly number[]): string {
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  return fewest === most ? String(most) : `${fewest}–${most}`;
}

/** Names workload and target; a plan with one workload needs only the target. */
const labelOf = (run: Run, { workload, target }: Group): Message =>
  run.plan.workloads.length === 1 ? key('chart.target', { target }) : key('chart.row', { workload, target });

/** The bar's own measurements: every value as a point, and the median's interval. */
function marks(run: Run, values: readonly number[]): Pick<Bar, 'interval' | 'points'> {
  const interval = medianInterval(values, run.plan.seed);
  return { ...(interval && { interval }), points: [...values] };
}

const medianOf = (values: readonly number[]): number | null => (values.length > 0 ? median(values) : null);

function startUpChart(run: Run): ChartSpec | undefined {
  const groups = groupsOf(run);
  const counts = groups.map(({ trials }) => valuesOf(trials, readyMs).length);
  if (counts.every((count) => count === 0)) return undefined;
  return {
    ...frame(run, 'start-up', counts),
    kind: 'bars',
    unit: 'ms',
    series: [{ id: 'readyMs', label: key('column.readyMs') }],
    bars: groups.map((group) => {
      const values = valuesOf(group.trials, readyMs);
      return {
        label: labelOf(run, group),
        target: group.target,
        values: [medianOf(values)],
        ...marks(run, values),
      };
    }),
  };
}

function memoryChart(run: Run): ChartSpec | undefined {
  const groups = groupsOf(run);
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
      ...marks(run, valuesOf(group.trials, hostBytes)),
      ...reservation(group),
    })),
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

const reservation = ({ trials }: Group): { outline?: number } => {
  const outline = trials[0]?.memory.reservedBytes;
  return outline === undefined ? {} : { outline };
};

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

function phasesChart(run: Run): ChartSpec | undefined {
  const rows = groupsOf(run).flatMap((group) => {
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
function overTime(run: Run, samples: readonly Sample[]): ChartSpec | undefined {
  const byTrial = new Map<string, Point[]>();
  const typical = groupsOf(run).flatMap((group) => {
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
