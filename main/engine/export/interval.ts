import type { Locale } from '../../contract/appearance';
import { showValue } from '../../contract/quantities';
import type { Interval, Unit } from '../../contract/report/report';

/** `189 – 195 MiB`: the unit once, where both ends have the same. */
export function showInterval(locale: Locale, unit: Unit, { low, high }: Interval): string {
  const [from, to] = [showValue(locale, unit, low), showValue(locale, unit, high)];
  const suffix = / \S+$/.exec(to)?.[0];
  return suffix !== undefined && from.endsWith(suffix)
    ? `${from.slice(0, -suffix.length)} – ${to}`
    : `${from} – ${to}`;
}
