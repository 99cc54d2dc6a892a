/** Cells of a report's tables in words, the same on the page, in the terminal and in files. */
import type { Locale } from '../appearance';
import { nameOf, type Family } from '../messages';
import { scaleOf, showInterval, showValue, type Scale } from '../quantities';
import type { Cell, Table } from './report';

/** Text cells hold names; those of these columns have words, in the family beside it. */
const families: Partial<Record<string, Family>> = {
  accelerator: 'accelerator',
  condition: 'condition',
  judgement: 'judgement',
  kind: 'kind',
  limit: 'limit',
  metric: 'metric',
  outcome: 'outcome',
  phase: 'phase',
  target: 'target',
  why: 'why',
};

/** What stands where a figure could not be read. */
const nothing = '—';

/** The one unit of a column, so that its figures can be compared at a glance; undefined of what has no units to choose from. */
export function columnScale({ columns, rows }: Table, at: number): Scale | undefined {
  const unit = columns[at]!.unit;
  if (unit !== 'bytes' && unit !== 'ms') return undefined;
  const values = rows.flatMap((row) => {
    const { value, interval } = row[at]!;
    return [value, interval?.low, interval?.high].filter((one) => typeof one === 'number');
  });
  return scaleOf(unit, values);
}

/**
 * A cell's value in words, and its interval where it has one.
 * @param scale  of its column; default: its own
 */
export function cellWords(
  { id, unit }: Table['columns'][number],
  { value, interval }: Cell,
  locale: Locale,
  scale?: Scale,
): { value: string; interval?: string } {
  if (value === null) return { value: nothing };
  if (typeof value === 'string') {
    const family = families[id];
    return { value: family === undefined ? value : nameOf(locale, family, value) };
  }
  return {
    value: showValue(locale, unit, value, scale),
    ...(interval && { interval: showInterval(locale, unit, interval, scale) }),
  };
}
