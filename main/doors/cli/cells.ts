import { nameOf, type Family } from '../../contract/messages';
import { showValue } from '../../contract/quantities';
import type { Cell, Interval, Table, Unit } from '../../contract/report/report';
import type { Screen } from './screen';

type Column = Table['columns'][number];

/** What stands where a figure could not be read. */
const nothing = '—';

/**
 * A cell in words.
 * @param separator  what stands between a value and its interval: a space, or a line break where the screen is narrow
 */
export function showCell(screen: Screen, column: Column, cell: Cell, separator: string): string {
  if (cell.value === null) return nothing;
  if (typeof cell.value === 'string') return wordOf(screen, column.id, cell.value);
  const value = showValue(screen.locale, column.unit, cell.value);
  return cell.interval ? `${value}${separator}(${showInterval(screen, column.unit, cell.interval)})` : value;
}

/** Text cells hold the engine's names; those of targets, phases, outcomes and accelerators have words. */
function wordOf(screen: Screen, column: string, value: string): string {
  return nameOf(screen.locale, (column === 'lastPhase' ? 'phase' : column) as Family, value);
}

/** `398 – 433 ms`: the unit once, where both ends have the same. */
function showInterval(screen: Screen, unit: Unit, { low, high }: Interval): string {
  const [from, to] = [showValue(screen.locale, unit, low), showValue(screen.locale, unit, high)];
  const suffix = / \S+$/.exec(from)?.[0];
  return suffix !== undefined && to.endsWith(suffix)
    ? `${from.slice(0, -suffix.length)} – ${to}`
    : `${from} – ${to}`;
}
