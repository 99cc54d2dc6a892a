/** All workloads of a target up at once: their sum, against what the host itself lost. */
import { readyMs } from '../../../../contract/metrics';
import { isOn, workloadsOn } from '../../../../contract/plan';
import type { Run, Trial } from '../../../../contract/run/run';
import { kindOf, sharesMachine, type TargetId } from '../../../../contract/targets';
import type { Contrast } from '../../statistics/contrast';
import { once, type Estimates } from './estimates';
import { targetsInOrder } from './groups';
import { besideBase, Measured } from './measured';

/** One round in which every workload of a target was up and could be read. */
interface FullRound {
  index: number;
  instances: number;
  /** 0 where no limit is enforced */
  reservedBytes: number;
  /** own memory of all */
  hostBytes: number;
  /** what the host should have lost: that, and the engine's own growth, which is on no instance's account */
  explainedBytes: number;
  /** pages of files, beside it: the host could still give these. Absent where they cannot be read of one; what several map counts for each */
  fileBytes?: number;
  /** by how much the shared engine grew */
  engineBytes: number;
  /** still not available again after all were stopped */
  keptBytes?: number;
  /** absent when the host's own accounts could not be read */
  hostChangeBytes?: number;
  /** from the first start until the last answer, since they start one after the other; their machine's start is part of it */
  allReadyMs?: number;
  /** of a machine that all are in: its start, and what of its memory is on no application's account (guest kernel, VMM) */
  machineMs?: number;
  machineBytes?: number;
  /** what the host lost and no book explains: other kernel memory, and whatever else ran meanwhile */
  residualBytes?: number;
}

/** What all workloads of a target took together: a figure per full round. */
export type Total = { target: TargetId; rounds: number; instancesOfFirst: number } & Record<
  Exclude<keyof FullRound, 'index'>,
  Measured
>;

/** What is read as a change of the host's accounts. */
const differences: readonly (keyof FullRound)[] = [
  'hostChangeBytes',
  'keptBytes',
  'engineBytes',
  'residualBytes',
];

/** Per target, containers before VMs. A round with a failed or unreadable instance would tell too little and is left out. */
export const totalsOf = once((of: Estimates): Total[] => {
  const { run, counted } = of;
  if (run.plan.arrangement !== 'together') return [];
  return targetsInOrder(run).map((target) => {
    const rounds = run.rounds
      .filter((round) => round.target === target)
      .flatMap((round): FullRound[] => {
        const up = counted.filter((trial) => trial.target === target && trial.index === round.index);
        const host = up.flatMap((trial) => shareOf(trial) ?? []);
        const isWhole = !sharesMachine(target) || round.machine?.memory.hostBytes !== undefined;
        const isFull = isWhole && host.length === workloadsOn(run.plan, target).length;
        return isFull ? [fullRound(round, up)] : [];
      });
    const figure = (name: Exclude<keyof FullRound, 'index'>) => {
      const known = rounds.filter((round) => round[name] !== undefined);
      return new Measured(
        known.map((round) => round[name]!),
        known.map(({ index }) => index),
        differences.includes(name),
      );
    };
    return {
      target,
      rounds: rounds.length,
      instancesOfFirst: rounds[0]?.instances ?? 0,
      instances: figure('instances'),
      reservedBytes: figure('reservedBytes'),
      hostBytes: figure('hostBytes'),
      explainedBytes: figure('explainedBytes'),
      fileBytes: figure('fileBytes'),
      engineBytes: figure('engineBytes'),
      allReadyMs: figure('allReadyMs'),
      machineMs: figure('machineMs'),
      machineBytes: figure('machineBytes'),
      keptBytes: figure('keptBytes'),
      hostChangeBytes: figure('hostChangeBytes'),
      residualBytes: figure('residualBytes'),
    };
  });
});

/** What an instance takes itself: of one in a machine that others are in, what the guest charges to it. */
const shareOf = ({ target, memory }: Trial): number | undefined =>
  sharesMachine(target) ? memory.guestUsedBytes : memory.hostBytes;

function fullRound(
  { target, index, machine, hostChangeBytes, engineChangeBytes = 0, keptBytes }: Run['rounds'][number],
  up: readonly Trial[],
): FullRound {
  const sum = (read: (memory: Trial['memory']) => number | undefined) =>
    up.reduce((all, { memory }) => all + (read(memory) ?? 0), 0);
  const ofInstances = up.reduce((all, trial) => all + (shareOf(trial) ?? 0), 0);
  const hostBytes = machine?.memory.hostBytes ?? ofInstances;
  const allReadyMs = up.reduce((all, trial) => all + (readyMs.read(trial) ?? 0), machine?.upMs ?? 0);
  const engineBytes = kindOf(target) === 'container' ? engineChangeBytes : 0;
  const explainedBytes = hostBytes + engineBytes;
  const files = machine ? [machine] : up;
  const areFilesKnown = files.every(({ memory }) => memory.fileBytes !== undefined);
  return {
    index,
    instances: up.length,
    reservedBytes: sum((memory) => memory.reservedBytes),
    hostBytes,
    explainedBytes,
    ...(areFilesKnown && { fileBytes: files.reduce((all, { memory }) => all + memory.fileBytes!, 0) }),
    allReadyMs,
    ...(machine?.upMs !== undefined && {
      machineMs: machine.upMs,
      machineBytes: hostBytes - ofInstances,
    }),
    engineBytes,
    ...(keptBytes !== undefined && { keptBytes }),
    ...(hostChangeBytes !== undefined && {
      hostChangeBytes,
      residualBytes: hostChangeBytes - explainedBytes,
    }),
  };
}

/** Those that have a full round. */
export const fullTotals = (of: Estimates): Total[] => totalsOf(of).filter(({ rounds }) => rounds > 0);

/** Of the host's memory, to the target that others are compared with; sums of different workloads have none that means anything. */
export function totalRatio(of: Estimates, total: Total): Contrast | undefined {
  const base = totalsOf(of).find(({ target }) => target === of.baseline);
  if (!base || base === total || !haveSameWork(of.run, base, total)) return undefined;
  return total.hostBytes.ratioTo(base.hostBytes);
}

/** Own memory of all, as it stands beside its ratio. */
export function totalBytes(of: Estimates, total: Total): number | undefined {
  const ratio = totalRatio(of, total);
  const base = ratio && totalsOf(of).find(({ target }) => target === of.baseline);
  return base ? besideBase(base.hostBytes, ratio) : total.hostBytes.centre();
}

const haveSameWork = ({ plan }: Run, a: Total, b: Total): boolean =>
  workloadsOn(plan, a.target).length === workloadsOn(plan, b.target).length &&
  workloadsOn(plan, a.target).every((workload) => isOn(workload, b.target));
