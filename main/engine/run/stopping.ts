/**
 * When a run with a wanted precision has measured enough. The rule looks at the width of the intervals only and never at
 * what they say: stopping as soon as a difference shows would find one in every second run of equal things.
 */
import type { Plan } from '../../contract/plan';
import type { Run } from '../../contract/run/run';
import { isKnownTo } from '../report/sections/precision';
import type { Group } from './schedule';

/** A precision that noise puts out of reach must end some time, even without a budget. */
const mostRounds = 100;

/** How many rounds a plan may come to. */
export const roundsOf = (plan: Plan): number =>
  plan.precision === undefined ? plan.trials : Math.max(plan.trials, mostRounds);

/**
 * True when no further round is needed. Asked before each round; rounds are finished in pairs, since the order of targets is
 * swapped every other round, and the plan's own number of trials is always made.
 * @param round  the one that would begin now, from 0
 */
function isEnough(run: Run, round: number): boolean {
  const { precision, trials } = run.plan;
  if (precision === undefined || round < trials || round % 2 === 1) return false;
  return isKnownTo(run, precision);
}

/** Says before each group whether the run is over, and how many turns it will come to as far as that is known. */
export class Pace {
  /** turns that will be made at least */
  of: number;
  private begun: number | undefined;

  /** @param originMs  performance.now() at which the run began */
  constructor(
    private readonly run: Run,
    private readonly groups: readonly { turns: Group }[],
    private readonly originMs: number,
  ) {
    this.of = this.turnsUpTo(run.plan.trials - 1);
  }

  /** True when the group needs not be measured: the budget is spent, or everything is known well enough. */
  isOver(next: Group): boolean {
    const { round } = next[0]!;
    const { budgetMs } = this.run.plan;
    // the first round is made whatever it takes: a run without any would say nothing
    if (round > 0 && budgetMs !== undefined && performance.now() - this.originMs > budgetMs) return true;
    if (round !== this.begun && isEnough(this.run, round)) return true;
    this.begun = round;
    this.of = Math.max(this.of, this.turnsUpTo(round % 2 === 0 ? round + 1 : round));
    return false;
  }

  private turnsUpTo(round: number): number {
    return this.groups.reduce((sum, { turns }) => (turns[0]!.round <= round ? sum + turns.length : sum), 0);
  }
}
