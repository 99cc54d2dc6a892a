/**
 * What several hosts together say of one ratio: the host is a block, and hosts differ. Random effects on logarithms: each host has a true
 * ratio of its own, and these lie around their mean with the standard deviation τ.
 */
import type { Interval } from '../../../contract/report/report';
import { level, type Contrast } from './contrast';
import { studentQuantile } from './distributions';
import { hull, studentInterval, studentOf, studentP } from './student';

/** Fewer say nothing of how hosts differ. */
export const fewestToPool = 3;

/** A host's ratio on a logarithmic scale, and its standard error, which is positive. */
export interface Effect {
  value: number;
  standardError: number;
}

export interface RandomEffects {
  /** of the mean ratio; `n` are hosts */
  contrast: Contrast;
  /** of the hosts' true ratios, on a logarithmic scale */
  tau: number;
  /** I²: share of the variation between hosts that is none within them */
  share: number;
  /** of each effect, in their order; together 1 */
  weights: number[];
  /** where one more host's true ratio lies, but for `error` of all cases */
  predictionAt: (error: number) => Interval;
}

/** The standard error that an interval of a ratio at this level stands for: of ranks where ranks decide. Undefined where there is none. */
export function effectOf({ value, interval, degrees }: Contrast): Effect | undefined {
  if (!interval || !(interval.low > 0) || !(degrees > 0)) return undefined;
  const half = Math.log(interval.high / interval.low) / 2;
  const standardError = half / studentQuantile(1 - level / 2, degrees);
  return Number.isFinite(standardError)
    ? { value: Math.log(value), standardError: Math.max(finest, standardError) }
    : undefined;
}

/** Where all rounds of a host agree in every digit, it is still no surer than this: a millionth. */
const finest = 1e-6;

/**
 * τ² by Paule & Mandel (J. Research of the National Bureau of Standards 87, 1982), the interval by Hartung & Knapp (Statistics in
 * Medicine 20, 2001) and Sidik & Jonkman (Statistics in Medicine 21, 2002) with Student's t of k − 1 degrees of freedom, never narrower than
 * without their factor (Röver, Knapp & Friede, BMC Medical Research Methodology 15:99, 2015); I² by the typical variance within hosts
 * (Higgins & Thompson, Statistics in Medicine 21, 2002), the prediction interval as in the Cochrane Handbook, 6.5, chapter 10.10.4.3.
 *
 * Of few rounds a host's standard error is itself so unsure that weights mislead: with three rounds that interval would hold the mean of
 * ten equal hosts in 89 % of cases. So it is never narrower than Student's of the hosts' ratios as they are, which needs no weights.
 * @returns undefined for fewer than three effects
 */
export function randomEffects(effects: readonly Effect[]): RandomEffects | undefined {
  const k = effects.length;
  if (k < fewestToPool) return undefined;
  const variance = varianceBetween(effects);
  const { mean, weights, weight, q } = around(effects, variance);
  const standardError = Math.sqrt(Math.max(1, q / (k - 1)) / weight);
  const weighted = { value: mean, standardError, degrees: k - 1 };
  const plain = studentOf(effects.map(({ value }) => value))!;
  const intervalAt = (error: number): Interval =>
    ratios(hull(studentInterval(weighted, error), studentInterval(plain, error)));
  const spread = { ...weighted, standardError: Math.sqrt(variance + standardError ** 2) };
  return {
    contrast: {
      value: Math.exp(mean),
      equality: 1,
      n: k,
      degrees: k - 1,
      p: mean * plain.value > 0 ? Math.max(studentP(weighted), studentP(plain)) : 1,
      interval: intervalAt(level),
      intervalAt,
    },
    tau: Math.sqrt(variance),
    share: variance / (variance + typicalVariance(effects)),
    weights: weights.map((one) => one / weight),
    predictionAt: (error) => ratios(hull(studentInterval(spread, error), studentInterval(plain, error))),
  };
}

const ratios = ({ low, high }: Interval): Interval => ({ low: Math.exp(low), high: Math.exp(high) });

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** The weighted mean, and how far the effects lie from it in their own standard errors. */
function around(effects: readonly Effect[], variance: number) {
  const weights = effects.map(({ standardError }) => 1 / (standardError ** 2 + variance));
  const weight = sumOf(weights);
  const mean = sumOf(effects.map(({ value }, at) => value * weights[at]!)) / weight;
  const q = sumOf(effects.map(({ value }, at) => weights[at]! * (value - mean) ** 2));
  return { mean, weights, weight, q };
}

/** Where Q is what it is expected to be, k − 1: it falls as the variance rises, so halving finds the only place. */
function varianceBetween(effects: readonly Effect[]): number {
  const expected = effects.length - 1;
  const qAt = (variance: number) => around(effects, variance).q;
  if (qAt(0) <= expected) return 0;
  let [low, high] = [0, 1];
  while (qAt(high) > expected) [low, high] = [high, high * 2];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (qAt(middle) > expected) low = middle;
    else high = middle;
  }
}

/** Of all hosts' sampling variances the one that stands for them. */
function typicalVariance(effects: readonly Effect[]): number {
  const weights = effects.map(({ standardError }) => 1 / standardError ** 2);
  const sum = sumOf(weights);
  // as the square of the sum less the sum of the squares, of which nothing would be left where one weight is above all others
  return ((effects.length - 1) * sum) / sumOf(weights.map((weight) => weight * (sum - weight)));
}
