/** The same applications on several targets, as the claims hold them against each other: only what all of them ran. */
import { hostBytes, readyMs, type Reading } from '../../../../contract/metrics';
import type { Run, Trial } from '../../../../contract/run/run';
import { bootsOf, isRepeat, kindOf, usualVm, type TargetId } from '../../../../contract/targets';
import type { Contrast } from '../../statistics/contrast';
import { once, type Estimates } from './estimates';
import { targetsInOrder } from './groups';
import { Measured } from './measured';
import { fullTotals, totalRatio } from './totals';

/** One figure of the same applications on every target. */
export interface Paired {
  /** in the order of the targets that were asked for; their rounds are those of each application */
  figures: Measured[];
  /** readings on each of them: of the same applications in the same rounds */
  n: number;
  /** names of their workloads on the first of the targets */
  workloads: string[];
}

/** What a workload runs and under which limits; two that differ in nothing but their name and targets are the same. */
const applicationsOf = ({ plan }: Run): Map<string, string> =>
  new Map(
    plan.workloads.map((workload) => [
      workload.name,
      JSON.stringify({ ...workload, name: undefined, targets: undefined }),
    ]),
  );

/** Readings of one target by application and round. */
function readingsOn(
  { run, counted }: Estimates,
  target: TargetId,
  read: Reading,
): Map<string, { trial: Trial; value: number }> {
  const applications = applicationsOf(run);
  const trials = counted.filter((trial) => trial.target === target);
  return new Map(
    trials.flatMap((trial) => {
      const value = read(trial);
      const key = `${trial.index} ${applications.get(trial.workload)}`;
      return value === undefined ? [] : [[key, { trial, value }] as const];
    }),
  );
}

/**
 * What each of the targets needs for the applications that all of them ran, round by round, so that no side's median comes from
 * another mixture. Undefined where there is no such application.
 */
function pairedOn(of: Estimates, targets: readonly TargetId[], read: Reading): Paired | undefined {
  const [first, ...others] = targets.map((target) => readingsOn(of, target, read));
  const shared = [...(first?.keys() ?? [])].filter((key) => others.every((one) => one.has(key)));
  if (!first || shared.length === 0) return undefined;
  return {
    figures: [first, ...others].map(
      (one) =>
        new Measured(
          shared.map((key) => one.get(key)!.value),
          shared,
        ),
    ),
    n: shared.length,
    workloads: [...new Set(shared.map((key) => first.get(key)!.trial.workload))],
  };
}

/** The VM of the article: one that brings up a whole system. */
export const isSystem = (target: TargetId): boolean => bootsOf(target) === 'system' && !isRepeat(target);

/** “slowly”: what the word is taken to mean at least. */
export const slowTimes = 3;

/** One VM's time to ready beside the container's. */
export interface Start {
  figure: Measured;
  toContainer: Contrast | undefined;
  /** to `slowTimes` as long as the container takes: above 1 is slow */
  toSlow: Contrast | undefined;
}

interface Starts {
  paired: Paired;
  container: Measured;
  direct?: Start;
  system?: Start;
  /** the full system to the direct boot */
  within?: Contrast;
}

/** Time to ready of the applications that all three ran, or that the container and one kind of VM did. */
export const claimedStarts = once((of: Estimates): Starts | undefined => {
  const { baseline, run } = of;
  const full = targetsInOrder(run).find(isSystem);
  if (baseline === undefined) return undefined;
  const choices: (readonly ('direct' | 'system')[])[] = [['direct', 'system'], ['direct'], ['system']];
  for (const kinds of choices) {
    const vms = kinds.map((kind) => (kind === 'direct' ? usualVm : full));
    if (!vms.every((vm) => vm !== undefined)) continue;
    const paired = pairedOn(of, [baseline, ...vms], readyMs.read);
    if (!paired) continue;
    const [container, ...others] = paired.figures as [Measured, ...Measured[]];
    const slow = container.times(slowTimes);
    const starts = others.map((figure, at): [string, Start] => [
      kinds[at]!,
      { figure, toContainer: figure.ratioTo(container), toSlow: figure.ratioTo(slow) },
    ]);
    const { direct, system } = Object.fromEntries(starts) as { direct?: Start; system?: Start };
    const within = direct && system?.figure.ratioTo(direct.figure);
    return {
      paired,
      container,
      ...(direct && { direct }),
      ...(system && { system }),
      ...(within && { within }),
    };
  }
  return undefined;
});

/** The container beside the VM that stands for VMs, or else the first other one that ran the same applications. */
export const besideVm = once((of: Estimates): { vm?: TargetId; taken?: Paired; ready?: Paired } => {
  const { baseline } = of;
  if (baseline === undefined) return {};
  const vms = targetsInOrder(of.run).filter((target) => kindOf(target) === 'vm');
  for (const vm of [usualVm, ...vms]) {
    const taken = pairedOn(of, [baseline, vm], hostBytes.read);
    const ready = pairedOn(of, [baseline, vm], readyMs.read);
    if (taken ?? ready) return { vm, ...(taken && { taken }), ...(ready && { ready }) };
  }
  return {};
});

/** Of the VM, to the container. */
export const vmToContainer = (paired: Paired | undefined): Contrast | undefined =>
  paired && paired.figures[1]!.ratioTo(paired.figures[0]!);

/** What the claims hold against each other. */
export function claimContrasts(of: Estimates): Contrast[] {
  if (!of.run.plan.claims) return [];
  const { taken, ready } = besideVm(of);
  const { direct, system, within } = claimedStarts(of) ?? {};
  const vms = fullTotals(of).find(({ target }) => target === usualVm);
  return [
    direct?.toSlow,
    system?.toSlow,
    within,
    vmToContainer(taken),
    vmToContainer(ready),
    vms && totalRatio(of, vms),
  ].filter((ratio) => ratio !== undefined);
}
