/** What stands in words beside a bar. */
import type { Locale } from '../contract/appearance';
import { message } from '../contract/messages';
import { showInterval, showValue } from '../contract/quantities';
import type { Format } from './format';
import type { RowPlace } from './marks';
import { textAt, type Shape } from './shapes';
import { totalOf, type Bar, type BarsSpec } from './spec';
import { widthOf } from './words';

export interface Figures {
  /** empty where nothing was read */
  value: string;
  /** the interval, where there is one */
  detail: string;
}

export function figuresOf(spec: BarsSpec, bar: Bar, locale: Locale, { isNarrow }: Format): Figures {
  const total = totalOf(bar);
  if (total === null) return { value: '', detail: message(locale, 'chart.missing') };
  return {
    value: showValue(locale, spec.unit, total),
    detail: bar.interval && !isNarrow ? showInterval(locale, spec.unit, bar.interval) : '',
  };
}

/** The reservation in words; empty where a bar has none. */
export const reservationOf = (spec: BarsSpec, { outline }: Bar, locale: Locale): string =>
  outline === undefined
    ? ''
    : message(locale, 'chart.beyond', { amount: showValue(locale, spec.unit, outline) });

/** Rows that are this close leave no room for two lines of figures. */
export const isDense = (spec: BarsSpec): boolean => spec.bars.length > 4;

const heavy = 650;

export function widthOfFigures({ value, detail }: Figures, dense: boolean, format: Format): number {
  const [large, small] = [widthOf(value, format.value, heavy), widthOf(detail, format.detail)];
  return dense ? large + (detail === '' ? 0 : small + 8) : Math.max(large, small);
}

/** The median large; its interval small, below it or, in dense charts, beside it. */
export function drawFigures(
  { value, detail }: Figures,
  x: number,
  { middle }: RowPlace,
  dense: boolean,
  format: Format,
): Shape[] {
  const large = { size: format.value, fill: format.look.text, weight: heavy };
  const small = { size: format.detail, fill: format.look.muted };
  if (value === '') return [textAt(x, middle, detail, small)];
  if (detail === '') return [textAt(x, middle, value, large)];
  return dense
    ? [
        textAt(x, middle, value, large),
        textAt(x + widthOf(value, format.value, heavy) + 8, middle, detail, small),
      ]
    : [
        textAt(x, middle - format.detail * 0.55, value, large),
        textAt(x, middle + format.value * 0.6, detail, small),
      ];
}
