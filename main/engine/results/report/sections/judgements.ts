/** What all sentences about two sides have in common: which is less, by how much, how sure, and what would have been seen. */
import { inUnit, type Fact, type Interval, type Verdict } from '../../../../contract/report/report';
import type { Group } from '../estimates/groups';
import { besideBase } from '../estimates/measured';
import type { Sides } from '../estimates/sides';
import type { Trial } from '../../../../contract/run/run';
import type { Judged } from '../../statistics/judgement';

/**
 * The sentence's form. `clear`: they differ · `same`: within the smallest effect · `slight`: they differ, but perhaps by less than that ·
 * `unclear`: nothing can be told · `no-interval`: too few trials for any
 */
export type Form = 'clear' | 'same' | 'slight' | 'unclear' | 'no-interval';

export function formOf({ judgement, interval }: Judged): Form {
  if (!interval) return 'no-interval';
  if (judgement === 'differs') return 'clear';
  if (judgement === 'same') return 'same';
  return interval.low > 1 || interval.high < 1 ? 'slight' : 'unclear';
}

/** Whether the other side is the one that takes less; where nothing can be told the base is named first. */
const isOtherLess = (judged: Judged): boolean =>
  ['clear', 'slight'].includes(formOf(judged)) && judged.ratio.value < 1;

/** Two that differ and two that are the same are both clear findings. */
export const standingOf = ({ judgement }: Pick<Judged, 'judgement'>): Verdict['standing'] =>
  judgement === 'cannot-tell' ? 'unclear' : 'holds';

/** The judgement as data, beside its sentence. */
export const judgementOf = ({
  judgement,
  detectable,
}: Judged): Pick<Verdict, 'judgement' | 'detectable'> => ({
  judgement,
  ...(judgement === 'cannot-tell' && detectable !== undefined && { detectable }),
});

/** The smallest difference worth telling, given as a share. */
export const minimumFact = (effect: number): Fact => ({ percent: effect * 100 });

/** The ratio with its edges, turned so that it says how many times as much the larger side takes. */
function ratioFacts(judged: Judged): Record<string, Fact> {
  const { ratio, interval, detectable } = judged;
  const turn = (value: number) => threeDigits(isOtherLess(judged) ? 1 / value : value);
  const edges = interval && [turn(interval.low), turn(interval.high)].sort((a, b) => a - b);
  return {
    ratio: turn(ratio.value),
    ...(edges && { low: edges[0]!, high: edges[1]! }),
    ...(detectable !== undefined && { seen: seenFact(detectable) }),
    minimum: minimumFact(judged.minimumEffect),
  };
}

/** More than this is not worth a figure: of so few rounds it may come out as anything. */
const mostTold = 10;

/** A difference that would have been seen: as a share up to a doubling, then as a ratio, and beyond ten times in words. */
export function seenFact(detectable: number): Fact {
  if (detectable <= 2) return { percent: (detectable - 1) * 100 };
  return detectable <= mostTold ? { times: detectable } : { words: 'judgement.seen.tenfold' };
}

/** As many digits as a comparison can be read at; the tables keep them all. */
export const threeDigits = (value: number): number => Number(value.toPrecision(3));

/** As many as a sentence needs. */
export const twoDigits = (value: number): number =>
  value >= 10 ? Math.round(value) : Number(value.toPrecision(2));

/** The ends of an interval with as many digits as a sentence needs, and one more where they would else be the same. */
export function edgesOf({ low, high }: Interval): { low: number; high: number } {
  const short = { low: twoDigits(low), high: twoDigits(high) };
  return short.low < short.high ? short : { low: threeDigits(low), high: threeDigits(high) };
}

const countOf = (a: number, b: number): string => (a === b ? String(a) : `${a} / ${b}`);

/** What a sentence on one metric of two sides names: the one that takes less first. */
export function sidesFacts(
  { base, other }: Pick<Sides, 'base' | 'other'>,
  { unit, read }: { unit: 'ms' | 'bytes'; read: (trial: Trial) => number | undefined },
  judged: Judged,
): Record<string, Fact> {
  const [less, more] = isOtherLess(judged) ? [other, base] : [base, other];
  const ofBase = base.of(read);
  const valueOf = (group: Group) =>
    inUnit(unit, group === base ? ofBase.centre()! : besideBase(ofBase, judged.ratio));
  return {
    workload: other.workload,
    less: { target: less.target },
    more: { target: more.target },
    lessValue: valueOf(less),
    moreValue: valueOf(more),
    n: countOf(base.of(read).n, other.of(read).n),
    ...ratioFacts(judged),
  };
}
