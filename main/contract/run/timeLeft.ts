import {
  expectedTime,
  groupsOf,
  mostFailures,
  noExperience,
  pairKey,
  warmupPlan,
  type Experience,
  type Pair,
} from '../planning';
import { isDensity, type Plan } from '../plan';
import type { TargetId } from '../targets';
import type { Trial } from './run';

/** What is up at the same time, round after round: its turns. */
interface Turns {
  pairs: Pair[];
  planned: number;
  begun: number;
  /** what each turn that is over took, in ms */
  tookMs: number[];
}

/**
 * How long a run still takes: by what it has taken itself for turns of the same kind, else by what earlier runs here took. A turn counts
 * from its start to the next one's, so that stopping, cooling down and writing down are in it.
 */
export class TimeLeft {
  readonly #warmups: Turns[];
  readonly #counted: Turns[];
  readonly #failedInARow = new Map<string, number>();
  #current: { turns: Turns; round: number; sinceMs: number } | undefined;

  /**
   * @param experience  what earlier runs here took; for targets that it does not know, only what this run has done itself counts. It may
   *   be brought later
   */
  constructor(
    private readonly plan: Plan,
    public experience?: Pick<Experience, 'instanceMs'>,
  ) {
    const turns = (of: Plan, planned: number): Turns[] =>
      groupsOf(of).map((pairs) => ({ pairs, planned, begun: 0, tookMs: [] }));
    this.#warmups = turns(warmupPlan(plan), plan.warmups);
    this.#counted = turns(plan, plan.trials);
  }

  /**
   * A trial has started.
   * @param index  its round, below 0 for a warm-up
   * @param nowMs  by the clock that `leftMs` is asked by
   */
  started(
    { workload, target, index }: { workload: string; target: TargetId; index: number },
    nowMs: number,
  ): void {
    const isOfPair = (pair: Pair) => pairKey(pair.workload.name, pair.target) === pairKey(workload, target);
    const turns = (index < 0 ? this.#warmups : this.#counted).find(({ pairs }) => pairs.some(isOfPair));
    const current = this.#current;
    if (!turns || (current?.turns === turns && current.round === index)) return; // one of those that are up together
    if (current) current.turns.tookMs.push(nowMs - current.sinceMs);
    turns.begun += 1;
    this.#current = { turns, round: index, sinceMs: nowMs };
  }

  /** A trial has ended. A turn is not made any more once all its pairs have been given up. */
  ended({ workload, target, outcome }: Pick<Trial, 'workload' | 'target' | 'outcome'>): void {
    const pair = pairKey(workload, target);
    this.#failedInARow.set(pair, outcome === 'ok' ? 0 : (this.#failedInARow.get(pair) ?? 0) + 1);
  }

  #isGivenUp({ pairs }: Turns): boolean {
    return pairs.every(
      ({ workload, target }) => (this.#failedInARow.get(pairKey(workload.name, target)) ?? 0) >= mostFailures,
    );
  }

  /** In ms. Undefined where it cannot be known: how many rounds or instances there will be, or how long one of them takes. */
  leftMs(nowMs: number): number | undefined {
    if (isDensity(this.plan) || this.plan.precision !== undefined) return undefined;
    let leftMs = 0;
    for (const turns of [...this.#warmups, ...this.#counted]) {
      const isCurrent = this.#current?.turns === turns;
      const toCome = this.#isGivenUp(turns) ? 0 : Math.max(0, turns.planned - turns.begun);
      if (toCome === 0 && !isCurrent) continue;
      const eachMs = this.#expectedMs(turns);
      if (eachMs === undefined) return undefined;
      const restMs = isCurrent ? Math.max(0, eachMs - (nowMs - this.#current!.sinceMs)) : 0;
      leftMs += toCome * eachMs + restMs;
    }
    return leftMs;
  }

  #expectedMs({ tookMs, pairs }: Turns): number | undefined {
    if (tookMs.length > 0) return tookMs.reduce((sum, ms) => sum + ms, 0) / tookMs.length;
    if (!this.experience) return undefined;
    const turn = {
      ...this.plan,
      workloads: [...new Set(pairs.map(({ workload }) => workload))],
      targets: [...new Set(pairs.map(({ target }) => target))],
      ...{ trials: 1, warmups: 0 },
    };
    return expectedTime(turn, { ...noExperience, instanceMs: this.experience.instanceMs }).ms;
  }
}
