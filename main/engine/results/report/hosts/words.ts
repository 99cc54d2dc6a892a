/** What is said over hosts: the sentence, how sure it is, what makes it less sure, and a finding for each comparison. */
import { inSentence, tell } from '../../../../contract/messages';
import type { HostsComparison, HostsReport } from '../../../../contract/report/fleet';
import type { Fact, Interval, Message, Verdict } from '../../../../contract/report/report';
import { smallestEffect } from '../../statistics/judgement';
import { edgesOf, twoDigits } from '../sections/judgements';
import { hostsIn, isCounted, isOfPair } from './comparisons';
import type { ValueOnHosts } from './conditions';
import type { HostPart } from './part';

type Side = HostsComparison['base'];

const minimum: Fact = { percent: smallestEffect * 100 };

const nameOf = ({ target, workload }: Side, place: 'subject' | 'object'): Fact =>
  workload ?? inSentence(target, place);

/** Of the comparison that memory makes, or the first there is. */
export const sentenceOf = (
  [first]: readonly HostsComparison[],
  parts: readonly Pick<HostPart, 'trials' | 'failed'>[],
): Message => (first ? findingWords(first) : tell(parts.some(hasFigures) ? 'hosts.nothing' : 'hosts.none'));

const hasFigures = ({ trials, failed }: Pick<HostPart, 'trials' | 'failed'>): boolean => trials > failed;

/** Which side takes more, by how much, and on how many hosts. */
function findingWords(comparison: HostsComparison): Message {
  const { metric, base, other, outcome, counts, pooled, hosts } = comparison;
  const isOtherMore = outcome === 'more' || outcome === 'unknown' || outcome === 'same';
  const [more, less] = isOtherMore ? [other, base] : [base, other];
  const of = hostsIn(comparison);
  const facts = { more: nameOf(more, 'subject'), less: nameOf(less, 'object'), of, on: counts[outcome] };
  if (of === 0) return tell(`hosts.${metric}.none`, facts);
  if (outcome === 'same')
    return pooled
      ? tell(`hosts.${metric}.same-mean`, { ...facts, minimum, n: pooled.hosts })
      : tell(`hosts.${metric}.same`, { ...facts, minimum });
  if (outcome === 'unknown')
    return tell(`hosts.${metric}.unclear`, {
      ...facts,
      onMore: counts.more,
      onLess: counts.less,
      rest: counts.same + counts.unknown,
    });
  const turn = (ratio: number) => twoDigits(isOtherMore ? ratio : 1 / ratio);
  if (pooled)
    return tell(`hosts.${metric}.differs`, {
      ...facts,
      ratio: { times: turn(pooled.ratio) },
      n: pooled.hosts,
    });
  const ratios = hosts.filter(isCounted).map(({ ratio }) => turn(ratio));
  if (ratios.length === 1) return tell(`hosts.${metric}.one`, { ...facts, ratio: { times: ratios[0]! } });
  return tell(`hosts.${metric}.agrees`, {
    ...facts,
    low: Math.min(...ratios),
    high: { times: Math.max(...ratios) },
  });
}

/** Of the pair that the sentence speaks of, memory and start-up. */
const spokenAmong = (comparisons: readonly HostsComparison[]): HostsComparison[] =>
  comparisons.filter((one) => isOfPair(one, comparisons[0]!));

export const surenessOf = (comparisons: readonly HostsComparison[]): HostsReport['sureness'] =>
  spokenAmong(comparisons).map((comparison) => ({ id: comparison.metric, said: sureness(comparison) }));

function sureness(comparison: HostsComparison): Message {
  const { outcome, counts, pooled, hosts } = comparison;
  const of = hostsIn(comparison);
  const facts = { on: counts[outcome], of };
  // the same way round as the sentence tells the ratio
  const edges = ({ low, high }: Interval) =>
    edgesOf(outcome === 'less' ? { low: 1 / high, high: 1 / low } : { low, high });
  if (pooled) {
    const { low: from, high: to } = edges(pooled.prediction);
    const told = { ...facts, ...edges(pooled.interval), from, to };
    return tell(outcome === 'unknown' ? 'hosts.sureness.unclear' : 'hosts.sureness.holds', told);
  }
  if (of === 0) return tell('hosts.sureness.none');
  if (outcome === 'unknown') return tell('hosts.sureness.unclear-few', facts);
  const alone = of === 1 ? hosts.find(isCounted)?.interval : undefined;
  return alone ? tell('hosts.sureness.one', edges(alone)) : tell('hosts.sureness.agrees', facts);
}

/** More names than these are a number. */
const mostNames = 8;
export const namesOf = (names: readonly string[]): string =>
  names.length <= mostNames
    ? names.join(', ')
    : `${names.slice(0, mostNames).join(', ')} + ${names.length - mostNames}`;

/** What makes it less sure, the gravest first. */
export function doubtsOf(
  parts: readonly HostPart[],
  comparisons: readonly HostsComparison[],
  differences: readonly ValueOnHosts[],
): Message[] {
  const missing = parts.filter((part) => !hasFigures(part)).map(({ host }) => host.name);
  const failing = parts.filter(({ failed, trials }) => failed > 0 && failed < trials);
  const spoken = spokenAmong(comparisons);
  const against = new Set(spoken.flatMap(contradicting));
  const emulated = new Set(
    spoken.flatMap(({ hosts }) => hosts.flatMap((one) => (one.emulated ? one.host : []))),
  );
  const apart = new Set(
    spoken.flatMap(({ hosts }) => hosts.flatMap((one) => (one.notPooled === 'emulated' ? one.host : []))),
  );
  const conditions = new Set(differences.map(({ what }) => what));
  const images = differences.some(({ what }) => what === 'image');
  const named = (names: ReadonlySet<string>) => ({ count: names.size, names: namesOf([...names]) });
  return [
    // that none has any is what the sentence says
    ...(missing.length > 0 && missing.length < parts.length
      ? [tell('hosts.doubt.missing', { count: missing.length, of: parts.length, names: namesOf(missing) })]
      : []),
    ...(against.size > 0 ? [tell('hosts.doubt.against', named(against))] : []),
    ...(images ? [tell('hosts.doubt.images')] : []),
    ...(apart.size > 0
      ? [tell('hosts.doubt.emulated', named(apart))]
      : emulated.size > 0
        ? [tell('answer.doubt.emulated')]
        : []),
    ...(failing.length > 0
      ? [
          tell('hosts.doubt.failed', {
            count: failing.reduce((sum, { failed }) => sum + failed, 0),
            names: namesOf(failing.map(({ host }) => host.name)),
          }),
        ]
      : []),
    ...(conditions.size > 0 ? [tell('hosts.doubt.conditions', { count: conditions.size })] : []),
    ...(spoken.length > 0 && spoken.every(({ pooled }) => !pooled) ? [tell('hosts.doubt.few')] : []),
  ];
}

/** Hosts whose own report says the opposite. */
function contradicting({ outcome, hosts }: HostsComparison): string[] {
  if (outcome !== 'less' && outcome !== 'more') return [];
  return hosts
    .filter((one) => isCounted(one) && one.judgement === 'differs' && one.ratio > 1 !== (outcome === 'more'))
    .map(({ host }) => host);
}

const standings: Record<HostsComparison['outcome'], Verdict['standing']> = {
  less: 'holds',
  more: 'holds',
  same: 'holds',
  unknown: 'unclear',
};

/** A finding for each comparison, and last how all of it was found. */
export const verdictsOf = (comparisons: readonly HostsComparison[]): Verdict[] => [
  ...comparisons.map((comparison): Verdict => {
    const { metric, base, other, outcome, pooled, hosts } = comparison;
    const isEmulated = hosts.some((one) => one.emulated && isCounted(one));
    return {
      id: `hosts ${metric} ${other.workload ?? ''} ${other.target}`.replace(/ +/g, ' '),
      about: {
        subject: metric,
        ...(other.workload !== undefined && { workload: other.workload }),
        targets: [...new Set([base.target, other.target])],
      },
      standing: standings[outcome],
      text: findingWords(comparison),
      ...(pooled && { judgement: pooled.judgement }),
      ...(isEmulated && {
        weakenedBy: [tell(`weakened.emulated-${metric === 'memory' ? 'memory' : 'time'}`)],
      }),
    };
  }),
  ...(comparisons.length > 0
    ? [{ id: 'hosts method', standing: 'note' as const, text: tell('hosts.method', { minimum }) }]
    : []),
];
