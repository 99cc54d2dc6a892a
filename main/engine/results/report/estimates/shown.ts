/**
 * A figure as it stands beside its ratio. Two medians have another quotient than the rounds' own ratios, so the base shows the centre of
 * its rounds, and every other figure is that times its ratio, with the interval by which the ratio was judged.
 */
import type { Metric } from '../../../../contract/metrics';
import type { Interval } from '../../../../contract/report/report';
import { isRepeat } from '../../../../contract/targets';
import type { Judged } from '../../statistics/judgement';
import { abFigures } from './ab';
import type { Estimates } from './estimates';
import type { Group } from './groups';
import { judgedOn, ratioOf, whyNotComparable } from './judging';
import { besideBase, type Measured } from './measured';

export interface Shown {
  /** undefined where nothing could be read */
  value: number | undefined;
  interval?: Interval;
  /** absent of what others are held against, and of what nothing is held against */
  judged?: Judged;
}

/** From this ratio of its ends on an interval is of no use to anybody: of few rounds it may reach beyond all that can be. */
export const uselessWidth = 100;

/** The other side of a judged ratio, with the interval of the ratio in the figure's unit. */
export function shownBeside(base: Measured, judged: Judged): Shown {
  const from = base.centre()!;
  const { interval, ratio } = judged;
  const isUseful = interval !== undefined && interval.high <= interval.low * uselessWidth;
  return {
    value: besideBase(base, ratio),
    ...(isUseful && { interval: { low: from * interval.low, high: from * interval.high } }),
    judged,
  };
}

/** A group's figure. */
export function shownOf(of: Estimates, group: Group, metric: Metric): Shown {
  const asked = abFigures(of).find((figure) => figure.metric === metric && figure.b === group);
  if (asked) return shownBeside(asked.a.of(metric.read), asked.judged);
  const base = of.run.plan.ab ? undefined : of.baseOf(group);
  const ratio = base && base !== group && !isRepeat(group.target) && ratioOf({ base, other: group }, metric);
  if (!ratio || whyNotComparable({ base, other: group }) !== undefined)
    return { value: group.of(metric.read).centre() };
  return shownBeside(base.of(metric.read), judgedOn(of, ratio));
}
