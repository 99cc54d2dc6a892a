/** The claims that hold a container against a VM: by the same applications in the same rounds. */
import { tell } from '../../../../contract/messages';
import { hostBytes, readyMs } from '../../../../contract/metrics';
import type { Message } from '../../../../contract/report/report';
import { kindOf } from '../../../../contract/targets';
import {
  besideVm,
  claimedStarts,
  slowTimes,
  vmToContainer,
  type Paired,
  type Start,
} from '../estimates/applications';
import type { Estimates } from '../estimates/estimates';
import { isEmulated } from '../estimates/groups';
import { besideBase } from '../estimates/measured';
import { judgedOn } from '../estimates/judging';
import { coarseStarts, weaknessesOf } from '../weaknesses';
import {
  bytes,
  edges,
  figure,
  isAbove,
  middle,
  on,
  sideOf,
  times,
  withoutSystem,
  type ClaimAnswer,
} from './answer';

/** What the two sides of a comparison have in common, for its text. */
const sharedFacts = ({ workloads, n }: Paired): Message['facts'] => ({ workloads: workloads.join(', '), n });

/** With nothing warmed up, the first start of each kind pays for caches that the later ones find filled. */
const coldStarts = ({ run: { plan } }: Estimates): Message[] =>
  plan.warmups === 0 ? [tell('weakened.no-warmup', { trials: plan.trials })] : [];

/** An operating system starts slowly: the full system and the direct boot against the container. */
export function slowStart(of: Estimates): ClaimAnswer {
  const starts = claimedStarts(of);
  if (!starts) return withoutSystem(of, 'C4');
  const { paired, direct, system, within } = starts;
  const beside = (start: Start | undefined) =>
    start?.toContainer && besideBase(starts.container, start.toContainer);
  const [container, ofDirect, ofSystem] = [starts.container.centre(), beside(direct), beside(system)];
  const figures = [
    ...figure('container-ready', container, 'ms'),
    ...figure('direct-ready', ofDirect, 'ms'),
    ...figure('full-ready', ofSystem, 'ms'),
  ];
  const facts = {
    ...sharedFacts(paired),
    container: { ms: container! },
    ...(direct && { direct: { ms: ofDirect! }, ...howSlow(of, direct, 'Direct') }),
    ...(system && { system: { ms: ofSystem! }, ...howSlow(of, system, 'System') }),
    least: slowTimes,
  };
  const weakenedBy = [...weaknessesOf(of, 'time'), ...coarseStarts(of), ...coldStarts(of)];
  const common = { figures, chart: 'start-up', weakenedBy };
  if (!direct || !system)
    return { standing: 'unknown', text: tell('verdict.claim.C4.half', facts), ...common };
  // Emulated machines are no judges of how slowly machines start; only of how one of them stands against another.
  if (isEmulated(on(of, (target) => kindOf(target) === 'vm'))) {
    const interval = within && judgedOn(of, within).interval;
    const isMostly = isAbove(interval, 2); // then more than half of the full system's time is the distribution's
    const apart = within && { within: times(within.value), ...edges(interval, times) };
    const text = tell(`verdict.claim.C4.${isMostly ? 'emulated' : 'emulated-alone'}`, { ...facts, ...apart });
    return { standing: 'unknown', text, ...common };
  }
  const [slow, slowDirect] = [system, direct].map(({ toSlow }) =>
    isAbove(toSlow && judgedOn(of, toSlow).interval, 1),
  );
  const standing =
    slow === undefined || slowDirect === undefined || (slowDirect && !slow)
      ? 'unknown'
      : slow
        ? slowDirect
          ? 'holds'
          : 'partly'
        : 'fails';
  const form = standing === 'unknown' ? 'unsure' : standing;
  return { standing, text: tell(`verdict.claim.C4.${form}`, facts), ...common };
}

/** How many times as long as the container it takes, with the interval by which it was judged. */
function howSlow(of: Estimates, { toContainer, toSlow }: Start, name: 'Direct' | 'System'): Message['facts'] {
  if (!toContainer || !toSlow) return {};
  const interval = toContainer.intervalAt(judgedOn(of, toSlow).error);
  return {
    [`of${name}`]: times(toContainer.value),
    ...edges(interval, times, [`low${name}`, `high${name}`]),
  };
}

/** Whether the VM clearly takes more than the container, or clearly does not; undefined where it cannot be told. */
function takesMore(of: Estimates, paired: Paired | undefined): boolean | undefined {
  const ratio = vmToContainer(paired);
  if (!ratio) return undefined;
  const { judgement } = judgedOn(of, ratio);
  return judgement === 'cannot-tell' ? undefined : judgement === 'differs' && ratio.value > 1;
}

/** Four statements in one; it holds when those that could be measured do. */
export function apartSmallAndFast(of: Estimates): ClaimAnswer {
  const container = sideOf(of, (target) => kindOf(target) === 'container');
  const { vm, taken, ready } = besideVm(of);
  const alone = on(of, (target) => target === of.baseline);
  const [memory = middle(alone, hostBytes.read), vmMemory] = figuresOf(taken);
  const [start = middle(alone, readyMs.read)] = figuresOf(ready);
  const ways = new Set(of.counted.map(({ target }) => target)).size;
  const emulated = isEmulated(on(of, (target) => target === vm));
  const isSmaller = takesMore(of, taken);
  const tests: (boolean | undefined)[] = [
    container && container.apart.length > 0,
    answersTheSame(of),
    isSmaller,
    emulated ? undefined : takesMore(of, ready),
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
  const asFar = isSmaller && start !== undefined ? 'as-far' : taken ? 'as-unsure' : 'as-little';
  const form = standing === 'partly' && known.every(Boolean) ? asFar : standing;
  const ratio = vmToContainer(taken);
  return {
    standing,
    text: tell(`verdict.claim.C6.${form}`, {
      ...(taken && sharedFacts(taken)),
      ...(memory !== undefined && { memory: bytes(memory) }),
      ...(vmMemory !== undefined && { vm: bytes(vmMemory) }),
      ...(start !== undefined && { start: { ms: start } }),
      ...(ratio && { times: times(ratio.value), ...edges(judgedOn(of, ratio).interval, times) }),
      ways,
      passed: known.filter(Boolean).length,
      of: tests.length,
    }),
    figures,
    chart: 'memory',
    weakenedBy: weaknessesOf(of, 'memory'),
  };
}

/** Of the container, and of the VM beside it. */
function figuresOf(paired: Paired | undefined): (number | undefined)[] {
  const ratio = vmToContainer(paired);
  const [container, vm] = paired?.figures ?? [];
  return [container?.centre(), ratio ? besideBase(container!, ratio) : vm?.centre()];
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
