import type { Locale } from '../contract/appearance';
import { message } from '../contract/messages';
import type { Unit } from '../contract/report/report';

/** A value axis from 0, or from another round step, to the next round step, in one unit that fits its end. */
export interface Axis {
  min: number;
  max: number;
  step: number;
  /** every step, its words without the unit */
  ticks: { at: number; words: string }[];
  /** empty where the quantity has none */
  unit: string;
  /** a value in the axis' unit, which is told */
  show(value: number): string;
}

interface Scale {
  unit: string;
  /** how much one of the unit is */
  size: number;
  /** steps that read well in this unit, within a factor of `turn` */
  steps: readonly number[];
  turn: number;
  /** where values are not simply numbers of the unit */
  words?: (value: number) => string;
}

const decimal = { steps: [1, 2, 2.5, 5, 10], turn: 10 };
/** Halves and doubles: ticks that are whole numbers of a binary unit. */
const binary = { steps: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024], turn: 1024 };

/** `1:30`, as clocks show it. */
const minutes = {
  unit: 'min:s',
  size: 1000,
  steps: [10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600],
  turn: 3600,
  words: (seconds: number) =>
    seconds === 0 ? '0' : `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, '0')}`,
};

function scaleFor(unit: Unit, high: number): Scale {
  if (unit === 'ms') {
    if (high >= 120_000) return minutes;
    return high < 1000 ? { unit: 'ms', size: 1, ...decimal } : { unit: 's', size: 1000, ...decimal };
  }
  if (unit === 'bytes') {
    const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
    const power = Math.min(names.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, high)) / 10)));
    const size = 1024 ** power;
    return { unit: names[power]!, size, ...(high / size < 8 ? decimal : binary) };
  }
  return { unit: unit === 'times' ? '×' : unit === 'percent' ? '%' : '', size: 1, ...decimal };
}

/** The smallest pleasant step that needs at most about `most` steps for a range, both in the scale's unit. */
function stepFor(range: number, most: number, { steps, turn }: Scale): number {
  const rough = range / most;
  const base = turn ** Math.floor(Math.log(rough) / Math.log(turn));
  return (steps.find((factor) => factor * base >= rough * 0.999) ?? turn) * base;
}

/** Nothing that is told is smaller; near the smallest number that there is, steps would come out as 0. */
const leastEnd = 1e-9;

/**
 * @param low   the smallest value that must fit
 * @param high  the largest
 * @param most  how many steps at most
 */
export function axisFor(unit: Unit, low: number, high: number, locale: Locale, most = 6): Axis {
  const top = high > leastEnd ? high : 1;
  const scale = scaleFor(unit, Math.max(top, -low));
  const step = stepFor((top - Math.min(0, low)) / scale.size, most, scale) * scale.size;
  const last = Math.ceil(top / step - 1e-9);
  const first = low < 0 ? Math.floor(low / step) : 0;
  const words = (value: number): string =>
    scale.words?.(value / scale.size) ??
    (value / scale.size).toLocaleString(locale, { maximumSignificantDigits: 6 });
  return {
    min: first * step,
    max: last * step,
    step,
    ticks: Array.from({ length: last - first + 1 }, (_, n) => ({
      at: (first + n) * step,
      words: words((first + n) * step),
    })),
    unit: scale.unit,
    show: (value) => (value === 0 ? '0' : `${words(value)} ${scale.unit}`.trimEnd()),
  };
}

/** A part of an axis, from one value to another whatever they are, with the round steps that lie between. */
export function axisWithin(unit: Unit, from: number, to: number, locale: Locale, most = 6): Axis {
  const whole = axisFor(
    unit,
    0,
    to,
    locale,
    Math.min(400, Math.max(most, Math.round((most * to) / (to - from)))),
  );
  return { ...whole, min: from, max: to, ticks: whole.ticks.filter(({ at }) => at >= from && at <= to) };
}

/** Names the quantity and its unit. */
export const titleOf = (axis: Axis, quantity: string, locale: Locale): string =>
  axis.unit === '' ? quantity : message(locale, 'chart.axis.title', { title: quantity, unit: axis.unit });

/** How many steps there is room for: the same in a file and on the page, unless the window is narrow. */
export const stepsWithin = (width: number): number => (width < 240 ? 3 : 6);
