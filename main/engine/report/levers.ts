/** Machines with one thing changed, against the same machine without the change: what each lever is worth in time and memory. */
import { variantOf } from '../../contract/levers';
import type { Cell, Table, Verdict } from '../../contract/report';
import type { Run } from '../../contract/run';
import { judge } from '../statistics/compare';
import { medianDifference, medianRatio, type Estimate } from '../statistics/intervals';
import {
  groupsOf,
  hostBytes,
  isTwin,
  medianCell,
  readyMs,
  valuesOf,
  type Group,
  type Reading,
} from './groups';
import { column, key } from './tables';

/** A machine with levers, and the same without. */
interface Changed {
  group: Group;
  base: Group;
}

function changedMachines(run: Run): Changed[] {
  const groups = groupsOf(run);
  return groups.flatMap((group) => {
    const { rung, levers } = variantOf(group.target);
    if (levers.length === 0 || isTwin(group.target)) return [];
    const base = groups.find(({ workload, target }) => workload === group.workload && target === rung);
    return base && base.trials.length > 0 && group.trials.length > 0 ? [{ group, base }] : [];
  });
}

const values = ({ group, base }: Changed, read: Reading): [number[], number[]] => [
  valuesOf(base.trials, read),
  valuesOf(group.trials, read),
];

function differenceCell(machine: Changed, read: Reading, seed: number): Cell {
  const [without, changed] = values(machine, read);
  if (without.length === 0 || changed.length === 0) return { value: null };
  const { value, interval }: Estimate = medianDifference(without, changed, seed);
  return { value, ...(interval && { interval }) };
}

/** Negative is sooner, or lighter. */
export function leversTable(run: Run): Table {
  const { seed } = run.plan;
  return {
    id: 'levers',
    title: key('table.levers'),
    columns: [
      column('workload', 'text'),
      column('target', 'text'),
      column('n', 'count'),
      column('readyMs', 'ms'),
      column('readyDifferenceMs', 'ms'),
      column('hostBytes', 'bytes'),
      column('hostDifferenceBytes', 'bytes'),
    ],
    rows: changedMachines(run).map((machine) => [
      { value: machine.group.workload },
      { value: machine.group.target },
      { value: machine.group.trials.length },
      medianCell(valuesOf(machine.group.trials, readyMs), seed),
      differenceCell(machine, readyMs, seed),
      medianCell(valuesOf(machine.group.trials, hostBytes), seed),
      differenceCell(machine, hostBytes, seed),
    ]),
  };
}

const metrics = [
  { id: 'ready', read: readyMs, fact: (value: number) => ({ ms: value }) },
  { id: 'host', read: hostBytes, fact: (value: number) => ({ bytes: value }) },
] as const;

/** One sentence for each change that is clear; a change that none can be told of is in the table all the same. */
export function leverVerdicts(run: Run): Verdict[] {
  const { seed } = run.plan;
  return changedMachines(run).flatMap((machine) =>
    metrics.flatMap(({ id, read, fact }): Verdict[] => {
      const [without, changed] = values(machine, read);
      if (![without, changed].every((side) => side.length > 0 && side.every((value) => value > 0))) return [];
      const judgement = judge(medianRatio(without, changed, seed));
      const { value, interval } = medianDifference(without, changed, seed);
      // The sentence tells the difference: its interval must leave no doubt either, which few trials do.
      if (judgement === 'cannot tell' || !interval || interval.low * interval.high <= 0) return [];
      const size = (edge: number) => fact(Math.abs(edge));
      const edges = [interval.low, interval.high].sort((a, b) => Math.abs(a) - Math.abs(b));
      const facts = {
        workload: machine.group.workload,
        target: machine.group.target,
        less: machine.base.target,
        difference: size(value),
        low: size(edges[0]!),
        high: size(edges[1]!),
      };
      const text = key(`verdict.lever.${id}.${judgement === 'faster' ? 'less' : 'more'}`, facts);
      return [{ id: `lever ${id} ${machine.group.target}`, standing: 'holds', text }];
    }),
  );
}
