/** What others take of the processors while a run measures: from the samples of the whole run, where a load average is of one moment. */
import type { Run, Sample, Trial } from '../../../contract/run/run';
import { median } from '../../results/statistics/summary';

type HostSample = Extract<Sample, { kind: 'host' }>;

/** A stretch of the run's clock, in ms. */
type Span = [from: number, to: number];

/** One reading: the host's, and the CPU time of each instance that was up. */
interface Tick {
  host: HostSample;
  cpuMs: Map<string, number>;
}

/**
 * The share of all processors, 0 to 1, that was busy with something else than the run's instances: the median over the readings while every instance
 * that is up is ready, and none is read or stopped. Tare's own little is in it. Undefined where there is no such reading.
 */
export function otherLoad(run: Run, samples: readonly Sample[]): number | undefined {
  const { cores } = run.environment.host;
  if (cores === undefined) return undefined;
  const [calm, restless] = [run.trials.flatMap(calmOf), run.trials.flatMap(restlessOf)];
  const ticks = ticksOf(samples);
  const shares = ticks.flatMap((tick, at) => {
    const before = ticks[at - 1];
    if (!before || tick.host.load === undefined) return [];
    const span: Span = [before.host.atMs, tick.host.atMs];
    if (!calm.some((one) => isWithin(span, one)) || restless.some((one) => overlaps(span, one))) return [];
    const own = ownMs(before, tick) / ((span[1] - span[0]) * cores);
    return [Math.max(0, tick.host.load - own)];
  });
  return shares.length > 0 ? median(shares) : undefined;
}

const isWithin = ([from, to]: Span, [low, high]: Span): boolean => from >= low && to <= high;
const overlaps = ([from, to]: Span, [low, high]: Span): boolean => from < high && to > low;

function ticksOf(samples: readonly Sample[]): Tick[] {
  const ticks = new Map<number, Tick>();
  for (const host of samples)
    if (host.kind === 'host') ticks.set(host.atMs, { host, cpuMs: new Map<string, number>() });
  for (const sample of samples)
    if (sample.kind === 'instance' && sample.cpuMs !== undefined)
      ticks.get(sample.atMs)?.cpuMs.set(sample.trial, sample.cpuMs);
  return [...ticks.values()].sort((a, b) => a.host.atMs - b.host.atMs);
}

/** What all instances together used meanwhile. */
const ownMs = (before: Tick, now: Tick): number =>
  [...now.cpuMs].reduce((sum, [trial, ms]) => sum + ms - (before.cpuMs.get(trial) ?? ms), 0);

const phaseOf = ({ phases, startMs }: Trial, ...names: string[]): number | undefined => {
  const found = phases.find(({ name }) => names.includes(name));
  return found && startMs + found.atMs;
};

/** While it only runs. */
function calmOf(trial: Trial): Span[] {
  const [from, to] = [phaseOf(trial, 'ready'), phaseOf(trial, 'measured', 'stopping')];
  return from === undefined || to === undefined ? [] : [[from, to]];
}

/** While it starts, and from its reading until it is gone. */
function restlessOf(trial: Trial): Span[] {
  const gone = phaseOf(trial, 'stopped') ?? Infinity;
  return [
    [trial.startMs, phaseOf(trial, 'ready') ?? gone],
    [phaseOf(trial, 'measured', 'stopping') ?? gone, gone],
  ];
}
