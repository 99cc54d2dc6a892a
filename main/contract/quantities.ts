/** Quantities as people read and write them. Inside Tare everything is in bytes and milliseconds. */
import type { Locale } from './appearance';
import type { Interval, Unit } from './report/report';

/** Made once each: making one takes longer than all else that a live page does for a figure. */
const formats = new Map<string, Intl.NumberFormat>();
function formatOf(locale: Locale, digits: number): Intl.NumberFormat {
  const key = `${locale} ${digits}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  formats.set(key, made);
  return made;
}

/** Rounded before it is worded, so that nothing reads `-0.00`. */
const number = (locale: Locale, value: number, digits: number): string =>
  formatOf(locale, digits).format(Number(value.toFixed(digits)) + 0);

/** Three significant digits, the precision at which a comparison can be read. */
const digitsFor = (value: number): number =>
  Math.abs(value) >= 99.95 ? 0 : Math.abs(value) >= 9.995 ? 1 : 2;

const three = (locale: Locale, value: number): string => number(locale, value, digitsFor(value));

export const showNumber = (locale: Locale, value: number): string => value.toLocaleString(locale);

const steps = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Bytes in binary units: `1.95 GiB`. */
export function showBytes(locale: Locale, bytes: number): string {
  let step = 0;
  let value = bytes;
  while (Math.abs(value) >= 1023.5 && step < steps.length - 1) {
    value /= 1024;
    step += 1;
  }
  return `${step === 0 || Number.isInteger(value) ? showNumber(locale, value) : three(locale, value)} ${steps[step]}`;
}

/** Milliseconds below ten seconds, then seconds, then minutes. */
export function showMs(locale: Locale, ms: number): string {
  const size = Math.abs(ms);
  if (size < 9999.5) return `${number(locale, ms, size < 9.95 ? 1 : 0)} ms`;
  if (size < 119_950) return `${number(locale, ms / 1000, 1)} s`;
  return `${number(locale, ms / 60_000, 1)} min`;
}

/** `3.40 ×`; Chinese has a word for it, `3.40 倍`. */
export const showTimes = (locale: Locale, times: number): string =>
  `${three(locale, times)} ${locale === 'zh-CN' ? '倍' : '×'}`;

/**
 * `95.0 %`, and without the space in Chinese.
 * @param percent  0 to 100
 */
export const showPercent = (locale: Locale, percent: number): string =>
  `${three(locale, percent)}${locale === 'zh-CN' ? '' : ' '}%`;

/** A table's or chart's value in its unit. */
export function showValue(locale: Locale, unit: Unit, value: number | string): string {
  if (typeof value === 'string') return value;
  const shows: Record<Unit, (locale: Locale, value: number) => string> = {
    ms: showMs,
    bytes: showBytes,
    times: showTimes,
    percent: showPercent,
    count: showNumber,
    text: showNumber,
  };
  return shows[unit](locale, value);
}

/** `189 – 195 MiB`: the unit once, where both ends have the same. */
export function showInterval(locale: Locale, unit: Unit, { low, high }: Interval): string {
  const [from, to] = [showValue(locale, unit, low), showValue(locale, unit, high)];
  const suffix = / \S+$/.exec(to)?.[0];
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
