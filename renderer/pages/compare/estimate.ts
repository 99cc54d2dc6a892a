import type { Failure } from '../../../main/contract/failures';
import type { LocalImage } from '../../../main/contract/images';
import { type Plan } from '../../../main/contract/plan';
import { withoutRepeat, type TargetId } from '../../../main/contract/targets';
import type { Run } from '../../../main/contract/run/run';

/** What a plan promises to one target while it runs: together, or one instance at a time. */
export function reservedBytes(plan: Plan): number {
  const limits = plan.workloads.map(({ limits }) => limits.memoryBytes);
  return plan.arrangement === 'together'
    ? limits.reduce((sum, bytes) => sum + bytes, 0)
    : Math.max(...limits);
}

/** The waiting that a plan prescribes. Start-up times come on top: they are what is to be found out. */
export function leastMs(plan: Plan): number {
  const perTarget = plan.arrangement === 'together' ? 1 : plan.workloads.length;
  const rounds = plan.trials * plan.targets.length * perTarget;
  const warmups = plan.warmups * plan.targets.length * plan.workloads.length;
  return rounds * (plan.soakMs + plan.coolDownMs) + warmups * plan.coolDownMs;
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
export function estimateMs(plan: Plan, { instanceMs }: Experience): TimeEstimate {
  const unknown = plan.targets.filter((target) => !instanceMs.has(withoutRepeat(target)));
  const least = leastMs(plan);
  if (unknown.length > 0) return { leastMs: least, unknown };
  const starts = (plan.trials + plan.warmups) * plan.workloads.length;
  const each = plan.targets.reduce((sum, target) => sum + instanceMs.get(withoutRepeat(target))!, 0);
  return { ms: least + starts * each, leastMs: least, unknown };
}

/** Why the plan will be refused for want of memory, by the engine's own rule: see refuseWhatDoesNotFit. */
export function memoryShort(plan: Plan, availableBytes: number | undefined): Failure | undefined {
  const [neededBytes, floorBytes] = [reservedBytes(plan), plan.memoryFloorBytes];
  return availableBytes !== undefined && neededBytes + floorBytes > availableBytes
    ? { code: 'memory-short', neededBytes, availableBytes, floorBytes }
    : undefined;
}

export interface DiskEstimate {
  /** what is made on disk before the first start, at most */
  bytes: number;
  /** workloads whose image is not here, so that its size is not known */
  unknown: string[];
}

const isVm = (target: TargetId) => target.startsWith('vm:');
const needsFiles = (target: TargetId) => isVm(target) || target === 'process';

/** Beside the guest's memory a saved machine holds its devices. */
const devicesBytes = 16 * 1024 ** 2;

/** The image that a workload names, if it is here. */
function imageOf(
  { image }: Plan['workloads'][number],
  images: readonly LocalImage[],
): LocalImage | undefined {
  const names = ({ references }: LocalImage) =>
    image.kind === 'reference'
      ? references.some((one) => one === image.reference || one === `${image.reference}:latest`)
      : image.kind === 'builtin' && references.some((one) => one.startsWith(`tare/${image.name}:`));
  return images.find(names);
}

/**
 * What a plan needs on disk: for a VM the image's disk, twice while it is made (mkfs.erofs spools the files first), and for
 * a saved machine its memory, per workload. What is there from an earlier run is not counted.
 */
export function estimateDisk(plan: Plan, images: readonly LocalImage[]): DiskEstimate {
  const unknown: string[] = [];
  let bytes = 0;
  for (const workload of plan.workloads) {
    if (plan.targets.includes('vm:snapshot')) bytes += workload.limits.memoryBytes + devicesBytes;
    if (!plan.targets.some(needsFiles)) continue;
    const image = imageOf(workload, images);
    if (!image) unknown.push(workload.name);
    else if (image.disks.length === 0) bytes += 2 * image.bytes;
  }
  return { bytes, unknown };
}

/** Why the plan would run out of disk, with both numbers. */
export function diskShort(
  plan: Plan,
  images: readonly LocalImage[],
  free: { bytes: number; folder: string } | undefined,
): Failure | undefined {
  const { bytes } = estimateDisk(plan, images);
  return free && bytes > free.bytes
    ? { code: 'disk-short', path: free.folder, neededBytes: bytes, availableBytes: free.bytes }
    : undefined;
}
