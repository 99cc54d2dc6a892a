/** The distributions that intervals and tests are read from. Checked against scipy to 1e-9. */

/**
 * Standard normal cumulative probability, by its error function: a series near 0, a continued fraction in the tails
 * (Abramowitz & Stegun 7.1.6 and 7.1.14). Full double precision, which the usual short approximations lack.
 */
export function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const tail = x < 2.5 ? 0.5 * (1 - erfSeries(x)) : 0.5 * erfcFraction(x);
  return z > 0 ? 1 - tail : tail;
}

function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-17; n += 1) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

function erfcFraction(x: number): number {
  let fraction = x;
  for (let n = 60; n > 0; n -= 1) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
}

/**
 * The z below which a share `p` of a standard normal lies.
 * @returns −Infinity for 0 and Infinity for 1
 */
export const normalQuantile = (p: number): number =>
  p <= 0 ? -Infinity : p >= 1 ? Infinity : invert(normalCdf, p, -40, 40);

/**
 * Cumulative probability of Student's t: Abramowitz & Stegun 26.7.1 by the incomplete beta function, taken from the
 * middle for a small t and from the tail for a large one, where each keeps its digits.
 */
export function studentCdf(t: number, degrees: number): number {
  const share = (t * t) / (degrees + t * t);
  if (share < 0.5) return 0.5 + Math.sign(t) * 0.5 * incompleteBeta(share, 0.5, degrees / 2);
  const tail = 0.5 * incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
  return t > 0 ? 1 - tail : tail;
}

/** The t below which a share `p` of Student's distribution lies; `degrees` need not be whole. */
export const studentQuantile = (p: number, degrees: number): number =>
  invert((t) => studentCdf(t, degrees), p, -1e6, 1e6);

/** Where the increasing `cdf` reaches `p`, halved to the last digit: slow and certain. */
function invert(cdf: (x: number) => number, p: number, from: number, to: number): number {
  let [low, high] = [from, to];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (cdf(middle) < p) low = middle;
    else high = middle;
  }
}

/** Logarithm of the gamma function: Lanczos's approximation with g = 7 and nine terms (Godfrey, 2001). */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const base = x + 6.5;
  const sum = lanczos.reduce((total, term, i) => total + (i === 0 ? term : term / (x - 1 + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum);
}

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** Regularised incomplete beta function: Abramowitz & Stegun 26.5.8, evaluated by Lentz's method. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a); // where the fraction converges fast
  const front = a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b);
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 500; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return (Math.exp(front) * fraction) / a;
}

const nonZero = (value: number): number => (Math.abs(value) < 1e-300 ? 1e-300 : value);
