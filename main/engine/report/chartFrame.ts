/** What all charts of a report have in common: frame, labels, and the marks of a bar. */
import type { ChartSpec, Message } from '../../contract/report/report';
import type { Run } from '../../contract/run/run';
import { medianInterval } from '../statistics/intervals';
import { ascending, median, quantile } from '../statistics/summary';
import { isEmulated, valuesOf, type Group, type Reading } from './groups';
import { key } from './tables';

export type Bars = Extract<ChartSpec, { kind: 'bars' }>;
type Bar = Bars['bars'][number];

type Frame = Pick<ChartSpec, 'id' | 'title' | 'note' | 'caution'>;

/** @param counts  how many values each row comes from */
export const frame = (
  run: Run,
  id: string,
  counts: readonly number[],
  note = key(`chart.${id}.note`, { n: rangeOf(counts) }),
): Frame => ({
  id,
  title: key(`chart.${id}`),
  note,
  ...(isEmulated(run.trials) && { caution: key('chart.emulated') }),
});

/** `3`, or `2–3` where groups differ. */
export function rangeOf(counts: readonly number[]): string {
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  return fewest === most ? String(most) : `${fewest}–${most}`;
}

/** Names workload and target; a plan with one workload needs only the target. */
export const labelOf = (run: Run, { workload, target }: Pick<Group, 'workload' | 'target'>): Message =>
  run.plan.workloads.length === 1 ? key('chart.target', { target }) : key('chart.row', { workload, target });

type Marks = Pick<Bar, 'interval' | 'points'>;

/** With fewer measurements a box would be drawn from one or two of them. */
const fewestForBox = 5;

/** The middle half of the measurements. */
export function quartiles(values: readonly number[]): Pick<Bar, 'quartiles'> {
  if (values.length < fewestForBox) return {};
  const sorted = ascending(values);
  return { quartiles: { low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) } };
}

/** The bar's own measurements: every value as a point, and the median's interval. */
export function marks(run: Run, values: readonly number[]): Marks {
  const interval = medianInterval(values, run.plan.seed);
  return { ...(interval && { interval }), points: [...values] };
}

// an interval of many trials takes long to draw, and two charts show the same one
const drawn = new WeakMap<Group, Map<Reading, Marks>>();

/** The marks of one reading of a group. */
export function marksOf(run: Run, group: Group, read: Reading): Marks {
  const known = drawn.get(group) ?? new Map<Reading, Marks>();
  drawn.set(group, known);
  const found = known.get(read) ?? marks(run, valuesOf(group.trials, read));
  known.set(read, found);
  return found;
}

export const medianOf = (values: readonly number[]): number | null =>
  values.length > 0 ? median(values) : null;

/** The limit that all trials of a group had. */
export const reservation = ({ trials }: Group): { outline?: number } => {
  const outline = trials[0]?.memory.reservedBytes;
  return outline === undefined ? {} : { outline };
};
