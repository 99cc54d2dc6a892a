/**
 * Where a series took a step and stayed there. E-divisive (Matteson & James, JASA 109, 2014) finds the place: the split whose two sides are
 * furthest apart as distributions, then the same within each side. Whether it is a step at all is asked of Welch's t between neighbouring
 * segments, as Hunter does (Fleming et al., ICPE 2023), since permutations would give another answer each time.
 */
import { welchTest } from './contrast';
import { mean } from './summary';

/** A shorter segment is a spike, not a level. */
const shortest = 3;
/** A shorter series has no history to speak of. */
const fewestRuns = 7;

export interface StepRule {
  /** a step is told only below this chance of one like it in a series without any */
  mostP: number;
  /** and only when the level changed by at least this share: 0.05 is 5 % */
  minimumEffect: number;
}

const usualSteps: StepRule = { mostP: 0.001, minimumEffect: 0.05 };

/** The level of a series changed just before one of its values. */
export interface Step {
  /** index of the first value on the new level */
  at: number;
  /** values on either side, up to the neighbouring steps */
  before: number;
  after: number;
  /** new level ∕ old level, both geometric means */
  ratio: number;
  p: number;
}

/**
 * The steps in a series of positive values, in its order.
 * @throws {RangeError} unless every value is positive
 */
export function changePoints(values: readonly number[], rule: StepRule = usualSteps): Step[] {
  if (!values.every((value) => value > 0)) throw new RangeError('logarithm of a value that is not positive');
  if (values.length < fewestRuns) return [];
  const logs = values.map(Math.log);
  const candidates: number[] = [];
  split(logs, 0, logs.length, candidates);
  return strongest(
    logs,
    candidates.sort((a, b) => a - b),
    rule,
  );
}

/** Candidates may be weak: a step between two others is often hidden until they are found. What is kept is decided afterwards. */
const candidateP = 0.05;

function split(logs: readonly number[], from: number, to: number, found: number[]): void {
  const at = mostDivisive(logs, from, to);
  if (at === undefined || welchTest(logs.slice(from, at), logs.slice(at, to)) > candidateP) return;
  found.push(at);
  split(logs, from, at, found);
  split(logs, at, to, found);
}

/**
 * The split with the largest energy statistic (m n ∕ (m + n)) · (2 E|X − Y| − E|X − X′| − E|Y − Y′|), within-side means over distinct
 * pairs (Matteson & James, eq. 5–7). Moving the split by one value changes three sums by that value's distances alone.
 */
function mostDivisive(logs: readonly number[], from: number, to: number): number | undefined {
  let [left, right, between] = [0, 0, 0];
  for (let i = from; i < to; i += 1) for (let j = i + 1; j < to; j += 1) right += distance(logs, i, j);
  let best: { at: number; value: number } | undefined;
  for (let at = from + 1; at < to; at += 1) {
    let [toLeft, toRight] = [0, 0];
    for (let j = from; j < at - 1; j += 1) toLeft += distance(logs, at - 1, j);
    for (let j = at; j < to; j += 1) toRight += distance(logs, at - 1, j);
    left += toLeft;
    right -= toRight;
    between += toRight - toLeft;
    const [m, n] = [at - from, to - at];
    if (m < shortest || n < shortest) continue;
    const pairs = (count: number) => (count * (count - 1)) / 2;
    const value = ((m * n) / (m + n)) * ((2 * between) / (m * n) - left / pairs(m) - right / pairs(n));
    if (!best || value > best.value) best = { at, value };
  }
  return best?.at;
}

const distance = (logs: readonly number[], i: number, j: number): number => Math.abs(logs[i]! - logs[j]!);

/** Gives up the weakest candidate, whose neighbours' segments then grow, until every one that is left is a step by the rule. */
function strongest(logs: readonly number[], candidates: readonly number[], rule: StepRule): Step[] {
  const steps = candidates.map((at, index) =>
    stepAt(logs, candidates[index - 1] ?? 0, at, candidates[index + 1] ?? logs.length),
  );
  const isStep = ({ p, ratio }: Step) =>
    p <= rule.mostP && Math.max(ratio, 1 / ratio) >= 1 + rule.minimumEffect;
  const weak = steps.filter((step) => !isStep(step));
  if (weak.length === 0) return steps;
  const weakest = weak.reduce((a, b) => (b.p > a.p ? b : a));
  return strongest(
    logs,
    candidates.filter((at) => at !== weakest.at),
    rule,
  );
}

function stepAt(logs: readonly number[], from: number, at: number, to: number): Step {
  const [before, after] = [logs.slice(from, at), logs.slice(at, to)];
  return {
    at,
    before: before.length,
    after: after.length,
    ratio: Math.exp(mean(after) - mean(before)),
    p: welchTest(before, after),
  };
}
