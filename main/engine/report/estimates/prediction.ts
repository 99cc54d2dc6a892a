/** How many instances a machine would hold, from the few that were started, and what it would run out of first. */
import type { Capacity, DensityLadder, DensityStep, LimitName } from '../../../contract/run/density';
import type { Interval } from '../../../contract/report/report';
import type { Estimate } from '../../statistics/estimate';
import { fitLine, type Line } from '../../statistics/regression';

/** What one instance costs beside those that are up already, and the first one beside that. */
export interface Cost {
  first: Estimate;
  marginal: Estimate;
  n: number;
}

interface Bound {
  limit: LimitName;
  /** instances until it is used up */
  count: number;
  interval?: Interval;
}

export interface Prediction {
  /** whole instances, the first included */
  count: number;
  interval?: Interval;
  binding: LimitName;
  /** every limit that could be worked out, the nearest first */
  bounds: Bound[];
}

/** Idle instances may take so much of the processors before work would have to wait. */
const idleShare = 0.9;

/** Readings of the ladder proper: what a proof adds is what the prediction is held against. */
export const ladderSteps = (ladder: DensityLadder): DensityStep[] =>
  ladder.steps.filter(({ proof }) => !proof);

/**
 * First and marginal cost of a quantity that grows with the number of instances: a straight line whose intercept is what the first one
 * brings with it and all share. Undefined with fewer than two readings.
 */
function costOf(
  steps: readonly DensityStep[],
  read: (step: DensityStep) => number | undefined,
): Cost | undefined {
  const line = lineThrough(steps, read);
  return line && { first: line.predict(1), marginal: line.slope, n: line.n };
}

function lineThrough(
  steps: readonly DensityStep[],
  read: (step: DensityStep) => number | undefined,
): Line | undefined {
  const points = steps.flatMap((step) => {
    const y = read(step);
    return y === undefined ? [] : [{ x: step.count, y }];
  });
  return points.length < 2 ? undefined : fitLine(points);
}

/** By its own accounts, and by the host's; the host's counts what nobody's accounts hold, and whatever else ran meanwhile. */
export const memoryCosts = (steps: readonly DensityStep[]): { own?: Cost; host?: Cost } => {
  const [own, host] = [costOf(steps, ({ hostBytes }) => hostBytes), costOf(steps, hostChange)];
  return { ...(own && { own }), ...(host && { host }) };
};

const hostChange = ({ hostChangeBytes }: DensityStep): number | undefined => hostChangeBytes;

/**
 * Memory is predicted from the host's accounts, as in the end it is MemAvailable that runs out. Where other work disturbed them so much
 * that the interval of the slope is wider than this share of it, the instances' own accounts are taken.
 */
const usableWidth = 0.5;

export function memorySource(steps: readonly DensityStep[]): 'host' | 'own' | undefined {
  const { own, host } = memoryCosts(steps);
  const width = host?.marginal.interval && host.marginal.interval.high - host.marginal.interval.low;
  const clear =
    host && host.marginal.value > 0 && width !== undefined && width / 2 <= usableWidth * host.marginal.value;
  if (clear) return 'host';
  return own && own.marginal.value > 0 ? 'own' : host && host.marginal.value > 0 ? 'host' : undefined;
}

/**
 * How many fit, and what binds. Undefined where nothing grew measurably.
 * @param steps  of the ladder, without those of a proof
 */
export function predict(capacity: Capacity, steps: readonly DensityStep[]): Prediction | undefined {
  const bounds = [
    memoryBound(capacity, steps),
    bound('cpu', steps, ({ cpuMsPerSecond }) => cpuMsPerSecond, milliseconds(capacity.cores)),
    bound('threads', steps, ({ threads }) => threads, capacity.threads),
    bound('disk', steps, ({ writtenBytes }) => writtenBytes, capacity.diskBytes),
    counted('ports', capacity.ports),
    counted('bridge', capacity.bridge),
  ]
    .filter((found) => found !== undefined)
    .sort((a, b) => a.count - b.count);
  const [nearest] = bounds;
  if (!nearest) return undefined;
  const { count, limit, interval } = nearest;
  return { count, binding: limit, bounds, ...(interval && { interval }) };
}

const milliseconds = (cores: number | undefined): number | undefined =>
  cores === undefined ? undefined : cores * 1000 * idleShare;

const counted = (limit: LimitName, count: number | undefined): Bound | undefined =>
  count === undefined ? undefined : { limit, count };

function memoryBound(
  { availableBytes, floorBytes }: Capacity,
  steps: readonly DensityStep[],
): Bound | undefined {
  if (availableBytes === undefined) return undefined;
  const read = memorySource(steps) === 'host' ? hostChange : ({ hostBytes }: DensityStep) => hostBytes;
  return bound('memory', steps, read, availableBytes - floorBytes);
}

/** Where the line, and the edges of its slope's interval, reach what there is. */
function bound(
  limit: LimitName,
  steps: readonly DensityStep[],
  read: (step: DensityStep) => number | undefined,
  room: number | undefined,
): Bound | undefined {
  const line = lineThrough(steps, read);
  if (!line || room === undefined || line.slope.value <= 0) return undefined;
  const until = (slope: number, intercept: number): number =>
    Math.max(0, Math.floor((room - intercept) / slope + 1e-9)); // a whole number may come out as 149.99…
  const { slope, intercept } = line;
  const count = until(slope.value, intercept.value);
  if (!slope.interval) return { limit, count };
  // Both edges of the line turn around the middle of its points, where it is known best.
  const centre = steps.reduce((sum, step) => sum + step.count, 0) / steps.length;
  const height = intercept.value + slope.value * centre;
  const turned = (edge: number) => until(edge, height - edge * centre);
  const { low, high } = slope.interval;
  if (low <= 0) return { limit, count }; // as far as the readings tell, it might not grow at all
  return {
    limit,
    count,
    interval: { low: Math.min(count, turned(high)), high: Math.max(count, turned(low)) },
  };
}
