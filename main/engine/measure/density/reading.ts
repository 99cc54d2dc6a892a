/** What a ladder reads of all that are up at one of its counts: their own accounts, the host's, and whether they still answer. */
import type { DensityStep } from '../../../contract/run/density';
import type { Workload } from '../../../contract/plan';
import { anySignal, sleep } from '../../base/signals';
import type { RunningTrial } from '../trial/trial';
import { ask } from '../workloads/probes';
import type { HostCapacity } from './hostCapacity';
import { pressureBetween, stallsBy, type Stalls } from './pressure';

/** What the host had before the first instance; `stalls` as of the last reading. */
export interface Before {
  spareBytes: number | undefined;
  threads: number | undefined;
  files: number | undefined;
  stalls: Stalls;
}

export const beforeOn = (host: HostCapacity, spareBytes: number | undefined): Before => ({
  spareBytes,
  threads: host.threads(),
  files: host.files(),
  stalls: stallsBy((name) => host.stall(name)),
});

/** Readings and questions under way at the same time: one by one, a hundred instances would take longer to read than to start. */
const readAtOnce = 8;
/** An instance that is asked alone answers within a few milliseconds, an emulated machine within tens. */
const answerWithinMs = 1000;

export interface Asked {
  workload: Workload;
  soakMs: number;
  host: HostCapacity;
  signal: AbortSignal;
  before: Before;
}

/** @returns the step, and the load of all CPUs while nobody asked anything */
export async function readStep(
  up: readonly RunningTrial[],
  { workload, soakMs, host, signal, before }: Asked,
): Promise<{ step: DensityStep; load: number | undefined }> {
  host.load();
  const cpuBefore = await cpuOf(up);
  const fromMs = performance.now();
  await sleep(soakMs, signal);
  const cpuAfter = await cpuOf(up);
  const seconds = (performance.now() - fromMs) / 1000;
  const load = host.load();
  const [availableBytes, spareBytes] = [await host.availableBytes(), await host.spareBytes()];
  const [threads, files] = [host.threads(), host.files()];
  const measuredMs = performance.now();
  await eachOf(up, (trial) => trial.measure());
  const readingMs = performance.now() - measuredMs;
  const good = await eachOf(up, (trial) => answers(trial, workload, signal));
  const stalls = stallsBy((name) => host.stall(name));
  const pressure = pressureBetween(before.stalls, stalls);
  before.stalls = stalls;
  const facts: { [Name in keyof DensityStep]?: DensityStep[Name] | undefined } = {
    hostBytes: sumOf(up.map(({ record }) => record.memory.hostBytes)),
    filePssBytes: sumOf(up.map(({ record }) => record.memory.filePssBytes)),
    writtenBytes: sumOf(up.map(({ record }) => record.disk.writtenBytes)),
    availableBytes,
    hostChangeBytes: difference(before.spareBytes, spareBytes),
    threads: difference(threads, before.threads),
    files: difference(files, before.files),
    cpuMsPerSecond: seconds > 0 ? perSecond(cpuBefore, cpuAfter, seconds) : undefined,
    pressure: Object.keys(pressure).length > 0 ? pressure : undefined,
  };
  const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  const answered = { good: good.filter((isGood) => isGood).length, withinMs: answerWithinMs };
  return { step: { count: up.length, ...known, answered, readingMs }, load };
}

async function answers(
  { instance }: RunningTrial,
  { probe }: Workload,
  signal: AbortSignal,
): Promise<boolean> {
  if (!instance) return false;
  const patience = anySignal(signal, AbortSignal.timeout(answerWithinMs));
  try {
    await ask(instance, probe, patience.signal);
    return true;
  } catch {
    return false; // what it said instead is of no interest here
  } finally {
    patience.release();
  }
}

/** A few at a time, in order. */
async function eachOf<T>(
  up: readonly RunningTrial[],
  work: (trial: RunningTrial) => Promise<T>,
): Promise<T[]> {
  const done = new Array<T>(up.length);
  const left = up.entries();
  const worker = async () => {
    for (const [at, trial] of left) done[at] = await work(trial);
  };
  await Promise.all(Array.from({ length: readAtOnce }, worker));
  return done;
}

const cpuOf = async (up: readonly RunningTrial[]): Promise<number | undefined> =>
  sumOf(await eachOf(up, async ({ instance }) => instance?.cpuMs().catch(() => undefined)));

/** Undefined as soon as one cannot be read: a sum of some of them would tell too little. */
const sumOf = (values: readonly (number | undefined)[]): number | undefined =>
  values.reduce((sum, value) => (sum === undefined || value === undefined ? undefined : sum + value), 0);

export const difference = (from: number | undefined, to: number | undefined): number | undefined =>
  from === undefined || to === undefined ? undefined : from - to;

const perSecond = (from: number | undefined, to: number | undefined, seconds: number): number | undefined =>
  from === undefined || to === undefined ? undefined : (to - from) / seconds;
