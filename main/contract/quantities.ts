/** Quantities as people read and write them. Inside Tare everything is in bytes and milliseconds. */
import type { Locale } from './appearance';
import type { Interval, Unit } from './report/report';

/** Made once each: making one takes longer than all else that a live page does for a figure. */
const formats = new Map<string, Intl.NumberFormat>();
function formatOf(locale: Locale, decimals: number): Intl.NumberFormat {
  const key = `${locale} ${decimals}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(locale, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  formats.set(key, made);
  return made;
}

/** Rounded before it is worded, so that nothing reads `-0.00`. */
const number = (locale: Locale, value: number, decimals: number): string =>
  formatOf(locale, decimals).format(Number(value.toFixed(decimals)) + 0);

/** Three significant digits are the precision at which a comparison can be read; a sentence needs two. */
export type Digits = 2 | 3 | 4;
const usual = 3 as Digits;

/** What is smaller than this has no more decimals: a figure is not to be drowned in zeros. */
const mostDecimals = 8;

/** So many decimals as `digits` significant digits need; 99.97 has none of three, since it rounds to 100. */
function decimalsFor(value: number, digits: Digits): number {
  const needed = (of: number) =>
    of === 0 ? 0 : Math.min(mostDecimals, Math.max(0, digits - 1 - Math.floor(Math.log10(of))));
  const size = Math.abs(value);
  const decimals = needed(size);
  return Number(size.toFixed(decimals)) === 0 ? decimals : needed(Number(size.toFixed(decimals)));
}

const significant = (locale: Locale, value: number, digits: Digits): string =>
  number(locale, value, decimalsFor(value, digits));

export const showNumber = (locale: Locale, value: number): string => value.toLocaleString(locale);

/** A unit that quantities are shown in. */
export interface Scale {
  symbol: string;
  /** of bytes, or of milliseconds */
  size: number;
}

const scales: Record<'bytes' | 'ms', readonly Scale[]> = {
  bytes: ['B', 'KiB', 'MiB', 'GiB', 'TiB'].map((symbol, power) => ({ symbol, size: 1024 ** power })),
  ms: [
    { symbol: 'ms', size: 1 },
    { symbol: 's', size: 1000 },
    { symbol: 'min', size: 60_000 },
  ],
};
/** From so many of a unit on the next one is used: seconds from one second on, minutes from two. */
const enough: Record<'bytes' | 'ms', readonly number[]> = {
  bytes: [1023.5, 1023.5, 1023.5, 1023.5],
  ms: [999.5, 119.95],
};

/** Beside others a quantity may be as large or as small as this in their unit before another one is chosen. */
const mostOfUnit = 10_000;
const leastOfUnit: Record<'bytes' | 'ms', readonly number[]> = {
  bytes: [0, 0.95, 0.95, 0.95, 0.95],
  ms: [0, 0.01, 0.95],
};

/**
 * The one unit for quantities that stand together, in a column or a sentence: the largest's own, or a smaller one where the smallest
 * could not be read in that.
 */
export function scaleOf(unit: 'bytes' | 'ms', values: readonly number[]): Scale {
  const sizes = values.map(Math.abs).filter((size) => size > 0 && Number.isFinite(size));
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  const smallest = sizes.reduce((least, size) => Math.min(least, size), Infinity);
  const all = scales[unit];
  let at = 0;
  while (at < all.length - 1 && largest / all[at]!.size >= enough[unit][at]!) at += 1;
  while (
    at > 0 &&
    smallest / all[at]!.size < leastOfUnit[unit][at]! &&
    largest / all[at - 1]!.size < mostOfUnit
  )
    at -= 1;
  return all[at]!;
}

/** The number alone, in a unit. Sizes that are whole in it stay so: `256`, not `256.0`. */
function inScale(
  locale: Locale,
  unit: 'bytes' | 'ms',
  value: number,
  { size }: Scale,
  digits: Digits,
): string {
  const scaled = value / size;
  if (unit === 'bytes' && Number.isInteger(scaled)) return showNumber(locale, scaled);
  // a tenth of a millisecond is the least that anything here is measured to
  if (unit === 'ms' && size === 1)
    return number(locale, scaled, scaled === 0 || Math.abs(scaled) >= 9.95 ? 0 : 1);
  return significant(locale, scaled, digits);
}

/** Bytes in binary units: `1.95 GiB`. */
export const showBytes = (
  locale: Locale,
  bytes: number,
  scale = scaleOf('bytes', [bytes]),
  digits = usual,
): string => `${inScale(locale, 'bytes', bytes, scale, digits)} ${scale.symbol}`;

/** Milliseconds below one second, then seconds, then minutes: `412 ms`, `4.19 s`. */
export const showMs = (locale: Locale, ms: number, scale = scaleOf('ms', [ms]), digits = usual): string =>
  `${inScale(locale, 'ms', ms, scale, digits)} ${scale.symbol}`;

/** `3.40 ×`; Chinese has a word for it, `3.40 倍`. From ten on a whole number needs no decimals: `13 ×`. */
export const showTimes = (locale: Locale, times: number, digits = usual): string =>
  `${factor(locale, times, digits)} ${locale === 'zh-CN' ? '倍' : '×'}`;

const factor = (locale: Locale, value: number, digits: Digits): string => {
  const text = significant(locale, value, digits);
  return Math.abs(value) >= 9.95 ? text.replace(/\.0+$/, '') : text;
};

/**
 * `95 %`, and without the space in Chinese.
 * @param percent  0 to 100
 */
export const showPercent = (locale: Locale, percent: number, digits = usual): string =>
  `${significant(locale, percent, digits).replace(/\.0+$/, '')}${locale === 'zh-CN' ? '' : ' '}%`;

/** A table's or chart's value in its unit. */
export function showValue(
  locale: Locale,
  unit: Unit,
  value: number | string,
  scale?: Scale,
  digits: Digits = usual,
): string {
  if (typeof value === 'string') return value;
  switch (unit) {
    case 'ms':
      return showMs(locale, value, scale, digits);
    case 'bytes':
      return showBytes(locale, value, scale, digits);
    case 'times':
      return showTimes(locale, value, digits);
    case 'percent':
      return showPercent(locale, value, digits);
    default:
      return showNumber(locale, value);
  }
}

/** A figure and its unit stay on one line. */
export const unbroken = (text: string): string => text.replace(/(\d) (?=[A-Za-z×%])/g, '$1\u00a0');

/** `189 – 195 MiB`: the unit once, the same for both ends. */
export function showInterval(locale: Locale, unit: Unit, { low, high }: Interval, scale?: Scale): string {
  const one = unit === 'ms' || unit === 'bytes' ? (scale ?? scaleOf(unit, [low, high])) : undefined;
  const [from, to] = [showValue(locale, unit, low, one), showValue(locale, unit, high, one)];
  const suffix = / ?[^\d\s]+$/.exec(to)?.[0];
  return suffix !== undefined && from.endsWith(suffix)
    ? `${from.slice(0, -suffix.length)} – ${to}`
    : `${from} – ${to}`;
}

const powers: Record<string, number> = { '': 0, k: 1, m: 2, g: 3, t: 4 };

/**
 * A size as people write it: `256M`, `1G`, `512MiB`, `1.5g`, or a bare number of bytes. Units are binary, as in `docker run --memory`.
 * @returns bytes, or undefined when the text is not a size
 */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(text.trim());
  if (!match) return undefined;
  const bytes = Math.round(Number(match[1]) * 1024 ** powers[match[2]!.toLowerCase()]!);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

const durations: Record<string, number> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };

/**
 * A duration as people write it: `500ms`, `5s`, `1.5s`, `5m`, `1m30s`. A unit is needed, except for `0`.
 * @returns milliseconds, or undefined when the text is not a duration
 */
export function parseMs(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '0') return 0;
  if (!/^(\d+(\.\d+)?\s*(ms|s|min|m|h)\s*)+$/.test(trimmed)) return undefined;
  let ms = 0;
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*(ms|s|min|m|h)/g)) {
    ms += Number(amount) * durations[unit!]!;
  }
  return Number.isSafeInteger(Math.round(ms)) ? Math.round(ms) : undefined;
}

/**
 * A share as people write it: `10%`, `2.5 %` or `0.1`.
 * @returns 0.1 for `10%`, or undefined when the text is not a share above 0
 */
export function parseShare(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim());
  const share = Number(match?.[1]) / (match?.[2] ? 100 : 1);
  return share > 0 ? share : undefined;
}
