/** The figures that a report's answer rests on: of all applications together, on every target that ran them, round by round. */
import { comparedMetrics, hostBytes, readyMs, trialMetric, type Metric } from '../../../../contract/metrics';
import { workloadsOn } from '../../../../contract/plan';
import { isTogether } from '../../../../contract/planning';
import type { AnswerRow } from '../../../../contract/report/report';
import type { Trial } from '../../../../contract/run/run';
import {
  describeTarget,
  runsOwnDisk,
  kindOf,
  sharesMachine,
  spokenOf,
  tuningOf,
  usualVm,
  type TargetId,
} from '../../../../contract/targets';
import type { Contrast } from '../../statistics/contrast';
import { mean, median } from '../../statistics/summary';
import { once, type Estimates } from './estimates';
import { isEmulated, isMixed, targetsInOrder, type Group } from './groups';
import { besideBase, Measured } from './measured';
import { fullTotals } from './totals';

/** One way of running the applications. */
export interface AnsweredSide {
  target: TargetId;
  /** of a plan that holds two workloads against each other: which of them */
  workload?: string;
  /** one per application */
  groups: readonly Group[];
}

/** Who is held against whom: the one that others are held against comes first. */
export interface Answered {
  sides: AnsweredSide[];
  /** that the sentence speaks of beside the first; absent where there is but one side */
  other?: AnsweredSide;
}

const isOfVms = ({ target }: AnsweredSide): boolean => kindOf(target) === 'vm';
const trialsOf = ({ groups }: AnsweredSide): Trial[] => groups.flatMap(({ trials }) => trials);
export const isEmulatedSide = (side: AnsweredSide): boolean => isOfVms(side) && isEmulated(trialsOf(side));
/** Whether the accelerator changed meanwhile, so that the figures are of two kinds of machine. */
export const isMixedSide = (side: AnsweredSide): boolean => isMixed(trialsOf(side));

/** More rows than these are no picture. */
const mostSides = 8;

export const answered = once((of: Estimates): Answered => {
  const sides = of.run.plan.ab?.sides === 'workloads' ? ofWorkloads(of) : ofTargets(of);
  const other = spokenOf(sides.slice(1));
  return { sides, ...(other && { other }) };
});

/** Both workloads of the plan, on the first target that ran both. */
function ofWorkloads({ run: { plan }, groups }: Estimates): AnsweredSide[] {
  const { a, b } = plan.ab!;
  const found = plan.targets.map((target) =>
    [a, b].flatMap((workload): AnsweredSide[] => {
      const group = groups.find((one) => one.workload === workload && one.target === target);
      return group && group.trials.length > 0 ? [{ target, workload, groups: [group] }] : [];
    }),
  );
  return found.find(({ length }) => length === 2) ?? found.find(({ length }) => length > 0) ?? [];
}

/** Every target that ran all of what the first two ran; of many, those of which nothing was changed. */
function ofTargets(of: Estimates): AnsweredSide[] {
  const ran = (target: TargetId) => of.groups.filter((one) => one.target === target && one.trials.length > 0);
  const all = inOrder(of).filter((target) => ran(target).length > 0);
  const plain = all.length > mostSides ? all.filter((target) => tuningOf(target).length === 0) : all;
  const [base, ...others] = plain;
  if (base === undefined) return [];
  const workloadsOf = (target: TargetId) => ran(target).map(({ workload }) => workload);
  const beside = [usualVm, ...others].find(
    (target) => target !== base && workloadsOf(target).some((name) => workloadsOf(base).includes(name)),
  );
  const shared = workloadsOf(base).filter(
    (name) => beside === undefined || workloadsOf(beside).includes(name),
  );
  return [base, ...others]
    .filter((target) => shared.every((name) => workloadsOf(target).includes(name)))
    .map((target) => ({
      target,
      groups: ran(target).filter(({ workload }) => shared.includes(workload)),
    }));
}

/** The container first, or a plain process where there is none; then from the thinnest packaging to the thickest. */
function inOrder({ run, baseline }: Estimates): TargetId[] {
  const targets = run.plan.ab ? [run.plan.ab.a, run.plan.ab.b] : targetsInOrder(run);
  const first = run.plan.ab
    ? targets[0]
    : (baseline ?? targets.find((target) => kindOf(target) === 'process') ?? usualOf(targets));
  return first === undefined ? targets : [first, ...targets.filter((target) => target !== first)];
}

const usualOf = (targets: readonly TargetId[]): TargetId | undefined =>
  targets.find((target) => target === usualVm) ?? targets[0];

type RowName = AnswerRow['id'];

/** What is held against each other, and how one figure is made of those of several applications. */
const compared: Record<Exclude<RowName, 'disk'>, { metric: Metric; of: (values: number[]) => number }> = {
  memory: { metric: hostBytes, of: (values) => values.reduce((sum, value) => sum + value, 0) },
  'start-up': { metric: readyMs, of: mean },
};

const figures = new WeakMap<AnsweredSide, Map<string, Measured>>();

/** A side's figure in each round in which all of its applications have it. */
export function figureOf(of: Estimates, side: AnsweredSide, row: Exclude<RowName, 'disk'>): Measured {
  const known = figures.get(side) ?? new Map<string, Measured>();
  figures.set(side, known);
  const made = known.get(row) ?? measuredOf(of, side, row);
  known.set(row, made);
  return made;
}

function measuredOf(of: Estimates, side: AnsweredSide, row: Exclude<RowName, 'disk'>): Measured {
  const { metric } = compared[row];
  const { groups, target } = side;
  const { plan } = of.run;
  const total = fullTotals(of).find((one) => one.target === target);
  const together = workloadsOn(plan, target).length === groups.length ? total : undefined;
  // What their machine takes is nobody's alone: it belongs to all of them, or the figure tells too little.
  if (isTogether(plan) && sharesMachine(target)) {
    if (!together) return new Measured([]);
    return row === 'memory' ? together.hostBytes : together.allReadyMs.times(1 / groups.length);
  }
  if (groups.length === 1) return groups[0]!.of(metric.read);
  return row === 'memory' && together ? together.hostBytes : byRound(groups, metric.read, compared[row].of);
}

/** One figure per round of what several applications have in it; rounds that lack one would tell too little. */
function byRound(
  groups: readonly Group[],
  read: Metric['read'],
  make: (values: number[]) => number,
): Measured {
  const rounds = new Map<number, number[]>();
  for (const { trials } of groups)
    for (const trial of trials) {
      const value = read(trial);
      if (value !== undefined) rounds.set(trial.index, [...(rounds.get(trial.index) ?? []), value]);
    }
  const full = [...rounds].filter(([, values]) => values.length === groups.length);
  return new Measured(
    full.map(([, values]) => make(values)),
    full.map(([index]) => index),
  );
}

/** How a side stands to the first; undefined where they cannot be held against each other. */
export function contrastOf(
  of: Estimates,
  side: AnsweredSide,
  row: Exclude<RowName, 'disk'>,
): Contrast | undefined {
  const [base] = answered(of).sides;
  if (!base || base === side || isMixedSide(base) || isMixedSide(side)) return undefined;
  return figureOf(of, side, row).ratioTo(figureOf(of, base, row));
}

/** A side's figure as it stands beside its ratio to the first side, whichever runs give it. */
export function valueOf(
  of: Estimates,
  side: AnsweredSide,
  row: Exclude<RowName, 'disk'>,
): number | undefined {
  const contrast = contrastOf(of, side, row);
  if (!contrast) return figureOf(of, side, row).centre();
  return besideBase(figureOf(of, answered(of).sides[0]!, row), contrast);
}

/** How one application's figure on the other side stands to that on the first; undefined where they cannot be held against each other. */
export const contrastBetween = (base: Group, other: Group, { read }: Metric): Contrast | undefined =>
  isMixed(base.trials) || isMixed(other.trials) ? undefined : other.of(read).ratioTo(base.of(read));

/** Of every application that both the first side and that beside it ran, where there are several. */
export function applicationsOf(of: Estimates): { base: Group; other: Group | undefined }[] {
  const { sides, other } = answered(of);
  const [base] = sides;
  if (!base || !other || base.groups.length < 2) return [];
  return base.groups.map((group) => ({
    base: group,
    other: other.groups.find(({ workload }) => workload === group.workload),
  }));
}

/** All that the answer holds against each other. */
export const answerContrasts = (of: Estimates): Contrast[] => [
  ...(['memory', 'start-up'] as const).flatMap((row) =>
    answered(of).sides.flatMap((side) => contrastOf(of, side, row) ?? []),
  ),
  ...applicationsOf(of).flatMap(({ base, other }) =>
    comparedMetrics.flatMap((metric) => (other && contrastBetween(base, other, metric)) ?? []),
  ),
];

const [imageBytes, vmDiskBytes, snapshotBytes, writtenBytes, kernelBytes, translation, shared] = [
  'imageBytes',
  'vmDiskBytes',
  'snapshotBytes',
  'writtenBytes',
  'kernelBytes',
  'part.translationBytes',
  'sharedFileBytes',
].map((id) => trialMetric(id).read) as [Metric['read'], ...Metric['read'][]];

/** What this way of running the application keeps on disk. Where there is a disk for it, an image is not needed beside that. */
export function diskBytes(trial: Trial): number | undefined {
  const files = describeTarget(trial.target)?.entry.files;
  if (files === 'disk' || files === 'own-disk') {
    const disk = vmDiskBytes!(trial);
    return disk && disk + (snapshotBytes!(trial) ?? 0);
  }
  const image = imageBytes(trial);
  return image && image + (writtenBytes!(trial) ?? 0);
}

/** What a side keeps on disk; undefined where it is not known of one of its applications. An image that two of them run is there once. */
export function diskOf({ run }: Estimates, { groups }: AnsweredSide): number | undefined {
  const byImage = new Map<string, number | undefined>();
  for (const group of groups) {
    const { disks = [], images } = run.environment;
    const of = runsOwnDisk(group.target) ? disks : images;
    const found = of.find(({ workload }) => workload === group.workload);
    byImage.set(found?.fingerprint ?? group.workload, group.of(diskBytes).median());
  }
  const all = [...byImage.values()];
  const known = all.filter((value) => value !== undefined);
  return known.length === all.length && all.length > 0
    ? known.reduce((sum, value) => sum + value, 0)
    : undefined;
}

/** Kernel and initrd that all of a side's machines are booted with; undefined where their disks hold them. */
export function kernelOf({ groups }: AnsweredSide): number | undefined {
  const sizes = groups.flatMap((group) => group.of(kernelBytes!).median() ?? []);
  return sizes.length === 0 ? undefined : Math.max(...sizes);
}

/** The emulator's cache of translated code: part of the memory of emulated VMs, and of no others. */
export function emulatorOf({ run }: Estimates, { groups, target }: AnsweredSide): number | undefined {
  const ofMachines = run.rounds.flatMap((round) =>
    round.target === target && round.machine
      ? (round.machine.memory.parts.find(({ part }) => part === 'translation')?.bytes ?? [])
      : [],
  );
  if (ofMachines.length > 0) return median(ofMachines);
  const sizes = groups.map((group) => group.of(translation!).median());
  const known = sizes.filter((size) => size !== undefined);
  return known.length === sizes.length && known.length > 0
    ? known.reduce((sum, size) => sum + size, 0)
    : undefined;
}

/** By how much the first instance takes more than each further one; of several applications there is no such figure, as they share only some of their files. */
export const moreForFirst = ({ groups }: AnsweredSide): number | undefined =>
  groups.length === 1 ? groups[0]!.of(shared!).median() : undefined;
