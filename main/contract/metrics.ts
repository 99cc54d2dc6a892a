/**
 * The table of metrics: every figure that is read of a trial, of an image and of a round. What a metric is stands here and nowhere else;
 * tables, CSV, comparisons and verdicts go through it. A new one is its field in run/, an entry here, and the words of its column.
 */
import type { MessageKey, NameIn } from './messages';
import type { VerdictSubject } from './report/report';
import type { CachedFiles } from './run/cachedFiles';
import type { Lifecycle } from './run/lifecycle';
import type { LoadResult } from './run/load';
import type { OwnUse } from './run/ownUse';
import {
  insideNames,
  partNames,
  type Environment,
  type Round,
  type Trial,
  type TrialDisk,
  type TrialMemory,
} from './run/run';

/** A figure of something; undefined where it could not be read. */
export type Reading<Of = Trial> = (of: Of) => number | undefined;

type MetricUnit = 'ms' | 'bytes' | 'count';
/** The tables whose columns are metrics of this table. */
export type MetricTable = 'start-up' | 'memory' | 'parts' | 'inside' | 'load' | 'lifecycle' | 'disk';

/** How a table of a report shows a metric. */
export interface ShownMetric {
  table: MetricTable;
  /** the column's id in reports */
  column: string;
  title: MessageKey;
  /** whether the median is told with its interval: not where the figure repeats itself or is for orientation only */
  interval?: true;
  /** counted, not sampled: trials add up, and a median of them would hide what one of them lost */
  sum?: true;
  /** the column is left out where nobody has the figure, or nobody more than 0 of it */
  onlyWhere?: 'read' | 'not-zero';
}

/** What holds of a metric by which targets are held against each other. */
interface Comparability {
  /** what verdicts on it are about */
  subject: Extract<VerdictSubject, 'start-up' | 'memory'>;
  /** its name in the columns and sentences about tuning */
  short: 'ready' | 'host';
  /** the column of its difference, in its unit */
  difference: NameIn<'column'>;
}

export interface Metric<Of = Trial> {
  /** as in run.json, and a column of CSV */
  id: string;
  unit: MetricUnit;
  read: Reading<Of>;
  /** which way a change is an improvement; absent of limits, of parts of another figure, and of what was asked for */
  better?: 'less' | 'more';
  /** tells how it was measured, and nothing of what was measured */
  ofMeasuring?: true;
  shown?: ShownMetric;
  compared?: Comparability;
}

type NumbersOf<T> = {
  [Name in keyof T]-?: NonNullable<T[Name]> extends number ? Name : never;
}[keyof T] &
  string;

/** Units stand in a name: `readyMs`, `cpuMsPerRequest`, `hostBytes`. */
const unitOf = (name: string): MetricUnit =>
  /Ms(?![a-z])/.test(name) ? 'ms' : name.endsWith('Bytes') ? 'bytes' : 'count';

type Traits = Pick<ShownMetric, 'interval' | 'onlyWhere' | 'sum'>;
const withInterval: Traits = { interval: true };

/** A column whose words have its name. */
const columnOf = (table: MetricTable, column: NameIn<'column'>, traits: Traits = {}): ShownMetric => ({
  table,
  column,
  title: `column.${column}`,
  ...traits,
});
/** In the table of memory's parts: what else there is beside them, or of them. */
const beside = (column: string, title: MessageKey): ShownMetric => ({
  table: 'inside',
  column,
  title,
  onlyWhere: 'not-zero',
});

const inMemory = (id: NumbersOf<TrialMemory>, shown?: ShownMetric): Metric => ({
  id,
  unit: unitOf(id),
  read: ({ memory }) => memory[id],
  ...(shown && { shown }),
});
const onDisk = (id: NumbersOf<TrialDisk>): Metric => ({
  id,
  unit: unitOf(id),
  read: ({ disk }) => disk[id],
  shown: columnOf('disk', id, { onlyWhere: 'read' }),
});
const underLoad = (name: string, read: Reading<LoadResult>, shown?: ShownMetric): Metric => ({
  id: `load.${name}`,
  unit: unitOf(name),
  read: ({ load }) => load && read(load),
  ...(shown && { shown }),
});
/** Of fewer answers, the slowest thousandth is less than ten. */
const fewestForThousandth = 10_000;
const p999Ms = ({ answered, latencyMs }: LoadResult): number | undefined =>
  answered >= fewestForThousandth ? latencyMs?.p999 : undefined;
const inLife = (name: NumbersOf<Lifecycle>, traits: Traits = {}): Metric => ({
  id: `lifecycle.${name}`,
  unit: unitOf(name),
  read: ({ lifecycle }) => lifecycle?.[name],
  shown: { table: 'lifecycle', column: name, title: `column.life.${name}`, ...traits },
});

const ofFiles = (name: NumbersOf<CachedFiles>, column?: NameIn<'column'>): Metric => ({
  id: `files.${name}`,
  unit: 'bytes',
  read: ({ files }) => files?.[name],
  ...(column && { shown: columnOf('start-up', column, { onlyWhere: 'read' }) }),
});

const ofTare = (name: NumbersOf<OwnUse>): Metric => ({
  id: `ownUse.${name}`,
  unit: unitOf(name),
  read: ({ ownUse }) => ownUse?.[name],
  ofMeasuring: true,
});

const less = <Of>(metric: Metric<Of>): Metric<Of> => ({ ...metric, better: 'less' });
const more = (metric: Metric): Metric => ({ ...metric, better: 'more' });

export const readyMs = {
  id: 'readyMs',
  unit: 'ms',
  read: ({ readyMs }) => readyMs,
  better: 'less',
  compared: { subject: 'start-up', short: 'ready', difference: 'readyDifferenceMs' },
} as const satisfies Metric;
const resolutionMs = {
  id: 'resolutionMs',
  unit: 'ms',
  read: ({ resolutionMs }) => resolutionMs,
  ofMeasuring: true,
  shown: columnOf('start-up', 'resolutionMs', { onlyWhere: 'read' }),
} as const satisfies Metric;
export const hostBytes = {
  id: 'hostBytes',
  unit: 'bytes',
  read: ({ memory }) => memory.hostBytes,
  better: 'less',
  shown: columnOf('memory', 'hostBytes', withInterval),
  compared: { subject: 'memory', short: 'host', difference: 'hostDifferenceBytes' },
} as const satisfies Metric;
/** What the first instance takes: its own memory, and the file pages that each further one then finds in memory. */
function firstBytes({ memory: { hostBytes, sharedFileBytes } }: Trial): number | undefined {
  return hostBytes === undefined || sharedFileBytes === undefined ? undefined : hostBytes + sharedFileBytes;
}
/** By these, targets and runs are held against each other. */
export const comparedMetrics = [readyMs, hostBytes] as const;
export type ComparedMetric = (typeof comparedMetrics)[number];

/** Of a trial. The order is that of CSV's columns, which scripts rely on: a new one goes to the end. */
export const trialMetrics: readonly Metric[] = [
  { id: 'startMs', unit: 'ms', read: ({ startMs }) => startMs, ofMeasuring: true },
  readyMs,
  resolutionMs,
  inMemory('reservedBytes', columnOf('memory', 'reservedBytes')),
  hostBytes,
  less(inMemory('pssBytes', beside('pssBytes', 'column.pssBytes'))),
  less(inMemory('workingSetBytes', beside('workingSetBytes', 'column.workingSetBytes'))),
  inMemory('guestUsedBytes', columnOf('memory', 'guestUsedBytes')),
  inMemory('balloonUsedBytes', columnOf('memory', 'balloonUsedBytes', { onlyWhere: 'not-zero' })),
  inMemory('guestCacheBytes'),
  ...partNames.map((part): Metric => ({
    id: `part.${part}Bytes`,
    unit: 'bytes',
    read: ({ memory }) => memory.parts.find((one) => one.part === part)?.bytes,
    shown: { table: 'parts', column: `part.${part}`, title: `part.${part}`, onlyWhere: 'read' },
  })),
  less(onDisk('imageBytes')),
  less(onDisk('vmDiskBytes')),
  onDisk('vmDiskLogicalBytes'),
  less(onDisk('kernelBytes')),
  less(onDisk('snapshotBytes')),
  less(onDisk('writtenBytes')),
  less({ id: 'cpuMs', unit: 'ms', read: ({ cpuMs }) => cpuMs }),
  less({ id: 'stopMs', unit: 'ms', read: ({ stop }) => stop?.tookMs }),
  ...insideNames.map((part): Metric => ({
    id: `inside.${part}Bytes`,
    unit: 'bytes',
    read: ({ memory }) => memory.inside?.find((one) => one.part === part)?.bytes,
    shown: { table: 'inside', column: `part.${part}`, title: `part.${part}`, onlyWhere: 'read' },
  })),
  inMemory('pageTableBytes', beside('pageTableBytes', 'column.pageTableBytes')),
  inMemory('sharedBytes', beside('sharedBytes', 'column.shared')),
  inMemory('mergedBytes', beside('mergedBytes', 'column.merged')),
  underLoad('sent', ({ sent }) => sent, columnOf('load', 'sent', { sum: true })),
  underLoad('answered', ({ answered }) => answered),
  less(underLoad('failed', ({ failed }) => failed)),
  less(underLoad('withheld', ({ withheld }) => withheld)),
  // without an answer, whatever kept it away
  less(
    underLoad(
      'unanswered',
      ({ failed, withheld }) => failed + withheld,
      columnOf('load', 'failed', { sum: true }),
    ),
  ),
  underLoad('tookMs', ({ tookMs }) => tookMs),
  more(
    underLoad('answeredPerSecond', (load) => load.answeredPerSecond, columnOf('load', 'answeredPerSecond')),
  ),
  less(underLoad('p50Ms', ({ latencyMs }) => latencyMs?.p50, columnOf('load', 'p50Ms', withInterval))),
  less(underLoad('p90Ms', ({ latencyMs }) => latencyMs?.p90)),
  less(underLoad('p95Ms', ({ latencyMs }) => latencyMs?.p95, columnOf('load', 'p95Ms', withInterval))),
  less(underLoad('p99Ms', ({ latencyMs }) => latencyMs?.p99, columnOf('load', 'p99Ms', withInterval))),
  less(underLoad('p999Ms', p999Ms, columnOf('load', 'p999Ms', { onlyWhere: 'read' }))),
  less(underLoad('mostMs', ({ latencyMs }) => latencyMs?.most)),
  less(
    underLoad(
      'cpuMsPerRequest',
      (load) => load.cpuMsPerRequest,
      columnOf('load', 'cpuMsPerRequest', withInterval),
    ),
  ),
  less(underLoad('hostBytes', (load) => load.hostBytes, columnOf('load', 'loadedBytes', withInterval))),
  {
    ...underLoad('latenessMs', ({ latenessMs }) => latenessMs, columnOf('load', 'latenessMs')),
    ofMeasuring: true,
  },
  less(inLife('pauseMs', withInterval)),
  less(inLife('unpauseMs', withInterval)),
  less(inLife('stopMs', withInterval)),
  less(inLife('restartMs', withInterval)),
  less(inLife('deleteMs', withInterval)),
  less(inLife('pausedBytes')),
  less(inLife('stoppedBytes')),
  less(inLife('stoppedDiskBytes')),
  less(inLife('deletedBytes')),
  // the host's accounts are everybody's: a median needs its interval to be worth anything
  inLife('stoppedHostBytes', withInterval),
  inLife('deletedHostBytes', withInterval),
  less({ id: 'engineCpuMs', unit: 'ms', read: ({ engineCpuMs }) => engineCpuMs }),
  ofTare('cpuMs'),
  ofTare('residentBytes'),
  ofTare('lagP99Ms'),
  ofTare('lagMaxMs'),
  {
    id: 'firstBytes',
    unit: 'bytes',
    read: firstBytes,
    better: 'less',
    shown: columnOf('memory', 'firstBytes', { onlyWhere: 'read' }),
  },
  inMemory('fileBytes', columnOf('memory', 'fileBytes', { onlyWhere: 'read' })),
  inMemory('sharedFileBytes', beside('sharedFileBytes', 'column.sharedFileBytes')),
  inMemory('hugePageBytes', beside('hugePageBytes', 'column.hugePageBytes')),
  ofFiles('bytes', 'filesBytes'),
  ofFiles('droppedBytes'),
  ofFiles('cachedBytes', 'filesCachedBytes'),
  inMemory('filePssBytes'),
  underLoad(
    'settledBytes',
    (load) => load.settledBytes,
    columnOf('load', 'settledBytes', { interval: true, onlyWhere: 'read' }),
  ),
];

type Image = Environment['images'][number];
/** Of the image that a workload was started from. */
export const imageMetrics: readonly Metric<Image>[] = [
  less({ id: 'image.bytes', unit: 'bytes', read: ({ bytes }) => bytes }),
  {
    id: 'image.compressedBytes',
    unit: 'bytes',
    read: ({ compressedBytes }) => compressedBytes,
    better: 'less',
    shown: columnOf('disk', 'compressedBytes', { onlyWhere: 'read' }),
  },
  {
    id: 'image.sharedBytes',
    unit: 'bytes',
    read: ({ sharedBytes }) => sharedBytes,
    shown: columnOf('disk', 'sharedBytes', { onlyWhere: 'read' }),
  },
  { id: 'image.layers', unit: 'count', read: ({ layers }) => layers },
];

/** Of a round in which all of a target's workloads were up together. */
export const roundMetrics: readonly Metric<Round>[] = [
  { id: 'round.hostChangeBytes', unit: 'bytes', read: ({ hostChangeBytes }) => hostChangeBytes },
  { id: 'round.engineChangeBytes', unit: 'bytes', read: ({ engineChangeBytes }) => engineChangeBytes },
  { id: 'round.keptBytes', unit: 'bytes', read: ({ keptBytes }) => keptBytes },
  { id: 'round.machineUpMs', unit: 'ms', read: ({ machine }) => machine?.upMs },
  { id: 'round.machineBytes', unit: 'bytes', read: ({ machine }) => machine?.memory.hostBytes },
  { id: 'round.machineCpuMs', unit: 'ms', read: ({ machine }) => machine?.cpuMs },
];

/** @throws {RangeError} for a name that the table does not have */
export function trialMetric(id: string): Metric {
  const found = trialMetrics.find((metric) => metric.id === id);
  if (!found) throw new RangeError(`no metric ${id}`);
  return found;
}
