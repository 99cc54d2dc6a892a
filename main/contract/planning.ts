/**
 * What a plan will take: which pairs it starts and how often, and the memory, disk and time that this needs. Engine, window and command
 * line all ask here, so that none of them refuses or promises what another does not.
 */
import type { Failure } from './failures';
import type { LocalImage } from './work/images';
import { isOn, workloadsOn, type Plan, type Workload } from './plan';
import type { Run } from './run/run';
import { describeTarget, limitsOn, withoutRepeat, type TargetId } from './targets';

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
    const entries = plan.targets
      .filter((target) => isOn(workload, target))
      .flatMap((target) => describeTarget(target)?.entry ?? []);
    if (entries.some(({ boots }) => boots === 'memory')) bytes += workload.limits.memoryBytes + devicesBytes;
    if (entries.every(({ files }) => files === 'engine')) continue;
    const image = images.find((one) => isImageOf(workload, one));
    if (!image) unknown.push(workload.name);
    else if (image.disks.length === 0) bytes += 2 * image.bytes;
  }
  return { bytes, unknown };
}

function isImageOf({ image }: Workload, { references }: LocalImage): boolean {
  if (image.kind === 'folder') return false;
  return image.kind === 'builtin'
    ? references.some((one) => one.startsWith(`tare/${image.name}:`))
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
  const loadMs = (load?.seconds ?? 0) * 1000;
  const roundMs = groupsOf(plan).length * (soakMs + coolDownMs) + pairs * loadMs;
  return trials * roundMs + warmups * pairs * coolDownMs;
}

/** What earlier runs on this computer took. */
export interface Experience {
  /** median of start and stop of one instance, by target: the time that no plan prescribes */
  instanceMs: Map<TargetId, number>;
  /** how long the newest complete run of each plan took, by its name */
  lastMs: Map<string, number>;
}

export const noExperience: Experience = { instanceMs: new Map(), lastMs: new Map() };

/** @param runs  complete ones, newest first */
export function experienceFrom(runs: readonly Run[]): Experience {
  const took = new Map<TargetId, number[]>();
  const lastMs = new Map<string, number>();
  for (const run of runs) {
    if (run.endedAt && !lastMs.has(run.plan.name))
      lastMs.set(run.plan.name, Date.parse(run.endedAt) - Date.parse(run.startedAt));
    for (const { target, outcome, readyMs, stop } of run.trials) {
      if (outcome !== 'ok' || readyMs === undefined) continue;
      const known = took.get(withoutRepeat(target)) ?? [];
      took.set(withoutRepeat(target), known);
      known.push(readyMs + (stop?.tookMs ?? 0));
    }
  }
  const middle = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
  return { instanceMs: new Map([...took].map(([target, values]) => [target, middle(values)])), lastMs };
}

export interface TimeEstimate {
  /** from what earlier runs here took; absent while a target of the plan was never run here */
  ms?: number;
  /** what the plan itself prescribes */
  leastMs: number;
  /** targets that were never run here */
  unknown: TargetId[];
}

/** How long the plan's rounds take; what is made once for many (images, disks) comes on top. */
export function expectedTime(plan: Plan, { instanceMs }: Experience): TimeEstimate {
  const pairs = pairsOf(plan);
  const least = leastMs(plan);
  const targets = [...new Set(pairs.map(({ target }) => target))];
  const unknown = targets.filter((target) => !instanceMs.has(withoutRepeat(target)));
  if (unknown.length > 0) return { leastMs: least, unknown };
  const once = pairs.reduce((sum, { target }) => sum + instanceMs.get(withoutRepeat(target))!, 0);
  return { ms: least + once * (trialsOf(plan) / pairs.length), leastMs: least, unknown };
}
