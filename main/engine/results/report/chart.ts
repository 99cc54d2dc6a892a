/** What all charts of a report have in common: frame, labels, and the marks of a bar. */
import { keyIn, tell, type NameIn } from '../../../contract/messages';
import type { ChartSpec, Message } from '../../../contract/report/report';
import type { Run, Trial } from '../../../contract/run/run';
import { quantile } from '../statistics/summary';
import { isEmulated, type Group } from './estimates/groups';
import type { Measured } from './estimates/measured';
import type { Shown } from './estimates/shown';

export type Bars = Extract<ChartSpec, { kind: 'bars' }>;
export type Bar = Bars['bars'][number];

type Frame = Pick<ChartSpec, 'id' | 'title' | 'what' | 'note'>;

/**
 * Charts with a note of their own name; `note.one` is for single trials, of which there is neither a centre nor an interval, and where
 * there are `centres`, `note` is of records made before them, which have medians.
 */
type Noted = Extract<NameIn<'chart'>, `${string}.note`> extends `${infer Id}.note` ? Id : never;

/**
 * @param counts   how many values each row comes from
 * @param finding  what stands out in it
 */
export function frame(id: Noted, counts: readonly number[], finding?: Message): Frame {
  const ofOne = counts.every((count) => count <= 1) ? keyIn('chart', `${id}.note.one`) : undefined;
  const key = ofOne ?? keyIn('chart', `${id}.centres`) ?? (`chart.${id}.note` as const);
  return framed(id, tell(key, { n: rangeOf(counts) }), finding);
}

/** A chart whose note depends on what it shows. */
export const framed = (id: NameIn<'chart'>, note: Message, finding?: Message): Frame => ({
  id,
  title: finding ?? tell(`chart.${id}`),
  ...(finding && { what: tell(`chart.${id}`) }),
  note,
});

/** `3`, or `2–3` where groups differ. */
export function rangeOf(counts: readonly number[]): string {
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  return fewest === most ? String(most) : `${fewest}–${most}`;
}

/** Names workload and target; a plan with one workload needs only the target. */
export const labelOf = (run: Run, { workload, target }: Pick<Group, 'workload' | 'target'>): Message =>
  nameOf({ target, ...(run.plan.workloads.length > 1 && { workload }) });

/** Names a target, and its workload where there is one to be told apart. */
export const nameOf = ({ workload, target }: { workload?: string; target: string }): Message =>
  workload === undefined
    ? tell('chart.target', { target: { target } })
    : tell('chart.row', { workload, target: { target } });

/** With fewer measurements a box would be drawn from one or two of them. */
const fewestForBox = 5;

/** The middle half of the measurements. */
export function quartiles(measured: Measured): Pick<Bar, 'quartiles'> {
  if (measured.n < fewestForBox) return {};
  const sorted = measured.sorted();
  return { quartiles: { low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) } };
}

/** The bar's own measurements as points; of one that is held against another, how many times that it is and how sure this is. */
export const marks = (
  measured: Measured,
  { interval, judged }: Omit<Shown, 'value'>,
): Pick<Bar, 'interval' | 'points' | 'times'> => ({
  ...(judged && { times: judged.ratio.value }),
  ...(interval && { interval }),
  points: [...measured.values],
});

/** Of times of emulated VMs: they are drawn so that nobody takes them for the speed of VMs. */
export const emulatedMark = (trials: readonly Trial[]): Pick<Bar, 'emulated'> =>
  isEmulated(trials) ? { emulated: true } : {};

/** The limit that all trials of a group had. */
export const reservation = ({ trials }: Group): Pick<Bar, 'outline'> => {
  const outline = trials[0]?.memory.reservedBytes;
  return outline === undefined ? {} : { outline };
};
