import { isRepeat } from '../../contract/targets';
/** What may be claimed: each sentence a key and facts, each fact from the trials. */
import type { Fact, Verdict } from '../../contract/report/report';
import type { Run } from '../../contract/run/run';
import { judge, smallestEffect } from '../statistics/compare';
import type { Estimate } from '../statistics/intervals';
import { median } from '../statistics/summary';
import {
  baseGroup,
  groupsOf,
  hostBytes,
  isContainer,
  isEmulated,
  isVm,
  ratioOf,
  readyMs,
  valuesOf,
  type Reading,
} from './groups';
import { totalHostBytes, totalsOf } from './together';
import { key } from './tables';

interface Metric {
  /** `verdict.NAME.…` */
  name: 'start-up' | 'memory' | 'totals';
  fact: (value: number) => Fact;
  /** an emulated VM's time is no VM's time; its memory is, but for the code cache, which is a part of its own */
  badge: boolean;
}
const startUp: Metric = { name: 'start-up', fact: (ms) => ({ ms }), badge: true };
const memory: Metric = { name: 'memory', fact: (bytes) => ({ bytes }), badge: true };

/** The claims about start-up first, then memory, then the sums. */
export const claims = (run: Run): Verdict[] => [
  ...perWorkload(run, startUp, readyMs),
  ...perWorkload(run, memory, hostBytes),
  ...limitsAreNotUse(run),
];

function perWorkload(run: Run, metric: Metric, read: Reading): Verdict[] {
  const groups = groupsOf(run);
  return groups.flatMap((group) => {
    const base = baseGroup(run, groups, group);
    if (!base || base === group || isRepeat(group.target)) return []; // a twin's noise is told elsewhere
    const sides = {
      workload: group.workload,
      base: { target: base.target, values: valuesOf(base.trials, read) },
      other: { target: group.target, values: valuesOf(group.trials, read) },
      emulated: isEmulated(group.trials),
    };
    const ratio = ratioOf(sides.base.values, sides.other.values, run.plan.seed);
    return ratio ? [verdictOn(metric, sides, ratio)] : [];
  });
}

interface Sides {
  workload: string;
  base: { target: string; values: number[] };
  other: { target: string; values: number[] };
  emulated: boolean;
}

function verdictOn(metric: Metric, sides: Sides, ratio: Estimate): Verdict {
  const { base, other, workload } = sides;
  const judgement = judge(ratio);
  const [less, more] = judgement === 'faster' ? [other, base] : [base, other];
  const turn = (value: number) => threeDigits(judgement === 'faster' ? 1 / value : value);
  const { interval } = ratio;
  const edges = interval && [turn(interval.low), turn(interval.high)].sort((a, b) => a - b);
  const form =
    judgement !== 'cannot tell'
      ? 'clear'
      : !interval
        ? 'no-interval'
        : interval.low > 1 || interval.high < 1
          ? 'trifle'
          : 'unclear';
  const badge = metric.badge && sides.emulated ? '-emulated' : '';
  return {
    id: `${metric.name} ${workload} ${other.target}`,
    standing: form === 'clear' ? 'holds' : 'unclear',
    text: key(`verdict.${metric.name}.${form}${form === 'clear' ? badge : ''}`, {
      workload,
      less: less.target,
      more: more.target,
      lessValue: metric.fact(median(less.values)),
      moreValue: metric.fact(median(more.values)),
      ratio: turn(ratio.value),
      ...(edges && { low: edges[0]!, high: edges[1]! }),
      n: countOf(base.values, other.values),
      minimum: { percent: smallestEffect * 100 },
    }),
  };
}

/** As many digits as a comparison can be read at; the tables keep them all. */
const threeDigits = (value: number): number => Number(value.toPrecision(3));

const countOf = (a: number[], b: number[]): string =>
  a.length === b.length ? String(a.length) : `${a.length} / ${b.length}`;

/** The article adds up limits; the host gives what is touched. */
function limitsAreNotUse(run: Run): Verdict[] {
  const totals = totalsOf(run).filter(({ rounds }) => rounds.length > 0);
  const containers = totals.find(({ target }) => isContainer(target));
  if (!containers) return [];
  return totals
    .filter(({ target, rounds }) => isVm(target) && rounds[0]!.instances === containers.rounds[0]!.instances)
    .map((vms) => {
      const reserved = median(vms.rounds.map(({ reservedBytes }) => reservedBytes));
      const [ofVms, ofContainers] = [median(totalHostBytes(vms)), median(totalHostBytes(containers))];
      return {
        id: `limits ${vms.target}`,
        standing: 'holds',
        text: key(ofVms < reserved ? 'verdict.limits-are-not-use' : 'verdict.limits-are-used', {
          reserved: { bytes: reserved },
          vm: vms.target,
          container: containers.target,
          vmBytes: { bytes: ofVms },
          containerBytes: { bytes: ofContainers },
          instances: vms.rounds[0]!.instances,
        }),
      };
    });
}
