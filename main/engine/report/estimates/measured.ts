import type { Cell, Interval } from '../../../contract/report/report';
import type { Estimate } from '../../statistics/estimate';
import { medianDifference, medianInterval, medianRatio } from '../../statistics/intervals';
import { ascending, quantile } from '../../statistics/summary';

/** What `make` gives, made when it is first asked for. */
function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** The values of one figure, and what follows from them: an interval takes a bootstrap, so each estimate is made once, and only if asked for. */
export class Measured {
  readonly n: number;
  /** undefined where nothing could be read, as the interval is of fewer than two values */
  readonly median: () => number | undefined;
  readonly interval: () => Interval | undefined;
  /** ascending */
  readonly sorted: () => Float64Array;
  private readonly isPositive: () => boolean;
  private readonly ratios = new Map<Measured, Estimate | undefined>();

  /**
   * @param values  in any one unit; all estimates have the same
   * @param seed    of the bootstraps; two sides are held against each other by that of the base
   */
  constructor(
    readonly values: readonly number[],
    private readonly seed: number,
  ) {
    this.n = values.length;
    this.sorted = lazy(() => ascending(values));
    this.median = lazy(() => (values.length > 0 ? quantile(this.sorted(), 0.5) : undefined));
    this.interval = lazy(() => medianInterval(values, seed));
    this.isPositive = lazy(() => values.every((value) => value > 0));
  }

  /** How these stand against `base`; undefined where either is missing or a ratio would mean nothing. */
  ratioTo(base: Measured): Estimate | undefined {
    if (!this.ratios.has(base)) {
      const has = this.n > 0 && base.n > 0 && this.isPositive() && base.isPositive();
      this.ratios.set(base, has ? medianRatio(base.values, this.values, base.seed) : undefined);
    }
    return this.ratios.get(base);
  }

  /** These less `base`, of the medians. */
  differenceFrom(base: Measured): Estimate {
    return medianDifference(base.values, this.values, base.seed);
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
}

/** An estimate as a cell; a missing one is told as such. */
export const estimateCell = (estimate: Estimate | undefined): Cell =>
  estimate
    ? { value: estimate.value, ...(estimate.interval && { interval: estimate.interval }) }
    : { value: null };
