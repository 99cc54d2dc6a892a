/**
 * When a run with a wanted precision has measured enough. The rule looks at the width of the intervals only and never at
 * what they say: stopping as soon as a difference shows would find one in every second run of equal things.
 */
import { trialsOf } from '../../../contract/planning';
import type { Run } from '../../../contract/run/run';
import { isKnownTo } from '../../results/report/sections/precision';

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

/** Says before each group whether the run is over, and how many trials it will come to as far as that is known. */
export class Pace {
  /** trials that will be made at least */
  of: number;
  private begun: number | undefined;

  /** @param originMs  performance.now() at which the run began */
  constructor(
    private readonly run: Run,
    private readonly originMs: number,
  ) {
    this.of = trialsOf(run.plan);
  }

  /**
   * True when no further group needs to be measured: the budget is spent, or everything is known well enough.
   * @param round  of the next group
   */
  isOver(round: number): boolean {
    const { budgetMs } = this.run.plan;
    // the first round is made whatever it takes: a run without any would say nothing
    if (round > 0 && budgetMs !== undefined && performance.now() - this.originMs > budgetMs) return true;
    if (round !== this.begun && isEnough(this.run, round)) return true;
    this.begun = round;
    this.of = Math.max(this.of, trialsOf(this.run.plan, round + 1));
    return false;
  }
}
