/**
 * The tare: what a way of running an application takes beside what the application itself needs, round by round, as the difference of two
 * memories. It hardly depends on the application, which a ratio does.
 */
import { hostBytes, trialMetric, type Reading } from '../../../../contract/metrics';
import type { Trial } from '../../../../contract/run/run';
import { bootsOf, isRepeat, kindOf, sharesMachine } from '../../../../contract/targets';
import { centre, pairedDifference, type Contrast, type PairOfValues } from '../../statistics/contrast';
import { once, type Estimates } from './estimates';
import { isMixed, type Group } from './groups';

/** What a tare consists of; `machine`: all that is none of the others, such as a hypervisor with its guest's kernel. */
export const tareParts = ['helpers', 'machine', 'files', 'emulator'] as const;
type TarePart = (typeof tareParts)[number];

export interface Tare {
  group: Group;
  /** of the application itself, in the same rounds */
  needBytes: number;
  /** own memory less that */
  difference: Contrast;
  /** they add up to it */
  parts: Record<TarePart, number>;
  /** what the application takes by the guest's account, where that is so far from `needBytes` that there is nothing to subtract */
  insideBytes?: number;
}

const [workload, shim, proxies, emulator, files, inside] = [
  'part.workloadBytes',
  'part.shimBytes',
  'part.proxiesBytes',
  'part.translationBytes',
  'inside.guest-cacheBytes',
  'inside.guest-applicationBytes',
].map((id) => trialMetric(id).read) as [Reading, Reading, Reading, Reading, Reading, Reading];

/** An application that takes more or less than this and this share beside another way of running it has another amount to do there. */
const leastApart = 3 * 1024 * 1024;
const shareApart = 0.1;

/**
 * What each round's application needs itself: by the container's account of it, else that of a plain process. Other runtimes may bring a
 * kernel, which is on the same account.
 */
function needsOf(of: Estimates, { workload: name }: Group): Map<number, number> {
  const sources: [Group | undefined, Reading][] = [
    [of.groupOf(name, 'container'), workload],
    [
      of.groups.find((group) => group.workload === name && kindOf(group.target) === 'process'),
      hostBytes.read,
    ],
  ];
  for (const [group, read] of sources) {
    const known = (group?.trials ?? []).flatMap((trial) => {
      const bytes = read(trial);
      return bytes === undefined ? [] : [[trial.index, bytes] as const];
    });
    if (known.length > 0) return new Map(known);
  }
  return new Map();
}

/**
 * Whether own memory less the need is a tare: no process, which is the need · no machine that is shared, or resumed, whose memory is
 * partly that of a file, or emulated in some rounds only · of a VM only where its guest tells what the application takes in it.
 */
const hasTare = ({ target, trials }: Group): boolean =>
  kindOf(target) !== 'process' &&
  !sharesMachine(target) &&
  bootsOf(target) !== 'memory' &&
  !isRepeat(target) &&
  !isMixed(trials);

export const tares = once((of: Estimates): Tare[] =>
  of.groups.filter(hasTare).flatMap((group): Tare[] => {
    const needs = needsOf(of, group);
    const isVm = kindOf(group.target) === 'vm';
    const rounds = group.trials.flatMap((trial): { trial: Trial; pair: PairOfValues }[] => {
      const [need, own] = [needs.get(trial.index), hostBytes.read(trial)];
      if (need === undefined || own === undefined || (isVm && inside(trial) === undefined)) return [];
      return [{ trial, pair: [need, own] }];
    });
    if (rounds.length === 0) return [];
    const middle = (read: Reading) => centre(rounds.map(({ trial }) => read(trial) ?? 0));
    const difference = pairedDifference(rounds.map(({ pair }) => pair));
    const needBytes = centre(rounds.map(({ pair: [need] }) => need));
    const known = {
      helpers: middle(shim) + middle(proxies),
      files: middle(files),
      emulator: middle(emulator),
    };
    const machine = difference.value - known.helpers - known.files - known.emulator;
    const insideBytes = isVm ? middle(inside) : needBytes;
    const isApart = Math.abs(insideBytes - needBytes) > Math.max(leastApart, shareApart * needBytes);
    return [{ group, needBytes, difference, parts: { ...known, machine }, ...(isApart && { insideBytes }) }];
  }),
);

/** What is judged with all else that a report holds against each other. */
export const tareContrasts = (of: Estimates): Contrast[] =>
  tares(of).flatMap(({ difference, insideBytes }) => (insideBytes === undefined ? [difference] : []));
