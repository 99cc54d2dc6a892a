/** The claims that hold a container against a VM: by the same applications in the same rounds. */
import { tell } from '../../../contract/messages';
import { hostBytes, readyMs, type ComparedMetric } from '../../../contract/metrics';
import type { Message } from '../../../contract/report/report';
import { kindOf, usualVm, type TargetId } from '../../../contract/targets';
import type { Estimates } from '../estimates/estimates';
import { isEmulated, targetsInOrder } from '../estimates/groups';
import { pairedMedians, type Paired } from '../estimates/pairs';
import { coarseStarts, weaknessesOf } from '../weaknesses';
import { bytes, figure, isSystem, middle, on, sideOf, withoutSystem, type ClaimAnswer } from './answer';

/** “slowly”: what the word is taken to mean at least. */
const slowTimes = 3;

/** What the two sides of a comparison have in common, for its text. */
const sharedFacts = ({ workloads, n }: Paired): Message['facts'] => ({ workloads: workloads.join(', '), n });

/** With nothing warmed up, the first start of each kind pays for caches that the later ones find filled. */
const coldStarts = ({ run: { plan } }: Estimates): Message[] =>
  plan.warmups === 0 ? [tell('weakened.no-warmup', { trials: plan.trials })] : [];

/** Time to ready of the applications that all three ran, or that the container and one kind of VM did. */
function startsOf(
  of: Estimates,
): { paired: Paired; container: number; direct?: number; system?: number } | undefined {
  const { baseline, run } = of;
  const full = targetsInOrder(run).find(isSystem);
  if (baseline === undefined) return undefined;
  const pairedWith = (...vms: (TargetId | undefined)[]) => {
    const known = vms.filter((vm) => vm !== undefined);
    return known.length === vms.length ? pairedMedians(of, [baseline, ...known], readyMs.read) : undefined;
  };
  const all = pairedWith(usualVm, full);
  if (all) {
    const [container, direct, system] = all.medians as [number, number, number];
    return { paired: all, container, direct, system };
  }
  const one = pairedWith(usualVm);
  if (one) return { paired: one, container: one.medians[0]!, direct: one.medians[1]! };
  const other = pairedWith(full);
  return other && { paired: other, container: other.medians[0]!, system: other.medians[1]! };
}

/** An operating system starts slowly: the full system and the direct boot against the container. */
export function slowStart(of: Estimates): ClaimAnswer {
  const starts = startsOf(of);
  if (!starts) return withoutSystem(of, 'C4');
  const { paired, container, direct, system } = starts;
  const figures = [
    ...figure('container-ready', container, 'ms'),
    ...figure('direct-ready', direct, 'ms'),
    ...figure('full-ready', system, 'ms'),
  ];
  const facts = {
    ...sharedFacts(paired),
    container: { ms: container },
    ...(direct !== undefined && { direct: { ms: direct }, ofDirect: { times: direct / container } }),
    ...(system !== undefined && { system: { ms: system }, ofSystem: { times: system / container } }),
    ...(system !== undefined && direct !== undefined && { within: { times: system / direct } }),
    least: slowTimes,
  };
  const weakenedBy = [...weaknessesOf(of, 'time'), ...coarseStarts(of), ...coldStarts(of)];
  const common = { figures, chart: 'start-up', weakenedBy };
  if (system === undefined || direct === undefined)
    return { standing: 'unknown', text: tell('verdict.claim.C4.half', facts), ...common };
  // Emulated machines are no judges of how slowly machines start; only of how one of them stands against another.
  if (isEmulated(on(of, (target) => kindOf(target) === 'vm')))
    return { standing: 'unknown', text: tell('verdict.claim.C4.emulated', facts), ...common };
  const [slow, slowDirect] = [system, direct].map((ms) => ms >= container * slowTimes);
  const standing = slow ? (slowDirect ? 'holds' : 'partly') : 'fails';
  return { standing, text: tell(`verdict.claim.C4.${standing}`, facts), ...common };
}

/** The container beside the VM that stands for VMs, or else the first other one that ran the same applications. */
function besideVm(of: Estimates) {
  const { baseline } = of;
  const vms = targetsInOrder(of.run).filter((target) => kindOf(target) === 'vm');
  const paired = (vm: TargetId, { read }: ComparedMetric) =>
    baseline === undefined ? undefined : pairedMedians(of, [baseline, vm], read);
  const vm = [usualVm, ...vms].find((one) => paired(one, hostBytes) ?? paired(one, readyMs));
  return vm ? { vm, taken: paired(vm, hostBytes), ready: paired(vm, readyMs) } : {};
}

/** Four statements in one; it holds when those that could be measured do. */
export function apartSmallAndFast(of: Estimates): ClaimAnswer {
  const container = sideOf(of, (target) => kindOf(target) === 'container');
  const { vm, taken, ready } = besideVm(of);
  const alone = on(of, (target) => target === of.baseline);
  const [memory = middle(alone, hostBytes.read), vmMemory] = taken?.medians ?? [];
  const [start = middle(alone, readyMs.read), vmStart] = ready?.medians ?? [];
  const ways = new Set(of.counted.map(({ target }) => target)).size;
  const emulated = isEmulated(on(of, (target) => target === vm));
  const sameBytes = answersTheSame(of);
  const tests: (boolean | undefined)[] = [
    container && container.apart.length > 0,
    sameBytes,
    memory !== undefined && vmMemory !== undefined ? memory < vmMemory : undefined,
    emulated || start === undefined || vmStart === undefined ? undefined : start < vmStart,
  ];
  const known = tests.filter((test) => test !== undefined);
  const figures = [
    ...figure('container-apart', container?.apart.length, 'count'),
    ...figure('container-memory', memory, 'bytes'),
    ...figure('vm-memory', vmMemory, 'bytes'),
    ...figure('container-ready', start, 'ms'),
    ...figure('ways', ways, 'count'),
  ];
  if (known.length === 0) return { standing: 'unknown', text: tell('verdict.claim.C6.unknown'), figures };
  const standing = known.every(Boolean)
    ? known.length === tests.length
      ? 'holds'
      : 'partly'
    : known.some(Boolean)
      ? 'partly'
      : 'fails';
  const asFar = taken && start !== undefined ? 'as-far' : 'as-little';
  const form = standing === 'partly' && known.every(Boolean) ? asFar : standing;
  return {
    standing,
    text: tell(`verdict.claim.C6.${form}`, {
      ...(taken && sharedFacts(taken)),
      ...(memory !== undefined && { memory: bytes(memory) }),
      ...(vmMemory !== undefined && { vm: bytes(vmMemory) }),
      ...(start !== undefined && { start: { ms: start } }),
      ways,
      passed: known.filter(Boolean).length,
      of: tests.length,
    }),
    figures,
    chart: 'gross-memory',
    weakenedBy: weaknessesOf(of, 'memory'),
  };
}

/**
 * Whether one image gave the same bytes on all targets. An application that answers differently each time proves nothing; with
 * a single answer per side it cannot be told from one that differs.
 */
function answersTheSame({ run, counted }: Estimates): boolean | undefined {
  const found = run.plan.workloads.map(({ name }) => {
    const trials = counted.filter(({ workload }) => workload === name);
    const sides = [...new Set(trials.map(({ target }) => target))].map((side) =>
      trials.filter(({ target }) => target === side).map(({ answerSha256 }) => answerSha256),
    );
    const changes = sides.some((seen) => new Set(seen).size > 1 || seen.includes(undefined));
    if (sides.length < 2 || changes) return undefined;
    if (new Set(sides.flat()).size === 1) return true;
    return sides.every(({ length }) => length > 1) ? false : undefined;
  });
  return found.includes(false) ? false : found.includes(true) ? true : undefined;
}
