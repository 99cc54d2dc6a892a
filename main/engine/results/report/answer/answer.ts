/** What a run says first: one sentence, a row of figures for memory, start and disk, how sure each is, and every doubt once. */
import { tell } from '../../../../contract/messages';
import type { Answer, AnswerRow, AnswerSide, Message, Verdict } from '../../../../contract/report/report';
import {
  answered,
  contrastOf,
  diskBytes,
  diskOf,
  figureOf,
  isEmulatedSide,
  isMixedSide,
  kernelOf,
  moreForFirst,
  type AnsweredSide,
} from '../estimates/answered';
import type { Estimates } from '../estimates/estimates';
import { judgedOn } from '../estimates/judging';
import type { Measured } from '../estimates/measured';
import { shownBeside } from '../estimates/shown';
import { byApplication } from './applications';
import { doubtsOf } from './doubts';
import { sentenceOf } from './sentence';
import { densitySureness, surenessOf, surerRounds } from './sureness';

/**
 * @param verdicts  with what weakens them
 * @returns undefined where no trial counts
 */
export function answerOf(of: Estimates, verdicts: readonly Verdict[]): Answer | undefined {
  const { sides, other } = answered(of);
  if (sides.length === 0) return undefined;
  const rows = [compared(of, 'memory'), compared(of, 'start-up'), disk(of)].filter(
    (row) => row !== undefined,
  );
  const applications = other && byApplication(of, sides[0]!.target, other.target);
  const sureness = densitySureness(of);
  const rounds = surerRounds(of);
  return {
    text: sentenceOf(of),
    ...(sureness && { sureness }),
    rows,
    doubts: doubtsOf(of, verdicts),
    ...(rounds !== undefined && { surerRounds: rounds }),
    ...(applications && { applications }),
  };
}

/** Names a side by its workload, where two of them are held against each other. */
const labelOf = ({ workload }: AnsweredSide): Pick<AnswerSide, 'label'> =>
  workload === undefined ? {} : { label: workload };

/** What the figures of several applications are. */
const about = (name: 'all' | 'mean' | 'cold-mean' | 'disk', { groups }: AnsweredSide): { about?: Message } =>
  groups.length > 1 ? { about: tell(`answer.about.${name}`, { n: groups.length }) } : {};

/** The same of start-ups, which are told apart by whether they were cold. */
const aboutStarts = ({ run }: Estimates, side: AnsweredSide): { about?: Message } =>
  run.plan.cold ? { about: tell('answer.about.cold'), ...about('cold-mean', side) } : about('mean', side);

/** A row of figures by which the sides are held against each other. */
function compared(of: Estimates, id: 'memory' | 'start-up'): AnswerRow | undefined {
  const all = answered(of).sides;
  const sides = all
    .filter((side) => figureOf(of, side, id).n > 0)
    .map((side): AnswerSide => {
      const contrast = contrastOf(of, side, id);
      const base = figureOf(of, all[0]!, id);
      const { value, interval } = contrast
        ? shownBeside(base, judgedOn(of, contrast))
        : { value: figureOf(of, side, id).centre() };
      const more = (id === 'memory' && moreForFirst(side)) || 0;
      return {
        target: side.target,
        ...labelOf(side),
        value: value!,
        ...(interval && { interval }),
        points: [...figureOf(of, side, id).values],
        ...(more > 0 && { first: value! + more }),
        ...(isEmulatedSide(side) && { emulated: true }),
        ...against(of, side, id),
      };
    });
  if (sides.length === 0) return undefined;
  const sureness = surenessOf(of, id);
  return {
    id,
    unit: id === 'memory' ? 'bytes' : 'ms',
    ...(id === 'memory' ? about('all', all[0]!) : aboutStarts(of, all[0]!)),
    sides,
    ...(sureness && { sureness }),
  };
}

function against(of: Estimates, side: AnsweredSide, id: 'memory' | 'start-up'): Pick<AnswerSide, 'against'> {
  const [base] = answered(of).sides;
  const contrast = contrastOf(of, side, id);
  if (!contrast) {
    if (!base || base === side || !(isMixedSide(base) || isMixedSide(side))) return {};
    const [value, ofBase] = [figureOf(of, side, id).centre(), figureOf(of, base, id).centre()];
    return value && ofBase ? { against: { ratio: value / ofBase, judgement: 'not-comparable' } } : {};
  }
  const { judgement, interval } = judgedOn(of, contrast);
  return { against: { ratio: contrast.value, ...(interval && { interval }), judgement } };
}

/** The same each time: no interval. What is shared by all VMs has to be there too, so that a ratio counts it. */
function disk(of: Estimates): AnswerRow | undefined {
  const { sides } = answered(of);
  const known = sides.flatMap((side) => {
    const value = diskOf(of, side);
    return value === undefined ? [] : [{ side, value, shared: kernelOf(side) }];
  });
  const [base] = known;
  if (!base) return undefined;
  const isExact = known.every(({ side: { groups } }) =>
    groups.every((group) => isSteady(group.of(diskBytes))),
  );
  const whole = ({ value, shared = 0 }: { value: number; shared?: number | undefined }) => value + shared;
  return {
    id: 'disk',
    unit: 'bytes',
    ...about('disk', base.side),
    sides: known.map((one): AnswerSide => ({
      target: one.side.target,
      ...labelOf(one.side),
      value: one.value,
      ...(one.shared !== undefined && {
        shared: { label: tell('answer.shared.kernel'), value: one.shared },
      }),
      ...(one !== base && base.side === sides[0] && { against: onDisk(whole(one) / whole(base)) }),
    })),
    ...(isExact && known.length > 1 && { sureness: tell('answer.sureness.exact') }),
  };
}

/** Two figures that are read as the same. */
const sameShare = 0.005;
const isSteady = ({ values }: Measured): boolean =>
  Math.max(...values) <= Math.min(...values) * (1 + sameShare);
const onDisk = (ratio: number): AnswerSide['against'] => ({
  ratio,
  ...(Math.abs(ratio - 1) <= sameShare && { judgement: 'same' }),
});
