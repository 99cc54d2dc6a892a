/** The same comparison on all hosts: which of them are pooled, what they say together, and on how many their own report says so. */
import {
  mostComparisons,
  type HostRatio,
  type HostsComparison,
  type Pooled,
} from '../../../../contract/report/fleet';
import { outcomeOf } from '../../../../contract/report/report';
import { spokenOf } from '../../../../contract/targets';
import { judgeTogether, type Judged } from '../../statistics/judgement';
import { randomEffects, type Effect, type RandomEffects } from '../../statistics/randomEffects';
import type { HostPart, PartRatio } from './part';
import { boundedRatios } from '../../statistics/ratios';

interface Row extends PartRatio {
  host: string;
}

/** All of one comparison, in the hosts' order. */
interface Group {
  about: Pick<HostsComparison, 'metric' | 'base' | 'other'>;
  rows: Row[];
}

/** Those that the sentence speaks of first; judged together, as many verdicts at once would find a difference by luck. */
export function comparisonsOf(parts: readonly HostPart[], minimumEffect: number): HostsComparison[] {
  const groups = inOrder(groupsOf(parts)).map((group) => ({ ...group, ...pooledOf(group.rows) }));
  const judged = judgeTogether(
    groups.flatMap(({ effects }) => effects?.contrast ?? []),
    minimumEffect,
  );
  return groups.map(({ about, rows, effects, notPooled }) => {
    const verdict = judged.find(({ ratio }) => ratio === effects?.contrast);
    const pooled = effects && verdict && toldPool(effects, verdict);
    const weights = effects ? [...effects.weights] : [];
    const hosts = rows.map(({ host, of }, at): HostRatio => {
      const why = notPooled[at];
      const weight = why === undefined ? weights.shift() : undefined;
      return { host, ...of, ...(why && { notPooled: why }), ...(weight !== undefined && { weight }) };
    });
    const counts = countsOf(hosts);
    return { ...about, hosts, outcome: outcomeOver(counts, pooled), counts, ...(pooled && { pooled }) };
  });
}

function groupsOf(parts: readonly HostPart[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { host, ratios } of parts)
    for (const ratio of ratios) {
      const { metric, base, other } = ratio;
      const key = JSON.stringify([metric, base, other]);
      const group = groups.get(key) ?? { about: { metric, base, other }, rows: [] };
      groups.set(key, group);
      group.rows.push({ host: host.name, ...ratio });
    }
  return [...groups.values()];
}

/**
 * The pair that a sentence speaks of, memory and then start-up; then the others, those of most hosts first. It is one that as many hosts
 * measured as any: what only a few did, as others lack a target, is not spoken of.
 */
function inOrder(groups: readonly Group[]): Group[] {
  const most = Math.max(0, ...groups.map(({ rows }) => rows.length));
  const widest = groups.filter(({ rows }) => rows.length === most).map(({ about }) => about);
  const other = spokenOf(widest.map((about) => about.other));
  const spoken = widest.find((about) => about.other === other);
  const place = ({ about }: Group): number =>
    spoken && isOfPair(about, spoken) ? (about.metric === 'memory' ? 0 : 1) : 2;
  return groups
    .toSorted((a, b) => place(a) - place(b) || b.rows.length - a.rows.length)
    .slice(0, mostComparisons);
}

/** Whether two comparisons hold the same two against each other. */
export const isOfPair = (one: Group['about'], other: Group['about']): boolean =>
  JSON.stringify([one.base, one.other]) === JSON.stringify([other.base, other.other]);

/**
 * Hosts whose VMs were emulated say nothing of those that were not: they are pooled only where all were. One host alone counts, and cannot
 * be pooled.
 */
function pooledOf(rows: readonly Row[]): {
  effects: RandomEffects | undefined;
  notPooled: HostRatio['notPooled'][];
} {
  const comparable = rows.filter(({ of }) => of.judgement !== 'not-comparable');
  const areAllEmulated = comparable.every(({ of }) => of.emulated);
  const notPooled = rows.map(({ of, effect }): HostRatio['notPooled'] => {
    if (of.judgement === 'not-comparable') return 'not-comparable';
    if (of.emulated && !areAllEmulated) return 'emulated';
    return effect ? undefined : 'no-interval';
  });
  const pooled = rows.flatMap(({ effect }, at): Effect[] =>
    notPooled[at] === undefined && effect ? [effect] : [],
  );
  return { effects: randomEffects(pooled), notPooled };
}

export function toldPool({ contrast, tau, share, predictionAt }: RandomEffects, judged: Judged): Pooled {
  const { judgement, interval, p, error } = judged;
  return {
    ...{ hosts: contrast.n, ratio: contrast.value, interval: boundedRatios(interval!), judgement, p },
    ...{ tau, share, prediction: boundedRatios(predictionAt(error)) },
  };
}

/** Whether what a host says counts among the others'; one of too few rounds cannot be pooled, but says what it saw. */
export const isCounted = ({ notPooled }: HostRatio): boolean =>
  notPooled === undefined || notPooled === 'no-interval';

function countsOf(hosts: readonly HostRatio[]): HostsComparison['counts'] {
  const counts = { less: 0, more: 0, same: 0, unknown: 0 };
  for (const host of hosts) {
    const outcome = outcomeOf(host.judgement, host.ratio);
    if (isCounted(host) && outcome !== 'not-comparable') counts[outcome] += 1;
  }
  return counts;
}

/** By the mean of all hosts; of too few for one, what each of them says, where they agree. */
function outcomeOver(
  counts: HostsComparison['counts'],
  pooled: Pooled | undefined,
): HostsComparison['outcome'] {
  if (pooled) return outcomeOf(pooled.judgement, pooled.ratio);
  const said = (['less', 'more', 'same', 'unknown'] as const).filter((one) => counts[one] > 0);
  return said.length === 1 ? said[0]! : 'unknown';
}

/** How many hosts are held against each other. */
export const hostsIn = ({ counts: { less, more, same, unknown } }: HostsComparison): number =>
  less + more + same + unknown;
