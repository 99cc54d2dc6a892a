/** The one sentence of a run: which takes more, how much more, with both figures. Memory comes first, since emulation changes it least. */
import { inSentence, isMessageKey, tell, type MessageKey } from '../../../../contract/messages';
import { inUnit, type Fact, type Message } from '../../../../contract/report/report';
import { showBytes, showInterval } from '../../../../contract/quantities';
import { hasLimits, kindOf } from '../../../../contract/targets';
import { abFigures } from '../estimates/ab';
import {
  answered,
  contrastOf,
  isEmulatedSide,
  isMixedSide,
  valueOf,
  type AnsweredSide,
} from '../estimates/answered';
import type { Estimates } from '../estimates/estimates';
import { judgedOn, minimumEffectOf } from '../estimates/judging';
import { climbedPairs, timesAsMany } from '../estimates/ladders';
import { abVerdict } from '../sections/ab';
import { formOf, minimumFact } from '../sections/judgements';

export function sentenceOf(of: Estimates): Message {
  return ofDensity(of) ?? ofAb(of) ?? ofRow(of, 'memory') ?? ofRow(of, 'start-up') ?? tell('answer.nothing');
}

/** How many fit. */
function ofDensity(of: Estimates): Message | undefined {
  const [times] = timesAsMany(of);
  if (times) {
    const { judgement, interval, minimumEffect } = judgedOn(of, times.ratio);
    const form = interval ? judgement : 'no-interval';
    return tell(`answer.density.${form}`, {
      containers: times.container.prediction!.count,
      vms: times.vm.prediction!.count,
      times: { times: times.ratio.value },
      minimum: minimumFact(minimumEffect),
    });
  }
  const pair = climbedPairs(of).find(({ prediction }) => prediction);
  return pair && tell('answer.density.single', { count: pair.prediction!.count });
}

/** What was asked: whether B takes more. A figure that got worse comes first, then one that changed. */
function ofAb(of: Estimates): Message | undefined {
  const { ab, commits } = of.run.plan;
  if (!ab) return undefined;
  const verdicts = abFigures(of).map((figure) => abVerdict({ ab, commits }, figure));
  const gravest =
    verdicts.find(({ worse }) => worse) ??
    verdicts.find(({ judgement }) => judgement === 'differs') ??
    verdicts.find(({ about }) => about?.subject === 'memory') ??
    verdicts[0];
  return gravest?.text;
}

/** What a side is called at the begin of a sentence and within it. */
export const nameOf = ({ target, workload }: AnsweredSide, place: 'subject' | 'object'): Fact =>
  workload ?? inSentence(target, place);

/** Which is ready sooner, or how soon the only one is. */
export const startSentence = (of: Estimates): Message | undefined => ofRow(of, 'start-up');

function ofRow(of: Estimates, row: 'memory' | 'start-up'): Message | undefined {
  const { sides, other } = answered(of);
  const [base] = sides;
  const factOf = (side: AnsweredSide): Fact | undefined => {
    const value = valueOf(of, side, row);
    return value === undefined ? undefined : inUnit(row === 'memory' ? 'bytes' : 'ms', value);
  };
  const measured = [base, other].filter(
    (side) => side !== undefined && factOf(side) !== undefined,
  ) as AnsweredSide[];
  const [one, two] = measured;
  if (!one) return undefined;
  const n = one.groups.length;
  const isEmulated = row === 'start-up' && measured.some(isEmulatedSide);
  const limit = row === 'memory' ? limitOf(of, measured) : {};
  if (!two) {
    const facts = { more: nameOf(one, 'subject'), moreValue: factOf(one)!, n, ...limit };
    if (isEmulated) return tell('answer.start-up.emulated-single', facts);
    return tell(withLimit(`answer.${row}.single`, limit), facts);
  }
  const contrast = one === base ? contrastOf(of, two, row) : undefined;
  const isMore = !contrast || contrast.value >= 1;
  const [less, more] = isMore ? [one, two] : [two, one];
  const facts = {
    more: nameOf(more, 'subject'),
    less: nameOf(less, 'object'),
    moreValue: factOf(more)!,
    lessValue: factOf(less)!,
    n,
    minimum: minimumFact(minimumEffectOf(of)),
    ...limit,
  };
  if (isEmulated) return tell('answer.start-up.emulated', { ...facts, less: nameOf(less, 'subject') });
  if (!contrast) return isMixedSide(one) || isMixedSide(two) ? tell(`answer.${row}.mixed`, facts) : undefined;
  const form = formOf(judgedOn(of, contrast));
  return tell(withLimit(`answer.${row}.${form === 'clear' ? 'differs' : form}`, limit), {
    ...facts,
    ratio: { times: isMore ? contrast.value : 1 / contrast.value },
  });
}

/** A VM's memory grows with its limit: what is said of it holds for that alone. None where there is no VM, or none has a limit. */
function limitOf(of: Estimates, sides: readonly AnsweredSide[]): Record<string, Fact> {
  const names = sides
    .filter(({ target }) => kindOf(target) === 'vm' && hasLimits(target))
    .flatMap(({ groups }) => groups.map(({ workload }) => workload));
  return names.length > 0 ? { limit: limitText(of, names) } : {};
}

/**
 * The memory limit of applications, from the smallest to the largest. In a unit that the sentence's other sizes do not share; sizes are
 * written alike in every language.
 */
export function limitText({ run: { plan } }: Estimates, names: readonly string[]): string {
  const limits = plan.workloads
    .filter(({ name }) => names.includes(name))
    .map(({ limits: { memoryBytes } }) => memoryBytes);
  const [low, high] = [Math.min(...limits), Math.max(...limits)];
  return low === high ? showBytes('en', low) : showInterval('en', 'bytes', { low, high });
}

/** The text that names the limit, where there is one and the figures hold for it. */
const withLimit = (key: MessageKey, { limit }: Record<string, Fact>): MessageKey => {
  const named = `${key}.limit`;
  return limit !== undefined && isMessageKey(named) ? named : key;
};
