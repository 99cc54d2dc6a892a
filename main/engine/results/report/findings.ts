/** What stands out in a chart, as its title: computed of this run, and absent where nothing does. */
import { tell } from '../../../contract/messages';
import { hostBytes, trialMetric } from '../../../contract/metrics';
import type { ChartSpec, Message } from '../../../contract/report/report';
import { hasLimits, kindOf } from '../../../contract/targets';
import { answered, diskOf, kernelOf, type AnsweredSide } from './estimates/answered';
import type { Estimates } from './estimates/estimates';
import type { Group } from './estimates/groups';
import type { Total } from './estimates/totals';
import { nameOf, startSentence } from './answer/sentence';

/** From this share on something is most of a whole. */
const most = 0.5;
/** A stretch that takes less than this of a start does not stand out. */
const stretchShare = 0.4;

const percent = (share: number) => ({ percent: Math.round(share * 100) });

/** The side that a report is about: that beside the first, or the first where it is alone. */
const subjectOf = (of: Estimates): AnsweredSide | undefined => answered(of).other ?? answered(of).sides[0];

/** The sum over a side's applications of their medians; undefined where it is not known of one. */
function sumOf({ groups }: AnsweredSide, read: (group: Group) => number | undefined): number | undefined {
  const all = groups.map(read);
  const known = all.filter((value) => value !== undefined);
  return known.length === all.length && all.length > 0
    ? known.reduce((sum, value) => sum + value, 0)
    : undefined;
}

const medianOf = (id: string) => (group: Group) => group.of(trialMetric(id).read).median();

/** Whether most of the memory is not the application's, but what the way of running it adds. */
export function mostOfMemory(of: Estimates): Message | undefined {
  const side = subjectOf(of);
  const whole = side && sumOf(side, (group) => group.of(hostBytes.read).median());
  const kind = side && kindOf(side.target);
  if (!side || !whole || (kind !== 'vm' && kind !== 'container')) return undefined;
  const own = sumOf(side, medianOf(kind === 'vm' ? 'inside.guest-applicationBytes' : 'part.workloadBytes'));
  if (own === undefined || own > whole) return undefined;
  const share = 1 - own / whole;
  return share < most
    ? undefined
    : tell(`finding.memory.${kind}`, { share: percent(share), of: nameOf(side, 'object') });
}

/** How much longer one takes to start; never of emulated VMs, whose times are not the speed of VMs. */
export function laterStart(of: Estimates): Message | undefined {
  const { key, facts } = startSentence(of) ?? {};
  const form = (['differs', 'same'] as const).find((one) => key === `answer.start-up.${one}`);
  return form && tell(`finding.start-up.${form}`, facts);
}

type Span = Extract<ChartSpec, { kind: 'spans' }>['rows'][number]['spans'][number];

/** The stretch that most of a start goes into, over all applications of the side that the report is about. */
export function longestStretch(of: Estimates, spansOf: (group: Group) => Span[]): Message | undefined {
  const side = subjectOf(of);
  if (!side) return undefined;
  const took = new Map<string, number>();
  let whole = 0;
  for (const { stretch, fromMs, toMs } of side.groups.flatMap(spansOf)) {
    whole += toMs - fromMs;
    if (stretch !== undefined) took.set(stretch, (took.get(stretch) ?? 0) + toMs - fromMs);
  }
  const [longest] = [...took].sort(([, a], [, b]) => b - a);
  if (!longest || !(longest[1] / whole >= stretchShare)) return undefined;
  return tell('finding.phases', {
    share: percent(longest[1] / whole),
    of: nameOf(side, 'object'),
    stretch: { words: `stretch.${longest[0]}` },
  });
}

/** Whether what VMs are booted with takes more than what they are booted for. */
export function kernelBeyondImage(of: Estimates): Message | undefined {
  const { other } = answered(of);
  const kernel = other && kernelOf(other);
  const image = other && diskOf(of, other);
  if (kernel === undefined || image === undefined || kernel <= image) return undefined;
  return tell('finding.disk', { kernel: { bytes: kernel }, image: { bytes: image } });
}

/** How much of what is reserved is used. */
export function usedOfReserved(totals: readonly Total[]): Message | undefined {
  const vms = totals.find(({ target }) => kindOf(target) === 'vm' && hasLimits(target));
  const [reserved, used] = [vms?.reservedBytes.median(), vms?.hostBytes.median()];
  if (!reserved || used === undefined) return undefined;
  return tell('finding.totals', { share: percent(used / reserved), reserved: { bytes: reserved } });
}
