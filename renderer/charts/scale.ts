import type { Locale } from '../../main/contract/appearance';
import { showNumber, showValue } from '../../main/contract/quantities';
import type { Unit } from '../../main/contract/report/report';

/** A value axis from 0 (or below, where there is something) with round steps and one unit on all its ticks. */
export interface Axis {
  min: number;
  max: number;
  step: number;
  /** a tick's text */
  show(value: number): string;
}

const decimal = [1, 2, 2.5, 5, 10];
/** Halves and doubles: ticks that are whole numbers of a binary unit. */
const binary = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/** The smallest pleasant step that needs at most `most` steps for `range`. */
function stepFor(range: number, most: number, unit: Unit): number {
  const rough = range / most;
  if (unit === 'bytes') {
    const base = 1024 ** Math.max(0, Math.floor(Math.log2(Math.max(1, rough)) / 10));
    return (binary.find((factor) => factor * base >= rough) ?? 1024) * base;
  }
  const base = 10 ** Math.floor(Math.log10(rough));
  return (decimal.find((factor) => factor * base >= rough * 0.999) ?? 10) * base;
}

/**
 * @param low   the smallest value that must fit
 * @param high  the largest
 * @param most  how many steps at most
 */
export function axisFor(unit: Unit, low: number, high: number, locale: Locale, most = 6): Axis {
  const top = high > 0 ? high : 1;
  const step = stepFor(top - Math.min(0, low), most, unit);
  const max = Math.ceil((top / step) * 0.999) * step;
  const min = low < 0 ? Math.floor(low / step) * step : 0;
  return { min, max, step, show: (value) => showTick(unit, value, max, locale) };
}

function showTick(unit: Unit, value: number, max: number, locale: Locale): string {
  if (value === 0) return '0';
  if (unit !== 'ms') return showValue(locale, unit, value);
  // one unit for the whole axis: milliseconds and seconds side by side are hard to compare
  if (max >= 120_000) return `${showNumber(locale, value / 60_000)} min`;
  return max >= 5000 ? `${showNumber(locale, value / 1000)} s` : `${showNumber(locale, value)} ms`;
}
