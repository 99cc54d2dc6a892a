/** How many instances a machine would hold, from the few that were started, and what it would run out of first. */
import type { Capacity, DensityLadder, DensityStep, LimitName } from '../../../../contract/run/density';
import type { Interval } from '../../../../contract/report/report';
import type { Estimate } from '../../statistics/estimate';
import { meanInterval } from '../../statistics/intervals';
import { fitLine, type Line } from '../../statistics/regression';
import { mean } from '../../statistics/summary';

/** What one instance costs beside those that are up already, and the first one beside that. */
interface Cost {
  first: Estimate;
  marginal: Estimate;
}

/** How many instances use one limit up. */
interface Bound {
  limit: LimitName;
  count: number;
  /** absent where a single ladder tells nothing of its own error, and of what is counted */
  interval?: Interval;
  /** taken one by one, so that nothing about it is uncertain */
  isCounted?: true;
  /** what each ladder by itself comes to, by its round; empty where one of them cannot tell */
  byRound: ReadonlyMap<number, number>;
}

export interface Prediction extends Bound {
  /** every limit that could be worked out, the nearest first */
  bounds: Bound[];
}

type ReadStep = (step: DensityStep) => number | undefined;

/** Idle instances may take so much of the processors before work would have to wait. */
const idleShare = 0.9;

/** Readings of the ladder proper: what a proof adds is what the prediction is held against. */
const ladderSteps = (ladder: DensityLadder): DensityStep[] => ladder.steps.filter(({ proof }) => !proof);

/**
 * The mean over ladders with Student's interval. Within a ladder each reading holds the errors of those before it, and a line through
 * them knows nothing of that: its own interval holds the truth in 52 to 95 % of cases, a bootstrap of three ladders in 72 %, this one
 * in 93 to 97 %, whatever is the matter within a ladder (`npm run bench -- statistics-density`).
 */
export function overLadders(values: readonly number[]): Estimate | undefined {
  if (values.length === 0) return undefined;
  const value = mean(values);
  return values.length === 1 ? { value } : { value, interval: meanInterval(values) };
}

/** A straight line through a ladder, whose intercept is what the first instance brings with it and all share; undefined with fewer than two readings. */
export function lineThrough(ladder: DensityLadder, read: ReadStep): Line | undefined {
  const points = ladderSteps(ladder).flatMap((step) => {
    const y = read(step);
    return y === undefined ? [] : [{ x: step.count, y }];
  });
  return points.length < 2 ? undefined : fitLine(points);
}

const linesThrough = (ladders: readonly DensityLadder[], read: ReadStep): Line[] =>
  ladders.flatMap((ladder) => lineThrough(ladder, read) ?? []);

function costOf(ladders: readonly DensityLadder[], read: ReadStep): Cost | undefined {
  const lines = linesThrough(ladders, read);
  const first = overLadders(lines.map((line) => line.predict(1).value));
  const marginal = overLadders(lines.map(({ slope }) => slope.value));
  return first && marginal && { first, marginal };
}

export const ownBytes: ReadStep = ({ hostBytes }) => hostBytes;
export const hostChange: ReadStep = ({ hostChangeBytes }) => hostChangeBytes;

/** The marginal cost by the host's accounts less that by the instances' own. */
export function residualOf(ladder: DensityLadder): number | undefined {
  const [by, of] = [lineThrough(ladder, hostChange), lineThrough(ladder, ownBytes)];
  return by && of ? by.slope.value - of.slope.value : undefined;
}

export interface MemoryCosts {
  /** by the instances' own accounts */
  own?: Cost;
  /** by the host's, which hold what is in nobody's accounts, and whatever else ran meanwhile */
  host?: Cost;
  /** see `residualOf`, over ladders */
  residual?: Estimate;
}

export function memoryCosts(ladders: readonly DensityLadder[]): MemoryCosts {
  const [own, host] = [costOf(ladders, ownBytes), costOf(ladders, hostChange)];
  const residual = overLadders(ladders.flatMap((ladder) => residualOf(ladder) ?? []));
  return { ...(own && { own }), ...(host && { host }), ...(residual && { residual }) };
}

/**
 * Memory is predicted from the host's accounts, as in the end it is the host that runs out. Where other work disturbed them so much
 * that half the interval is wider than this share of the cost, or where it is not known how much, the instances' own are taken.
 */
const usableWidth = 0.5;

export function memorySource({ own, host }: MemoryCosts): 'host' | 'own' | undefined {
  const { value = 0, interval } = host?.marginal ?? {};
  if (interval && value > 0 && (interval.high - interval.low) / 2 <= usableWidth * value) return 'host';
  if (own && own.marginal.value > 0) return 'own';
  return value > 0 ? 'host' : undefined;
}

/** What instances may take in memory: all that the host can give, in the same terms as what they took of it, less the floor. */
export const roomBytes = ({ spareBytes, availableBytes, floorBytes }: Capacity): number | undefined => {
  const all = spareBytes ?? availableBytes;
  return all === undefined ? undefined : Math.max(0, all - floorBytes);
};

/**
 * How many fit, and what binds. Undefined where nothing grew measurably.
 * @param ladders  of one workload on one target
 */
export function predict(ladders: readonly DensityLadder[]): Prediction | undefined {
  const memory = memorySource(memoryCosts(ladders)) === 'host' ? hostChange : ownBytes;
  const threads: ReadStep = (step) => step.threads;
  const grown: Partial<Record<LimitName, [ReadStep, (capacity: Capacity) => number | undefined]>> = {
    memory: [memory, roomBytes],
    cpu: [({ cpuMsPerSecond }) => cpuMsPerSecond, ({ cores }) => cores && cores * 1000 * idleShare],
    threads: [threads, (capacity) => capacity.threads],
    pids: [threads, ({ pids }) => pids],
    files: [(step) => step.files, (capacity) => capacity.files],
    disk: [({ writtenBytes }) => writtenBytes, ({ diskBytes }) => diskBytes],
  };
  const bounds = [
    ...Object.entries(grown).map(([limit, [read, room]]) => bound(limit as LimitName, ladders, read, room)),
    counted('ports', ladders, ({ ports }) => ports),
    counted('bridge', ladders, ({ bridge }) => bridge),
  ]
    .filter((found) => found !== undefined)
    .sort((a, b) => a.count - b.count);
  const [nearest] = bounds;
  return nearest && { ...nearest, bounds };
}

/** What is taken one by one: by so many instances as there are. */
function counted(
  limit: LimitName,
  ladders: readonly DensityLadder[],
  room: (capacity: Capacity) => number | undefined,
): Bound | undefined {
  const counts = ladders.flatMap(({ round, capacity }) => {
    const count = room(capacity);
    return count === undefined ? [] : [[round, count] as const];
  });
  if (counts.length === 0) return undefined;
  const count = Math.min(...counts.map(([, one]) => one));
  return { limit, count, isCounted: true, byRound: new Map(counts) };
}

/** Where the mean of the ladders' lines reaches the mean of what there was, and the interval of where each of them does. */
function bound(
  limit: LimitName,
  ladders: readonly DensityLadder[],
  read: ReadStep,
  roomOf: (capacity: Capacity) => number | undefined,
): Bound | undefined {
  const each = ladders.flatMap((ladder) => {
    const [line, room] = [lineThrough(ladder, read), roomOf(ladder.capacity)];
    return line && room !== undefined
      ? [{ round: ladder.round, room, slope: line.slope.value, intercept: line.intercept.value }]
      : [];
  });
  if (each.length === 0) return undefined;
  const [room, slope, intercept] = [
    mean(each.map((one) => one.room)),
    mean(each.map((one) => one.slope)),
    mean(each.map((one) => one.intercept)),
  ];
  if (slope <= 0) return undefined;
  const count = whole((room - intercept) / slope);
  const isTold = each.every((one) => one.slope > 0 && one.room > one.intercept);
  if (!isTold) return { limit, count, byRound: new Map() }; // as far as one of the ladders tells, it might not grow at all
  const byRound = new Map(each.map((one) => [one.round, (one.room - one.intercept) / one.slope]));
  // on logarithms: what is divided by an uncertain cost is skewed
  const logs = overLadders([...byRound.values()].map(Math.log))!.interval;
  if (!logs) return { limit, count, byRound };
  const [low, high] = [whole(Math.exp(logs.low)), whole(Math.exp(logs.high))];
  return { limit, count, interval: { low: Math.min(count, low), high: Math.max(count, high) }, byRound };
}

/** Whole instances, as many as can be counted; a whole number may come out as 149.99… */
const whole = (instances: number): number =>
  Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.floor(instances + 1e-9)));
