import type { Locale } from '../../../contract/appearance';
import { message } from '../../../contract/messages';
import type { Unit } from '../../../contract/report/report';

/** A value axis from 0 on, with round steps in one unit that fits its end. */
export interface Axis {
  /** the end of the axis, where the last step seldom falls */
  max: number;
  /** from 0 on */
  ticks: { at: number; words: string }[];
  /** names the quantity and its unit */
  title: string;
}

interface Scale {
  unit: string;
  /** how much one of the unit is */
  size: number;
  /** steps that read well in this unit, within a factor of `turn` */
  steps: readonly number[];
  turn: number;
}

const decimal = { steps: [1, 2, 2.5, 5, 10], turn: 10 };
const binary = { steps: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024], turn: 1024 };

function scaleFor(unit: Unit, max: number): Scale {
  if (unit === 'ms') {
    const [name, size] =
      max < 5000 ? (['ms', 1] as const) : max < 120_000 ? (['s', 1000] as const) : (['min', 60_000] as const);
    return { unit: name, size, ...decimal };
  }
  if (unit === 'bytes') {
    const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
    const power = Math.min(names.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, max)) / 10)));
    const size = 1024 ** power;
    return { unit: names[power]!, size, ...(max / size < 8 ? decimal : binary) };
  }
  return { unit: unit === 'times' ? '×' : unit === 'percent' ? '%' : '', size: 1, ...decimal };
}

/**
 * @param max    the largest value that must fit
 * @param count  about how many steps there is room for
 */
export function axisFor(locale: Locale, unit: Unit, title: string, max: number, count: number): Axis {
  const top = max > 0 ? max : 1;
  const scale = scaleFor(unit, top);
  const rough = top / scale.size / count;
  const base = scale.turn ** Math.floor(Math.log(rough) / Math.log(scale.turn));
  const step = (scale.steps.find((factor) => factor * base >= rough * 0.999) ?? scale.turn) * base;
  const steps = Math.floor((top / scale.size / step) * 1.0001);
  return {
    max: top,
    ticks: Array.from({ length: steps + 1 }, (_, i) => ({
      at: i * step * scale.size,
      words: (i * step).toLocaleString(locale, { maximumSignificantDigits: 6 }),
    })),
    title: scale.unit === '' ? title : message(locale, 'chart.axis.title', { title, unit: scale.unit }),
  };
}
