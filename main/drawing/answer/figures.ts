/** The figures of an answer in words: one unit for all that stand below each other, and no more digits than can be read at a glance. */
import type { Locale } from '../../contract/appearance';
import { message, nameOf, say } from '../../contract/messages';
import type { AnswerRow, AnswerSide } from '../../contract/report/report';

interface Scale {
  unit: string;
  size: number;
}

const scales: Record<AnswerRow['unit'], readonly Scale[]> = {
  ms: [
    { unit: 'min', size: 60_000 },
    { unit: 's', size: 1000 },
    { unit: 'ms', size: 1 },
  ],
  bytes: [
    { unit: 'TiB', size: 2 ** 40 },
    { unit: 'GiB', size: 2 ** 30 },
    { unit: 'MiB', size: 2 ** 20 },
    { unit: 'KiB', size: 2 ** 10 },
    { unit: 'B', size: 1 },
  ],
};

/** of a unit: `0.03 s` is read more easily beside `9 s` than `30 ms` */
const leastShare = 0.02;

/** Values further apart than this have no unit in common that both can be read in. */
const mostApart = 100_000;

/** The largest unit in which the smallest value is still a number of its own. */
function scaleFor(unit: AnswerRow['unit'], values: readonly number[]): Scale {
  const all = scales[unit];
  const least = values.reduce((low, value) => (value > 0 && value < low ? value : low), Infinity);
  const most = values.reduce((high, value) => Math.max(high, value), 0);
  const fits = ({ size }: Scale) => most >= size * (size === 60_000 ? 2 : 1) && least >= size * leastShare;
  return all.find(fits) ?? all.at(-1)!;
}

/** Two significant digits at least, and no decimals from 10 on. */
const digits = (value: number): Intl.NumberFormatOptions =>
  Math.abs(value) >= 9.95 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 2 };

const number = (locale: Locale, value: number): string => value.toLocaleString(locale, digits(value));

/** Words the values of one row, all in the same unit. */
export function shownIn(locale: Locale, { unit, sides }: AnswerRow): (value: number) => string {
  const values = sides.flatMap(({ value, first, shared }) => [value, first ?? value, shared?.value ?? value]);
  const isFar = Math.max(...values) > Math.min(...values) * mostApart;
  const common = scaleFor(unit, values);
  return (value) => {
    const scale = isFar ? scaleFor(unit, [value]) : common;
    return `${number(locale, value / scale.size)} ${scale.unit}`;
  };
}

/** `20 ×`, in two significant digits. */
export const timesWords = (locale: Locale, times: number): string =>
  `${number(locale, times)} ${locale === 'zh-CN' ? '倍' : '×'}`;

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
