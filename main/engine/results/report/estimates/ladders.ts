/** The ladders of a density plan, pair by pair, and what follows from them. */
import type { DensityLadder } from '../../../../contract/run/density';
import { kindOf, type TargetId } from '../../../../contract/targets';
import { pairedRatio, type Contrast } from '../../statistics/contrast';
import { mean } from '../../statistics/summary';
import type { Estimate } from '../../statistics/estimate';
import { once, type Estimates } from './estimates';
import {
  memoryCosts,
  memorySource,
  overLadders,
  predict,
  roomBytes,
  type MemoryCosts,
  type Prediction,
} from './prediction';

/** All ladders of one workload on one target, with what can be concluded from them. */
export interface ClimbedPair {
  workload: string;
  target: TargetId;
  ladders: DensityLadder[];
  limitBytes: number;
  prediction: Prediction | undefined;
  /** what one further instance costs, by whichever accounts the prediction takes */
  first: Estimate | undefined;
  marginal: Estimate | undefined;
  costs: MemoryCosts;
  kept: Estimate | undefined;
  /** how many were up when the guard stopped the last ladder that it stopped for want of memory */
  truth: number | undefined;
}

/** Pair by pair, in the order of a report's rows. */
export const climbedPairs = once(({ run, groups }: Estimates): ClimbedPair[] =>
  groups.flatMap(({ workload, target }) => {
    const ladders = (run.density ?? []).filter((one) => one.workload === workload && one.target === target);
    if (ladders.length === 0) return [];
    const costs = memoryCosts(ladders);
    const chosen = memorySource(costs) === 'host' ? costs.host : costs.own;
    const full = ladders.filter(({ ended, guard }) => ended === 'guard' && guard === 'memory');
    return {
      workload,
      target,
      ladders,
      limitBytes: run.plan.workloads.find(({ name }) => name === workload)!.limits.memoryBytes,
      prediction: predict(ladders),
      first: chosen?.first,
      marginal: chosen?.marginal,
      costs,
      kept: overLadders(ladders.flatMap(({ keptBytes }) => keptBytes ?? [])),
      truth: full.at(-1)?.reached,
    };
  }),
);

/** How many would fit if each were given its whole limit: what a promise costs, whether or not it is called in. */
export function promised({ ladders, limitBytes }: ClimbedPair): number | undefined {
  const rooms = ladders.flatMap(({ capacity }) => roomBytes(capacity) ?? []);
  return rooms.length === 0 ? undefined : Math.floor(mean(rooms) / limitBytes);
}

/** Whether the truth is that of a proof, beyond the ladder that predicted. */
export const isProved = ({ ladders, truth }: ClimbedPair): boolean =>
  truth !== undefined && ladders.some(({ steps }) => steps.some(({ proof }) => proof));

/** How many times as many instances fit as containers than as VMs. */
export interface Times {
  container: ClimbedPair;
  vm: ClimbedPair;
  /** from ladders of the same round: what drifts from round to round moves both sides */
  ratio: Contrast;
}

export const timesAsMany = once((of: Estimates): Times[] => {
  const all = climbedPairs(of);
  return all.flatMap((vm) => {
    if (kindOf(vm.target) !== 'vm') return [];
    const container = all.find(
      ({ target, workload }) => kindOf(target) === 'container' && workload === vm.workload,
    );
    const rounds = [...(container?.prediction?.byRound ?? [])].flatMap(([round, count]) => {
      const other = vm.prediction?.byRound.get(round);
      return other === undefined ? [] : [[other, count] as const];
    });
    return container && rounds.length > 0 ? [{ container, vm, ratio: pairedRatio(rounds) }] : [];
  });
});
