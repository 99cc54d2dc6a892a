/** How sure a row of the answer is, in a few words, and how many rounds would make it surer. */
import { tell } from '../../../../contract/messages';
import type { Interval, Message } from '../../../../contract/report/report';
import { studentQuantile } from '../../statistics/distributions';
import type { Judged } from '../../statistics/judgement';
import {
  answered,
  contrastOf,
  emulatorOf,
  figureOf,
  isEmulatedSide,
  isMixedSide,
  valueOf,
  type AnsweredSide,
} from '../estimates/answered';
import type { Estimates } from '../estimates/estimates';
import { judgedOn } from '../estimates/judging';
import { timesAsMany } from '../estimates/ladders';
import { uselessWidth } from '../estimates/shown';
import { edgesOf, formOf, minimumFact } from '../sections/judgements';

type RowName = 'memory' | 'start-up';

/** An interval whose upper end is no more than so many times the lower one tells the size, not only the direction. */
const sureWidth = 1.5;
const widthOf = ({ low, high }: Interval): number => (low > 0 ? high / low : Infinity);

/** The base and the side that the sentence speaks of, where both have the figure. */
function pairOf(of: Estimates, row: RowName): [AnsweredSide, AnsweredSide] | undefined {
  const { sides, other } = answered(of);
  const [base] = sides;
  return base && other && [base, other].every((side) => figureOf(of, side, row).n > 0)
    ? [base, other]
    : undefined;
}

const judgedRow = (of: Estimates, row: RowName): Judged | undefined => {
  const pair = pairOf(of, row);
  const contrast = pair && contrastOf(of, pair[1], row);
  return contrast && judgedOn(of, contrast);
};

/** The interval turned so that it says how many times as much the larger side takes. */
const turned = ({ ratio, interval }: Judged): Interval =>
  ratio.value >= 1 ? interval! : { low: 1 / interval!.high, high: 1 / interval!.low };

/** Of a row with two sides; undefined where there is nothing to be held against each other. */
export function surenessOf(of: Estimates, row: RowName): Message | undefined {
  const pair = pairOf(of, row);
  if (!pair) return undefined;
  if (pair.some(isMixedSide)) return tell('answer.sureness.mixed');
  const judged = judgedRow(of, row);
  if (!judged) return undefined;
  if (row === 'memory') return surenessIn(judged, withoutEmulator(of) ? 'with-emulator' : undefined);
  return surenessIn(judged, pair.some(isEmulatedSide) ? 'only-here' : undefined);
}

/** Of how many times as many fit. */
export function densitySureness(of: Estimates): Message | undefined {
  const [times] = timesAsMany(of);
  return times && surenessIn(judgedOn(of, times.ratio));
}

/** @param but  it holds for this computer and tells nothing of others, or counts what only an emulator needs */
function surenessIn(judged: Judged, but?: 'only-here' | 'with-emulator'): Message {
  const form = formOf(judged);
  if (form === 'no-interval') return tell('answer.sureness.no-interval');
  if (form === 'same' || form === 'slight')
    return tell(`answer.sureness.${form}`, { minimum: minimumFact(judged.minimumEffect) });
  // as the picture has it, where nobody can tell which side is the larger
  const interval = form === 'unclear' ? judged.interval! : turned(judged);
  const width = widthOf(interval);
  if (width > uselessWidth)
    return tell(form === 'clear' ? 'answer.sureness.noisy' : 'answer.sureness.too-noisy');
  const facts = edgesOf(interval);
  if (form === 'unclear') return tell('answer.sureness.unclear', facts);
  if (but === 'only-here') return tell('answer.sureness.only-here', facts);
  const certain = width <= sureWidth ? 'sure' : 'direction';
  return tell(`answer.sureness.${certain}${but ? '-emulated' : ''}`, facts);
}

/** The ratio of memory as it would be without the cache of translated code that only an emulator needs: worked out, not measured. */
export function withoutEmulator(of: Estimates): Message | undefined {
  const judged = judgedRow(of, 'memory');
  if (!judged || formOf(judged) !== 'clear') return undefined;
  const [base, other] = pairOf(of, 'memory')!;
  const emulator = emulatorOf(of, other);
  const [ofBase, ofOther] = [base, other].map((side) => valueOf(of, side, 'memory')!) as [number, number];
  if (emulator === undefined || emulator >= ofOther || ofOther < ofBase || emulatorOf(of, base) !== undefined)
    return undefined;
  return tell('answer.doubt.emulator', {
    without: { times: (ofOther - emulator) / ofBase },
    emulator: { bytes: emulator },
  });
}

/** Numbers of rounds that a person would choose. */
const sensibleRounds = [3, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100];

/**
 * Rounds that would probably make every row sure: an interval gets narrower by the root of its rounds, and by Student's t. Undefined
 * where all are sure, and where even a hundred would not do.
 */
export function surerRounds(of: Estimates): number | undefined {
  if (of.run.plan.density) return undefined; // its rounds are ladders
  const needed = (['memory', 'start-up'] as const).map((row) => {
    const judged = judgedRow(of, row);
    return judged ? roundsFor(judged) : 0;
  });
  const most = Math.max(...needed);
  return most > 0 && Number.isFinite(most) ? most : undefined;
}

/** Whether more rounds would tell nothing more of a row. */
export function isSure(of: Estimates, row: RowName): boolean {
  const judged = judgedRow(of, row);
  return !judged || roundsFor(judged) === 0;
}

/** 0 where it is sure already; Infinity where no sensible number would do. */
function roundsFor(judged: Judged): number {
  const { ratio, interval, error, minimumEffect } = judged;
  const form = formOf(judged);
  if (form === 'no-interval') return sensibleRounds.find((n) => n >= 5)!;
  const width = widthOf(interval!);
  if (form === 'same' || form === 'slight' || (form === 'clear' && width <= sureWidth)) return 0;
  if (!Number.isFinite(width) || ratio.degrees <= 0) return Infinity;
  const quantile = (degrees: number) => studentQuantile(1 - error / 2, degrees);
  const deviation = (Math.log(width) / 2 / quantile(ratio.degrees)) * Math.sqrt(ratio.n);
  // one that cannot be told needs an interval beside 1, or within the smallest effect; a clear one its size
  const wanted =
    form === 'clear'
      ? Math.log(sureWidth) / 2
      : Math.max(Math.abs(Math.log(ratio.value)), Math.log(1 + minimumEffect));
  const isEnough = (n: number) => (quantile(n - 1) * deviation) / Math.sqrt(n) <= wanted;
  return sensibleRounds.find((n) => n > ratio.n && isEnough(n)) ?? Infinity;
}
