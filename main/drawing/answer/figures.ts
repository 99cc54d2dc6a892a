/** The figures of an answer in words: one unit for all that stand below each other, and no more digits than can be read at a glance. */
import type { Locale } from '../../contract/appearance';
import { message, nameOf, say } from '../../contract/messages';
import { scaleOf, showTimes, showValue, type Scale } from '../../contract/quantities';
import type { AnswerRow, AnswerSide } from '../../contract/report/report';

/** A picture is read at a glance. */
const digits = 2;

/** Values further apart than this have no unit in common that both can be read in. */
const mostApart = 10_000;

/** The one unit of a row's values; undefined where they have none in common. */
export function scaleIn({ unit, sides }: AnswerRow): Scale | undefined {
  const values = sides.flatMap(({ value, first, shared }) => [value, first ?? value, shared?.value ?? value]);
  const isFar = Math.max(...values) > Math.min(...values) * mostApart;
  return isFar ? undefined : scaleOf(unit, values);
}

/** Words the values of one row, all in the same unit. */
export function shownIn(locale: Locale, row: AnswerRow): (value: number) => string {
  const scale = scaleIn(row);
  return (value) => showValue(locale, row.unit, value, scale, digits);
}

/** `20 ×`. */
export const timesWords = (locale: Locale, times: number): string => showTimes(locale, times, digits);

/** By its target, or by what tells two of one target apart. */
export const nameOfSide = ({ label, target }: AnswerSide, locale: Locale): string =>
  label === undefined ? nameOf(locale, 'target', target) : say(locale, label);

/** Names the side that others are held against. */
export const againstWords = (base: AnswerSide, locale: Locale): string =>
  message(locale, 'picture.against', { target: nameOfSide(base, locale) });

interface RatioWords {
  words: string;
  /** said with reserve: it is not sure, or not the speed of VMs */
  reserved: boolean;
}

/** `20 ×`; in brackets where it may not be quoted by itself; empty for the side that others are held against. */
export function ratioOf(
  locale: Locale,
  { against, emulated }: AnswerSide,
  unit: AnswerRow['unit'],
): RatioWords {
  if (!against) return { words: '', reserved: false };
  if (against.judgement === 'same') return { words: message(locale, 'picture.same'), reserved: false };
  const times = timesWords(locale, against.ratio);
  const reserved =
    against.judgement === 'cannot-tell' ||
    against.judgement === 'not-comparable' ||
    (unit === 'ms' && emulated === true);
  return { words: reserved ? `(${times})` : times, reserved };
}
