/**
 * What a plan will take: which pairs it starts and how often, and the memory, disk and time that this needs. Engine, window and command
 * line all ask here, so that none of them refuses or promises what another does not.
 */
import type { Failure } from './failures';
import type { Check } from './machine';
import type { LocalImage } from './work/images';
import { settleMs } from './run/load';
import { isOn, repositoryOf, workloadsOn, type Plan, type Workload } from './plan';
import type { Run } from './run/run';
import { describeTarget, limitsOn, withoutRepeat, type DescribedTarget, type TargetId } from './targets';
import { withoutValues } from './work/variables';

/** A Compose file as a plan. */
export interface ComposeReading {
  plan: Plan;
  /** all that the file has */
  services: string[];
  /** Compose's own words, as of a variable that is not set */
  warnings: string[];
}

/** One workload on one target: what is prepared, started, shown and compared. */
export interface Pair {
  workload: Workload;
  target: TargetId;
}

/** Names a pair within its plan. */
export const pairKey = (workload: string, target: TargetId): string => `${workload}/${target}`;
/** @param round  from 0; below 0 for a warm-up */
export const trialId = ({ workload, target }: Pair, round: number): string =>
  `${pairKey(workload.name, target)}/${round}`;
/** Names the machine that all of a target's workloads are in together, beside their trials. @param round  as for `trialId` */
export const machineId = (target: TargetId, round: number): string => `${pairKey('', target)}/${round}`;
/** The key of the pair that a trial belongs to. */
export const pairKeyOf = (trial: string): string => trial.slice(0, trial.lastIndexOf('/'));

const pairsOn = (plan: Pick<Plan, 'workloads'>, target: TargetId): Pair[] =>
  workloadsOn(plan, target).map((workload) => ({ workload, target }));

/** Every workload on every target that it is for, target by target. */
export const pairsOf = (plan: Pick<Plan, 'workloads' | 'targets'>): Pair[] =>
  plan.targets.flatMap((target) => pairsOn(plan, target));

/** A density ladder has the host for itself, one pair after the other. */
export const isTogether = ({ arrangement, density }: Plan): boolean => arrangement === 'together' && !density;

/**
 * What is up at the same time, group by group, in the order of the plan: all workloads of a target where they run together, else one pair
 * after the other, so that targets alternate.
 */
export function groupsOf(plan: Plan): Pair[][] {
  if (isTogether(plan))
    return plan.targets.map((target) => pairsOn(plan, target)).filter((group) => group.length > 0);
  return plan.workloads.flatMap((workload) =>
    plan.targets.filter((target) => isOn(workload, target)).map((target) => [{ workload, target }]),
  );
}

/**
 * What is up at the same time while a plan warms up. A warm-up is a start and a stop of everything alone: it fills the caches that a first
 * start would pay for. What needs others comes up with them.
 */
export function warmupPlan(plan: Plan): Plan {
  const needsCompany =
    plan.sharedNetwork === true || plan.workloads.some(({ after = [] }) => after.length > 0);
  return needsCompany ? plan : { ...plan, arrangement: 'alone' };
}

/** A precision that noise puts out of reach must end some time, even without a budget. */
const mostRounds = 100;

/** How many counted rounds a plan may come to. */
export const roundsOf = ({ trials, precision }: Plan): number =>
  precision === undefined ? trials : Math.max(trials, mostRounds);

/**
 * How many trials a plan comes to, warm-ups included, as far as that is known: a wanted precision may ask for more rounds, which are
 * made in pairs, and a proof of density for more instances.
 * @param begun  counted rounds that have begun
 */
export function trialsOf(plan: Plan, begun = 0): number {
  const pairs = pairsOf(plan).length;
  if (plan.density) return pairs * (Math.min(1, plan.warmups) + plan.density.ladders * plan.density.most);
  const rounds = Math.min(roundsOf(plan), Math.max(plan.trials, begun + (begun % 2)));
  return pairs * (plan.warmups + rounds);
}

/** The counts at which a density ladder is read: 1, 2, 4 … up to `most`, which is always one of them. */
export function ladderCounts(most: number): number[] {
  const counts: number[] = [];
  for (let count = 1; count < most; count *= 2) counts.push(count);
  return [...counts, most];
}

/**
 * A pair that failed so often in a row is given up, since each further time would take as long. One that failed once is tried again:
 * else a start that was merely slow would end a pair's measurement, and with it all that were to come.
 */
export const mostFailures = 2;

/** What these pairs may take when all are up: a limit is a promise, even though most applications never call it in. */
export const promisedBytes = (pairs: readonly Pair[]): number =>
  pairs.reduce((sum, { workload, target }) => sum + limitsOn(target, workload.limits).memoryBytes, 0);

/** The most that a plan promises at any time. */
export const neededBytes = (plan: Plan): number => Math.max(0, ...groupsOf(plan).map(promisedBytes));

/**
 * Why the plan is refused for want of memory: what instances that are up together may take must be free now, above the floor.
 * @param availableBytes  undefined where the host does not tell: then nothing is refused
 */
export function memoryShort(
  plan: Plan,
  availableBytes: number | undefined,
): (Failure & { code: 'memory-short' }) | undefined {
  const [needed, floorBytes] = [neededBytes(plan), plan.memoryFloorBytes];
  return availableBytes !== undefined && needed + floorBytes > availableBytes
    ? { code: 'memory-short', neededBytes: needed, availableBytes, floorBytes }
    : undefined;
}

export interface DiskNeed {
  /** what is made on disk before the first start, at most */
  bytes: number;
  /** workloads whose image is not here, so that its size is not known */
  unknown: string[];
}

/** Beside the guest's memory a saved machine holds its devices. */
const devicesBytes = 16 * 1024 ** 2;

/**
 * What a plan needs on disk: where the image is laid out or made into a disk, its files twice while that is done (mkfs.erofs spools them
 * first), and for a saved machine its memory. What is there from an earlier run is not counted.
 */
export function neededDisk(plan: Plan, images: readonly LocalImage[]): DiskNeed {
  const unknown: string[] = [];
  let bytes = 0;
  for (const workload of plan.workloads) {
    const on = [...new Set(plan.targets.filter((target) => isOn(workload, target)).map(withoutRepeat))];
    const entries = on.flatMap((target) => describeTarget(target)?.entry ?? []);
    const saved = entries.filter(({ boots }) => boots === 'memory').length;
    bytes += saved * (workload.limits.memoryBytes + devicesBytes);
    if (!entries.some(makesFiles)) continue;
    const image = images.find((one) => isImageOf(workload, one));
    if (!image) unknown.push(workload.name);
    else if (image.disks.length === 0) bytes += 2 * image.bytes;
  }
  return { bytes, unknown };
}

/** Whether the image's files are unpacked for it. */
const makesFiles = ({ files }: DescribedTarget['entry']): boolean => files === 'folder' || files === 'disk';

function isImageOf({ image }: Workload, { references }: LocalImage): boolean {
  if (!image || image.kind === 'folder') return false;
  return image.kind === 'builtin'
    ? references.some((one) => one.startsWith(`${repositoryOf(image.name)}:`))
    : references.some((one) => one === image.reference || one === `${image.reference}:latest`);
}

/** Why the plan would run out of disk, with both numbers. */
export function diskShort(
  plan: Plan,
  images: readonly LocalImage[],
  free: { bytes: number; folder: string } | undefined,
): (Failure & { code: 'disk-short' }) | undefined {
  const { bytes } = neededDisk(plan, images);
  return free && bytes > free.bytes
    ? { code: 'disk-short', path: free.folder, neededBytes: bytes, availableBytes: free.bytes }
    : undefined;
}

/** The waiting that a plan prescribes. Start-up times come on top: they are what is to be found out. */
export function leastMs(plan: Plan): number {
  const { soakMs, coolDownMs, density, load, trials, warmups } = plan;
  const pairs = pairsOf(plan).length;
  if (density) {
    const ladderMs = ladderCounts(density.most).length * soakMs + coolDownMs;
    return pairs * (Math.min(1, warmups) * coolDownMs + density.ladders * ladderMs);
  }
  const loadMs = load ? load.seconds * 1000 + settleMs : 0;
  const roundMs = groupsOf(plan).length * (soakMs + coolDownMs) + pairs * loadMs;
  return trials * roundMs + warmups * pairs * coolDownMs;
}

/**
 * The same text for plans that say the same, whatever the order in which their fields were written.
 * @param besides  fields that do not matter for what is asked
 */
export function canonicalPlan(plan: Plan, besides: readonly (keyof Plan)[]): string {
  const said = Object.entries(plan).filter(([name]) => !besides.includes(name as keyof Plan));
  return JSON.stringify(Object.fromEntries(said), (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/** What a plan says that does not change how long it takes. */
const timeless: readonly (keyof Plan)[] = [
  'name',
  'seed',
  'memoryFloorBytes',
  'readyTimeoutMs',
  'samplePeriodMs',
  'wholeLadder',
  'skipUnusable',
  'keepValues',
  'commits',
];

/** Plans with the same key do the same as often, whatever they are called: what one took, the other takes. */
export const timeKey = (plan: Plan): string =>
  canonicalPlan(
    {
      ...plan,
      // a record has only their names
      workloads: plan.workloads.map((one) => ({ ...one, environment: withoutValues(one.environment) })),
    },
    timeless,
  );

/** What one complete run tells about time. */
export interface RunTimes {
  /** see `timeKey` */
  key: string;
  /** from its begin to its end */
  tookMs: number;
  /** of that, before its first trial and after its last one: images, disks and checks before, the report after */
  besidesMs: number;
  /** start and stop of one instance, for each good trial that was measured or warmed up */
  instancesMs: Partial<Record<TargetId, number[]>>;
}

/** What earlier runs on this computer took. */
export interface Experience {
  /** median of start and stop of one instance, by target: the time that no plan prescribes */
  instanceMs: Partial<Record<TargetId, number>>;
  /** how long the newest complete run that did the same took, by `timeKey` */
  lastMs: Record<string, number>;
  /**
   * the least that a run took before its first trial and after its last one: then nothing had to be made. Absent before there are any
   */
  besidesMs?: number;
}

export const noExperience: Experience = { instanceMs: {}, lastMs: {} };

/** Undefined for a run that tells nothing: it did not end by itself. */
export function timesOf(run: Run): RunTimes | undefined {
  if (run.state !== 'done' || run.endedAt === undefined) return undefined;
  const trials = [...run.warmups, ...run.trials];
  const instancesMs: RunTimes['instancesMs'] = {};
  for (const { target, outcome, readyMs, stop } of trials)
    if (outcome === 'ok' && readyMs !== undefined)
      (instancesMs[withoutRepeat(target)] ??= []).push(readyMs + (stop?.tookMs ?? 0));
  const tookMs = Date.parse(run.endedAt) - Date.parse(run.startedAt);
  const ends = trials.map((trial) => trial.startMs + endOf(trial, run.plan));
  const spanMs =
    trials.length > 0 ? Math.max(...ends) - Math.min(...trials.map((trial) => trial.startMs)) : 0;
  return { key: timeKey(run.plan), tookMs, besidesMs: Math.max(0, tookMs - spanMs), instancesMs };
}

/** When a trial was over, counted from its start. */
const endOf = ({ phases, readyMs = 0, stop }: Run['trials'][number], { soakMs }: Plan): number =>
  Math.max(readyMs + soakMs, phases.at(-1)?.atMs ?? 0) + (stop?.tookMs ?? 0);

const middle = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** @param times  newest first */
export function experienceFrom(times: readonly RunTimes[]): Experience {
  const took = new Map<TargetId, number[]>();
  const lastMs: Record<string, number> = {};
  for (const { key, tookMs, instancesMs } of times) {
    lastMs[key] ??= tookMs;
    for (const [target, known] of Object.entries(instancesMs) as [TargetId, number[]][])
      took.set(target, [...(took.get(target) ?? []), ...known]);
  }
  const instanceMs = Object.fromEntries([...took].map(([target, values]) => [target, middle(values)]));
  const besides = times.map(({ besidesMs }) => besidesMs);
  return { instanceMs, lastMs, ...(besides.length > 0 && { besidesMs: Math.min(...besides) }) };
}

export interface TimeEstimate {
  /** from what earlier runs here took; absent while a target of the plan was never run here */
  ms?: number;
  /** what the plan itself prescribes */
  leastMs: number;
  /** targets that were never run here */
  unknown: TargetId[];
  /** what `ms` rests on: a run that did the same, or starts of the same targets in other runs; absent with `ms` */
  from?: 'same-plan' | 'starts';
}

/**
 * How long a plan will take. A run that did the same is believed first; else its rounds are added up from starts that were measured here.
 * What is made once for many (images, disks) comes on top: see `toPrepare`.
 */
export function expectedTime(plan: Plan, { instanceMs, lastMs, besidesMs = 0 }: Experience): TimeEstimate {
  const least = leastMs(plan);
  const same = lastMs[timeKey(plan)];
  if (same !== undefined) return { ms: same, leastMs: least, unknown: [], from: 'same-plan' };
  const pairs = pairsOf(plan);
  const targets = [...new Set(pairs.map(({ target }) => target))];
  const unknown = targets.filter((target) => instanceMs[withoutRepeat(target)] === undefined);
  if (unknown.length > 0) return { leastMs: least, unknown };
  const once = pairs.reduce((sum, { target }) => sum + instanceMs[withoutRepeat(target)]!, 0);
  const ms = besidesMs + least + once * (trialsOf(plan) / pairs.length);
  return { ms, leastMs: least, unknown, from: 'starts' };
}

/** What is made before the first start, and not again after that. */
export interface ToPrepare {
  /** the guest kit, which downloads packages */
  kit: boolean;
  /** workloads whose image is not here */
  images: string[];
  /** workloads whose disk for virtual machines is not here */
  disks: string[];
}

/** @param checks  what doctor found, where that is known */
export function toPrepare(
  plan: Plan,
  images: readonly LocalImage[],
  checks: readonly Pick<Check, 'name' | 'failure'>[] = [],
): ToPrepare {
  const entriesOf = (workload: Workload) =>
    plan.targets
      .filter((target) => isOn(workload, target))
      .flatMap((target) => describeTarget(target)?.entry ?? []);
  const needsKit = plan.workloads.some((workload) =>
    entriesOf(workload).some(({ needs }) => needs.includes('kit')),
  );
  const found = plan.workloads.map((workload) => ({
    workload,
    image: images.find((one) => isImageOf(workload, one)),
  }));
  return {
    kit: needsKit && checks.some(({ name, failure }) => name === 'kit' && failure !== undefined),
    images: found
      .filter(({ workload, image }) => workload.image && !image)
      .map(({ workload }) => workload.name),
    disks: found
      .filter(({ workload, image }) => !image?.disks.length && entriesOf(workload).some(makesFiles))
      .map(({ workload }) => workload.name),
  };
}
