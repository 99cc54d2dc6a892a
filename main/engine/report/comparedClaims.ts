/** The claims that hold a container against a VM: by the same applications in the same rounds. */
import type { TargetId } from '../../contract/targets';
import type { Message } from '../../contract/report/report';
import type { Run } from '../../contract/run/run';
import { bytes, figure, middle, on, sideOf, withoutFull, type Answer } from './claimAnswer';
import {
  baselineOf,
  counted,
  hostBytes,
  isContainer,
  isEmulated,
  isVm,
  readyMs,
  targetsInOrder,
  type Reading,
} from './groups';
import { pairedMedians, type Paired } from './pairs';
import { key } from './tables';
import { weaknessesOf } from './weaknesses';

/** “slowly”: what the word is taken to mean at least. */
const slowTimes = 3;

/** What the two sides of a comparison have in common, for its text. */
const sharedFacts = ({ workloads, n }: Paired): Message['facts'] => ({ workloads: workloads.join(', '), n });

/** With nothing warmed up, the first start of each kind pays for caches that the later ones find filled. */
const coldStarts = (run: Run): Message[] =>
  run.plan.warmups === 0 ? [key('weakened.no-warmup', { trials: run.plan.trials })] : [];

/** Time to ready of the applications that all three ran, or that the container and one kind of VM did. */
function startsOf(
  run: Run,
): { paired: Paired; container: number; direct?: number; system?: number } | undefined {
  const base = baselineOf(run);
  if (base === undefined) return undefined;
  const pairedWith = (...vms: TargetId[]) => pairedMedians(run, [base, ...vms], readyMs);
  const all = pairedWith('vm:direct', 'vm:full');
  if (all) {
    const [container, direct, system] = all.medians as [number, number, number];
    return { paired: all, container, direct, system };
  }
  const one = pairedWith('vm:direct');
  if (one) return { paired: one, container: one.medians[0]!, direct: one.medians[1]! };
  const other = pairedWith('vm:full');
  return other && { paired: other, container: other.medians[0]!, system: other.medians[1]! };
}

/** An operating system starts slowly: the full system and the direct boot against the container. */
export function slowStart(run: Run): Answer {
  const starts = startsOf(run);
  if (!starts) return withoutFull(run, 'C4');
  const { paired, container, direct, system } = starts;
  const figures = [
    figure('container-ready', container, 'ms'),
    ...(direct === undefined ? [] : [figure('direct-ready', direct, 'ms')]),
    ...(system === undefined ? [] : [figure('full-ready', system, 'ms')]),
  ];
  const facts = {
    ...sharedFacts(paired),
    container: { ms: container },
    ...(direct !== undefined && { direct: { ms: direct }, ofDirect: { times: direct / container } }),
    ...(system !== undefined && { system: { ms: system }, ofSystem: { times: system / container } }),
    ...(system !== undefined && direct !== undefined && { within: { times: system / direct } }),
    least: slowTimes,
  };
  const weakenedBy = [...weaknessesOf(run, 'time'), ...coldStarts(run)];
  const common = { figures, chart: 'start-up', weakenedBy };
  if (system === undefined || direct === undefined)
    return { standing: 'unknown', text: key('verdict.claim.C4.half', facts), ...common };
  // Emulated machines are no judges of how slowly machines start; only of how one of them stands against another.
  if (isEmulated(on(run, isVm)))
    return { standing: 'unknown', text: key('verdict.claim.C4.emulated', facts), ...common };
  const [slow, slowDirect] = [system, direct].map((ms) => ms >= container * slowTimes);
  const standing = slow ? (slowDirect ? 'holds' : 'partly') : 'fails';
  return { standing, text: key(`verdict.claim.C4.${standing}`, facts), ...common };
}

/** The container beside the lightest VM that starts from nothing, or else the first other one that ran the same applications. */
function besideVm(run: Run, base: TargetId | undefined) {
  const candidates: TargetId[] = ['vm:direct', ...targetsInOrder(run).filter(isVm)];
  const paired = (vm: TargetId, read: Reading) =>
    base === undefined ? undefined : pairedMedians(run, [base, vm], read);
  const vm = candidates.find((one) => paired(one, hostBytes) ?? paired(one, readyMs));
  return vm ? { vm, taken: paired(vm, hostBytes), ready: paired(vm, readyMs) } : {};
}

/** Four statements in one; it holds when those that could be measured do. */
export function apartSmallAndFast(run: Run): Answer {
  const container = sideOf(run, isContainer);
  const base = baselineOf(run);
  const { vm, taken, ready } = besideVm(run, base);
  const alone = on(run, (target) => target === base);
  const [memory = middle(alone, hostBytes), vmMemory] = taken?.medians ?? [];
  const [start = middle(alone, readyMs), vmStart] = ready?.medians ?? [];
  const emulated = isEmulated(on(run, (target) => target === vm));
  const sameBytes = answersTheSame(run);
  const tests: (boolean | undefined)[] = [
    container && container.apart.length > 0,
    sameBytes,
    memory !== undefined && vmMemory !== undefined ? memory < vmMemory : undefined,
    emulated || start === undefined || vmStart === undefined ? undefined : start < vmStart,
  ];
  const known = tests.filter((test) => test !== undefined);
  const figures = [
    ...(container ? [figure('container-apart', container.apart.length, 'count')] : []),
    ...(memory === undefined ? [] : [figure('container-memory', memory, 'bytes')]),
    ...(vmMemory === undefined ? [] : [figure('vm-memory', vmMemory, 'bytes')]),
    ...(start === undefined ? [] : [figure('container-ready', start, 'ms')]),
    figure('ways', new Set(counted(run).map(({ target }) => target)).size, 'count'),
  ];
  if (known.length === 0) return { standing: 'unknown', text: key('verdict.claim.C6.unknown'), figures };
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
    text: key(`verdict.claim.C6.${form}`, {
      ...(taken && sharedFacts(taken)),
      ...(memory !== undefined && { memory: bytes(memory) }),
      ...(vmMemory !== undefined && { vm: bytes(vmMemory) }),
      ...(start !== undefined && { start: { ms: start } }),
      ways: new Set(counted(run).map(({ target }) => target)).size,
      passed: known.filter(Boolean).length,
      of: tests.length,
    }),
    figures,
    chart: 'gross-memory',
    weakenedBy: weaknessesOf(run, 'memory'),
  };
}

/**
 * Whether one image gave the same bytes on all targets. An application that answers differently each time proves nothing; with
 * a single answer per side it cannot be told from one that differs.
 */
function answersTheSame(run: Run): boolean | undefined {
  const found = run.plan.workloads.map(({ name }) => {
    const trials = counted(run).filter(({ workload }) => workload === name);
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
