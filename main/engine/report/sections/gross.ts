/**
 * The central chart: what the scale shows (gross) is what the application needs (net) and what the way of running it adds
 * (tare). One net per workload, the same on every target, so that the targets differ in nothing but their tare. A target that takes less
 * than the net has a tare below 0.
 */
import { tell, type KeyOf } from '../../../contract/messages';
import { hostBytes, readyMs, trialMetric, type Reading } from '../../../contract/metrics';
import type { ChartSpec } from '../../../contract/report/report';
import type { Trial } from '../../../contract/run/run';
import { describeTarget, kindOf } from '../../../contract/targets';
import { framed, labelOf, marks, rangeOf, reservation } from '../chart';
import type { Estimates } from '../estimates/estimates';
import type { Group } from '../estimates/groups';
import type { Section } from '../section';

interface Quantity {
  id: 'gross-memory' | 'gross-time' | 'gross-disk';
  unit: 'bytes' | 'ms';
  gross: Reading;
  /** where a plain process was not measured: the application's own part elsewhere, and how the chart's note tells that */
  own: { read: Reading; source: 'container' | 'image' };
  notes: { process: KeyOf<'chart'>; own: KeyOf<'chart'> };
  reserved?: boolean;
  /** the same figure each time: an interval would say nothing */
  fixed?: boolean;
}

/** From the moment the runtime hands over to the application to its first good answer. */
function ownStart({ phases, readyMs }: Trial): number | undefined {
  const at = (phase: string) => phases.find(({ name }) => name === phase);
  const handedOver = at('exec') ?? at('started'); // older records know the answer alone, and some got it before the event
  return handedOver && readyMs !== undefined ? readyMs - handedOver.atMs : undefined;
}

/** What this way of running the image keeps on disk. Where a disk was made of it, the image is not needed beside that. */
function diskBytes({ disk, target }: Trial): number | undefined {
  return describeTarget(target)?.entry.files === 'disk'
    ? disk.vmDiskBytes && disk.vmDiskBytes + (disk.snapshotBytes ?? 0)
    : disk.imageBytes && disk.imageBytes + (disk.writtenBytes ?? 0);
}

const quantities: Quantity[] = [
  {
    id: 'gross-memory',
    unit: 'bytes',
    gross: hostBytes.read,
    own: { read: trialMetric('part.workloadBytes').read, source: 'container' },
    notes: { process: 'chart.gross-memory.note.process', own: 'chart.gross-memory.note.container' },
    reserved: true,
  },
  {
    id: 'gross-time',
    unit: 'ms',
    gross: readyMs.read,
    own: { read: ownStart, source: 'container' },
    notes: { process: 'chart.gross-time.note.process', own: 'chart.gross-time.note.container' },
  },
  {
    id: 'gross-disk',
    unit: 'bytes',
    gross: diskBytes,
    // an image weighs the same wherever its weight was read
    own: { read: trialMetric('imageBytes').read, source: 'image' },
    notes: { process: 'chart.gross-disk.note.process', own: 'chart.gross-disk.note.image' },
    fixed: true,
  },
];

export const gross = {
  charts: (of) => quantities.flatMap((quantity) => grossChart(of, quantity)),
} satisfies Section;

/** Net of each workload, all from one source; the weakest n of it. */
interface Net {
  of: Map<string, number>;
  counts: number[];
  note: KeyOf<'chart'>;
}

/** The plain process, where every workload that has figures ran as one; else the application's own part elsewhere. */
function netOf({ baseline }: Estimates, groups: readonly Group[], { gross, own, notes }: Quantity): Net {
  const measured = new Set(groups.map(({ workload }) => workload));
  const processes = groups.filter(({ target }) => kindOf(target) === 'process');
  const process = netFrom(processes, gross, notes.process);
  if (process.of.size === measured.size) return process;
  const target = own.source === 'image' ? groups[0]?.target : baseline;
  return netFrom(
    groups.filter((group) => group.target === target),
    own.read,
    notes.own,
  );
}

function netFrom(groups: readonly Group[], read: Reading, note: Net['note']): Net {
  const own = groups.filter((group) => group.of(read).n > 0);
  return {
    note,
    of: new Map(own.map((group) => [group.workload, group.of(read).median()!])),
    counts: own.map((group) => group.of(read).n),
  };
}

function grossChart(of: Estimates, quantity: Quantity): ChartSpec[] {
  const { id, unit, gross, reserved = false, fixed = false } = quantity;
  const measured = of.groups.filter((group) => group.of(gross).n > 0);
  const net = netOf(of, measured, quantity);
  const groups = measured.filter(({ workload }) => net.of.has(workload));
  if (groups.length === 0) return [];
  const counts = groups.map((group) => group.of(gross).n);
  return [
    {
      ...framed(of.run, id, tell(net.note, { n: rangeOf(counts), net: rangeOf(net.counts) })),
      kind: 'bars',
      unit,
      axis: tell(`chart.axis.${id}`),
      series: [
        { id: 'net', label: tell('chart.net') },
        { id: 'tare', label: tell('chart.tare') },
      ],
      bars: groups.map((group) => {
        const figures = group.of(gross);
        const whole = figures.median()!;
        const own = net.of.get(group.workload)!;
        return {
          label: labelOf(of.run, group),
          target: group.target,
          values: [own, whole - own],
          ...(fixed ? { points: [...figures.values] } : marks(figures)),
          ...(reserved && reservation(group)),
        };
      }),
    },
  ];
}
