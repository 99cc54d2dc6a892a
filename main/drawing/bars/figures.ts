/** What stands in words beside a bar. */
import type { Locale } from '../../contract/appearance';
import { message } from '../../contract/messages';
import { showInterval, showValue } from '../../contract/quantities';
import type { Format } from '../format';
import { timesWords } from '../answer/figures';
import { textAt, type Shape } from '../shapes';
import { totalOf, type Bar, type BarsSpec } from '../spec';
import { widthOf } from '../words';

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

const heavy = 650;

export const widthOfFigures = ({ value, detail }: Figures, format: Format): number =>
  Math.max(widthOf(value, format.value, heavy), widthOf(detail, format.detail));

/** The median beside its bar, its interval small below it: in a column of their own that ends at `right`. */
export function drawFigures(
  { value, detail }: Figures,
  right: number,
  middle: number,
  format: Format,
): Shape[] {
  const large = { size: format.value, fill: format.look.text, weight: heavy, anchor: 'end' } as const;
  const small = { size: format.detail, fill: format.look.muted, anchor: 'end' } as const;
  if (value === '') return [textAt(right, middle, detail, small)];
  if (detail === '') return [textAt(right, middle, value, large)];
  return [textAt(right, middle, value, large), textAt(right, middle + format.value * 1.15, detail, small)];
}

/** From here on the shorter of two bars can hardly be seen, so that words must tell the ratio. */
const vanishing = 10;

/** What each bar is times the base, as the report has it, where any is more than ten times that; else empty. */
export function ratiosOf({ bars }: BarsSpec, locale: Locale): string[] {
  const isNeeded = bars.some(({ times = 1 }) => times > vanishing || times < 1 / vanishing);
  return bars.map(({ times }) => (isNeeded && times !== undefined ? timesWords(locale, times) : ''));
}
