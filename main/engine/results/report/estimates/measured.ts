import type { Cell, Interval } from '../../../../contract/report/report';
import {
  centre,
  logCentre,
  pairedDifference,
  pairedRatio,
  unpairedDifference,
  unpairedRatio,
  type Contrast,
  type PairOfValues,
} from '../../statistics/contrast';
import { medianInterval } from '../../statistics/intervals';
import { ascending, quantile } from '../../statistics/summary';

/** What `make` gives, made when it is first asked for. */
function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** What values of the same round have in common: the round's number, or what else names it. */
export type RoundName = number | string;

/** The values of one figure, and what follows from them: each estimate is made once, and only if asked for. */
export class Measured {
  readonly n: number;
  /** undefined where nothing could be read, as the interval is of fewer than two values */
  readonly median: () => number | undefined;
  readonly interval: () => Interval | undefined;
  /** what stands beside a ratio: the other side's is this times the ratio. Undefined where nothing could be read */
  readonly centre: () => number | undefined;
  /** ascending */
  readonly sorted: () => Float64Array;
  private readonly isPositive: () => boolean;
  private readonly ratios = new Map<Measured, Contrast | undefined>();

  /**
   * @param values  in any one unit
   * @param rounds  of each value, where they have any: both sides of a comparison were measured in each
   */
  constructor(
    readonly values: readonly number[],
    private readonly rounds: readonly RoundName[] = [],
    /** of two figures, such as what the host could give before and after: on a scale of its own, which has no logarithm */
    isDifference = false,
  ) {
    this.n = values.length;
    this.sorted = lazy(() => ascending(values));
    this.median = lazy(() => (values.length > 0 ? quantile(this.sorted(), 0.5) : undefined));
    this.interval = lazy(() => medianInterval(values, isDifference));
    this.centre = lazy(() => {
      if (values.length === 0) return undefined;
      return this.isPositive() ? logCentre(values) : centre(values);
    });
    this.isPositive = lazy(() => values.every((value) => value > 0));
  }

  /** How these stand against `base`, round by round; undefined where either is missing or a ratio would mean nothing. */
  ratioTo(base: Measured): Contrast | undefined {
    if (!this.ratios.has(base)) {
      const has = this.n > 0 && base.n > 0 && this.isPositive() && base.isPositive();
      this.ratios.set(base, has ? this.contrast(base, pairedRatio, unpairedRatio) : undefined);
    }
    return this.ratios.get(base);
  }

  /** These less `base`, round by round. */
  differenceFrom(base: Measured): Contrast {
    return this.contrast(base, pairedDifference, unpairedDifference);
  }

  /** Each value so many times as large. */
  times(factor: number): Measured {
    return new Measured(
      this.values.map((value) => value * factor),
      this.rounds,
    );
  }

  private contrast(
    base: Measured,
    paired: typeof pairedDifference,
    unpaired: typeof unpairedDifference,
  ): Contrast {
    const rounds = this.roundsWith(base);
    // where most rounds have one side only, pairs would leave out most of what was measured
    return rounds.length > 0 && 2 * rounds.length >= Math.min(this.n, base.n)
      ? paired(rounds)
      : unpaired(base.values, this.values);
  }

  /** Of the rounds that both have. */
  private roundsWith(base: Measured): PairOfValues[] {
    const known = new Map(base.rounds.map((round, at) => [round, base.values[at]!]));
    return this.rounds.flatMap((round, at): PairOfValues[] => {
      const value = known.get(round);
      return value === undefined ? [] : [[value, this.values[at]!]];
    });
  }

  /** The median with its interval and n. */
  cell(): Cell {
    const interval = this.interval();
    return { value: this.median() ?? null, ...(interval && { interval }), n: this.n };
  }

  /** The median of a figure that repeats itself or is told for orientation only: no interval. */
  plainCell(): Cell {
    return { value: this.median() ?? null, n: this.n };
  }

  /** Of a figure that is counted, not sampled. */
  sum(): number {
    return this.values.reduce((sum, value) => sum + value, 0);
  }

  sumCell(): Cell {
    return { value: this.n > 0 ? this.sum() : null, n: this.n };
  }
}

/** What is shown of the other side of a ratio: two medians have another quotient than the rounds' own ratios. */
export const besideBase = (base: Measured, ratio: Contrast): number => base.centre()! * ratio.value;

/** An estimate as a cell; a missing one is told as such. */
export const estimateCell = (
  estimate: { value: number; interval?: Interval | undefined } | undefined,
): Cell =>
  estimate
    ? { value: estimate.value, ...(estimate.interval && { interval: estimate.interval }) }
    : { value: null };
