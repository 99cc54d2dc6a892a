/**
 * The central chart: what the scale shows (gross) is what the application needs (net) and what the way of running it adds
 * (tare). One net per workload, the same on every rung, so that the rungs differ in nothing but their tare.
 */
import type { ChartSpec } from '../../contract/report/report';
import type { Run, Trial } from '../../contract/run/run';
import { median } from '../statistics/summary';
import { frame, labelOf, marksOf, rangeOf, reservation } from './chartFrame';
import { baselineOf, hostBytes, readyMs, valuesOf, type Group, type Reading } from './groups';
import { key, partBytes } from './tables';

interface Quantity {
  id: 'gross-memory' | 'gross-time' | 'gross-disk';
  unit: 'bytes' | 'ms';
  gross: Reading;
  /** the application's own part inside a container, where no plain process was measured */
  own: Reading;
  reserved?: boolean;
  /** the same figure each time: an interval would say nothing */
  fixed?: boolean;
}

/** From the moment the runtime hands over to the application to its first good answer. */
function ownStart({ phases, readyMs }: Trial): number | undefined {
  const started = phases.find(({ name }) => name === 'started');
  return started && readyMs !== undefined ? readyMs - started.atMs : undefined;
}

/** What this way of running the image keeps on disk. A VM does not need the image beside the disk that was made of it. */
function diskBytes({ disk, target }: Trial): number | undefined {
  if (!target.startsWith('vm:')) return disk.imageBytes && disk.imageBytes + (disk.writtenBytes ?? 0);
  return disk.vmDiskBytes && disk.vmDiskBytes + (disk.snapshotBytes ?? 0);
}

const quantities: Quantity[] = [
  { id: 'gross-memory', unit: 'bytes', gross: hostBytes, own: partBytes('workload'), reserved: true },
  { id: 'gross-time', unit: 'ms', gross: readyMs, own: ownStart },
  { id: 'gross-disk', unit: 'bytes', gross: diskBytes, own: ({ disk }) => disk.imageBytes, fixed: true },
];

/** @param groups  of the run, the same objects for all its charts */
export const grossCharts = (run: Run, groups: readonly Group[]): ChartSpec[] =>
  quantities.flatMap((quantity) => grossChart(run, groups, quantity) ?? []);

/** Net of each workload, all from one source; the weakest n of it. */
interface Net {
  source: 'process' | 'container' | 'image';
  of: Map<string, number>;
  counts: number[];
}

function netFrom(groups: readonly Group[], source: Net['source'], target: string, read: Reading): Net {
  const own = groups
    .filter((group) => group.target === target)
    .map(({ workload, trials }) => ({ workload, values: valuesOf(trials, read) }))
    .filter(({ values }) => values.length > 0);
  return {
    source,
    of: new Map(own.map(({ workload, values }) => [workload, median(values)])),
    counts: own.map(({ values }) => values.length),
  };
}

/** The plain process, where every workload that has figures ran as one; else the application's part of the container. */
function netOf(run: Run, groups: readonly Group[], { gross, own, id }: Quantity): Net {
  const measured = new Set(groups.map(({ workload }) => workload));
  const process = netFrom(groups, 'process', 'process', gross);
  if (process.of.size === measured.size) return process;
  // an image weighs the same wherever its weight was read
  if (id === 'gross-disk') return netFrom(groups, 'image', groups[0]?.target ?? '', own);
  return netFrom(groups, 'container', baselineOf(run) ?? '', own);
}

function grossChart(run: Run, all: readonly Group[], quantity: Quantity): ChartSpec | undefined {
  const { id, unit, gross, reserved = false, fixed = false } = quantity;
  const measured = all.filter(({ trials }) => valuesOf(trials, gross).length > 0);
  const net = netOf(run, measured, quantity);
  const groups = measured.filter(({ workload }) => net.of.has(workload));
  if (groups.length === 0) return undefined;
  const counts = groups.map(({ trials }) => valuesOf(trials, gross).length);
  const note = key(`chart.${id}.note.${net.source}`, { n: rangeOf(counts), net: rangeOf(net.counts) });
  return {
    ...frame(run, id, counts, note),
    kind: 'bars',
    unit,
    axis: key(`chart.axis.${id}`),
    series: [
      { id: 'net', label: key('chart.net') },
      { id: 'tare', label: key('chart.tare') },
    ],
    bars: groups.map((group) => {
      const whole = median(valuesOf(group.trials, gross));
      const own = Math.min(net.of.get(group.workload)!, whole);
      return {
        label: labelOf(run, group),
        target: group.target,
        values: [own, whole - own],
        ...(fixed ? { points: valuesOf(group.trials, gross) } : marksOf(run, group, gross)),
        ...(reserved && reservation(group)),
      };
    }),
  };
}
