/** The ladders of a density plan, and what follows from them. */
import type { DensityLadder } from '../../../contract/run/density';
import { ladderSteps, memoryCosts, memorySource, predict, type Prediction } from './prediction';
import type { Estimate } from '../../statistics/estimate';
import { once, type Estimates } from './estimates';

/** A ladder with what can be concluded from it. */
export interface ClimbedLadder {
  ladder: DensityLadder;
  limitBytes: number;
  prediction: Prediction | undefined;
  /** what one further instance costs, by whichever accounts the prediction takes */
  first: Estimate | undefined;
  marginal: Estimate | undefined;
  own: Estimate | undefined;
  host: Estimate | undefined;
  /** how many were up when the guard stopped a proof for want of memory */
  truth: number | undefined;
}

export const ladders = once(({ run }: Estimates): ClimbedLadder[] =>
  (run.density ?? []).map((ladder) => {
    const steps = ladderSteps(ladder);
    const { own, host } = memoryCosts(steps);
    const chosen = memorySource(steps) === 'host' ? host : own;
    const { limits } = run.plan.workloads.find(({ name }) => name === ladder.workload)!;
    const proved = ladder.ended === 'guard' && ladder.guard === 'memory';
    return {
      ladder,
      limitBytes: limits.memoryBytes,
      prediction: predict(ladder.capacity, steps),
      first: chosen?.first,
      marginal: chosen?.marginal,
      own: own?.marginal,
      host: host?.marginal,
      truth: proved ? ladder.reached : undefined,
    };
  }),
);

/** How many would fit if each were given its whole limit: what a promise costs, whether or not it is called in. */
export const promised = ({ ladder: { capacity }, limitBytes }: ClimbedLadder): number | undefined =>
  capacity.availableBytes === undefined
    ? undefined
    : Math.max(0, Math.floor((capacity.availableBytes - capacity.floorBytes) / limitBytes));
