import type { Locale } from './calls';
import type { Unit } from './report';

const number = (locale: Locale, value: number, digits: number): string =>
  value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** Three significant digits, the precision at which a comparison can be read. */
const digitsFor = (value: number): number => (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);

const three = (locale: Locale, value: number): string => number(locale, value, digitsFor(value));

export const showNumber = (locale: Locale, value: number): string => value.toLocaleString(locale);

const steps = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Bytes in binary units: `1.95 GiB`. */
export function showBytes(locale: Locale, bytes: number): string {
  const step = Math.min(steps.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, Math.abs(bytes))) / 10)));
  const value = bytes / 1024 ** step;
  return `${step === 0 || Number.isInteger(value) ? showNumber(locale, value) : three(locale, value)} ${steps[step]}`;
}

/** Milliseconds below ten seconds, then seconds, then minutes. */
export function showMs(locale: Locale, ms: number): string {
  if (Math.abs(ms) < 10_000) return `${number(locale, ms, Math.abs(ms) < 10 ? 1 : 0)} ms`;
  if (Math.abs(ms) < 120_000) return `${number(locale, ms / 1000, 1)} s`;
  return `${number(locale, ms / 60_000, 1)} min`;
}

export const showTimes = (locale: Locale, times: number): string => `${three(locale, times)} ×`;

/** @param percent  0 to 100 */
export const showPercent = (locale: Locale, percent: number): string => `${three(locale, percent)} %`;

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
