/** The two sides of a plan that holds B against A, round by round. */
import { comparedMetrics, type ComparedMetric } from '../../../../contract/metrics';
import type { Side } from '../../../../contract/plan';
import { pairedRatio, type Contrast, type PairOfValues } from '../../statistics/contrast';
import { judgeTogether, type Judged } from '../../statistics/judgement';
import { once, type Estimates } from './estimates';
import type { Group } from './groups';
import { minimumEffectOf } from './judging';

/** One figure of both sides, on one target or of one workload. */
export interface AbFigure {
  metric: ComparedMetric;
  a: Group;
  b: Group;
  /** B ∕ A; judged with all others of this plan, and with nothing else that the report tells: it is what was asked */
  judged: Judged;
}

/** Of all figures that both sides have; none of an ordinary plan. */
export const abFigures = once((of: Estimates): AbFigure[] => {
  const held = pairsOf(of).flatMap(({ a, b }) =>
    comparedMetrics.flatMap((metric) => {
      const ratio = ratioOf(a, b, metric);
      return ratio ? [{ metric, a, b, ratio }] : [];
    }),
  );
  const judged = judgeTogether(
    held.map(({ ratio }) => ratio),
    minimumEffectOf(of),
  );
  return held.map(({ metric, a, b }, at) => ({ metric, a, b, judged: judged[at]! }));
});

function pairsOf(of: Estimates): { a: Group; b: Group }[] {
  const { ab } = of.run.plan;
  if (!ab) return [];
  const nameOf = (group: Group, side: Side) => (side === 'workloads' ? group.workload : group.target);
  const other = (side: Side): Side => (side === 'workloads' ? 'targets' : 'workloads');
  return of.groups
    .filter((group) => nameOf(group, ab.sides) === ab.a)
    .flatMap((a) => {
      const b = of.groups.find(
        (group) =>
          nameOf(group, ab.sides) === ab.b && nameOf(group, other(ab.sides)) === nameOf(a, other(ab.sides)),
      );
      return b ? [{ a, b }] : [];
    });
}

/** Of the rounds in which both sides have the figure. */
function ratioOf(a: Group, b: Group, { read }: ComparedMetric): Contrast | undefined {
  const rounds = a.trials.flatMap((trial): PairOfValues[] => {
    const twin = b.trials.find(({ index }) => index === trial.index);
    const [base, other] = [read(trial), twin && read(twin)];
    return base !== undefined && other !== undefined && base > 0 && other > 0 ? [[base, other]] : [];
  });
  return rounds.length > 0 ? pairedRatio(rounds) : undefined;
}
