/** How runs stand against others: pure, so that the same records compared anywhere say the same. */
import { comparedMetrics, type ComparedMetric } from '../../../../contract/metrics';
import type {
  ComparedRun,
  LeftOut,
  MetricComparison,
  RunComparison,
} from '../../../../contract/report/comparison';
import { outcomeOf } from '../../../../contract/report/report';
import type { Run } from '../../../../contract/run/run';
import { TareError } from '../../../base/errors';
import { logCentre, unpairedRatio, type Contrast } from '../../statistics/contrast';
import { judgeTogether, smallestEffect, type Judged } from '../../statistics/judgement';
import { median } from '../../statistics/summary';
import { counted, groupsOf, isEmulated, type Group } from '../estimates/groups';
import { conditionsOn, differencesOf, renamedImages } from './differences';
import { comparisonTables, comparisonVerdicts } from './words';

/**
 * Compares every workload and target that both sides measured. The run is the unit, its median the value: what the machine does between two
 * runs moves all trials of a run alike, so that trials alone would call differences where there are none (Georges et al., OOPSLA 2007;
 * Kalibera & Jones, ISMM 2013). Where either side has a single run, nothing is known of that, and nothing is called; where conditions
 * differ that move a figure, it is not compared.
 * @param base  the runs of the baseline, one or more
 * @throws {TareError} `not-comparable` when no metric was measured on both sides
 */
export function compareRuns(
  base: readonly Run[],
  other: readonly Run[],
  minimumEffect = smallestEffect,
): RunComparison {
  const pairs = pairsOf(base, other);
  const differences = differencesOf(base, other);
  const sameImages = renamedImages(base, other);
  const held = heldAgainst(base, other);
  if (held.length === 0) {
    throw new TareError({ code: 'not-comparable', base: base[0]!.id, other: other[0]!.id });
  }
  const repeated = base.length > 1 && other.length > 1;
  const judged = judgeTogether(
    held.map(({ ratio }) => ratio),
    minimumEffect,
  );
  const metrics = held.map(({ row, metric }, at): MetricComparison => {
    const because = conditionsOn(differences, row, metric.compared.subject);
    return { ...row, ...told(judged[at]!, { repeated, because }) };
  });
  const comparison = {
    schemaVersion: 3 as const,
    base: base.map(identity),
    other: other.map(identity),
    repeated,
    minimumEffect,
    differences,
    ...(sameImages.length > 0 && { sameImages }),
    metrics,
    leftOut: leftOut(base, other, pairs),
    regression: metrics.some(({ outcome }) => outcome === 'more'),
  };
  return { ...comparison, verdicts: comparisonVerdicts(comparison), tables: comparisonTables(comparison) };
}

const identity = (run: Run): ComparedRun => ({
  id: run.id,
  name: run.label?.name ?? run.plan.name,
  startedAt: run.startedAt,
  trials: counted(run).length,
});

/** A workload on a target, in the runs of both sides that measured it. */
interface Pair {
  workload: string;
  target: Group['target'];
  base: Group[];
  other: Group[];
}

const measured = (groups: readonly Group[]): Group[] => groups.filter(({ trials }) => trials.length > 0);

/** Emulated everywhere, or nowhere: else the times tell of the accelerator alone. */
const sameKind = ({ base, other }: Pair): boolean =>
  new Set([...measured(base), ...measured(other)].map(({ trials }) => isEmulated(trials))).size <= 1;

function pairsOf(base: readonly Run[], other: readonly Run[]): Pair[] {
  const [bases, others] = [base, other].map((runs) => runs.flatMap(groupsOf)) as [Group[], Group[]];
  const same = (group: Group) => (one: Group) =>
    one.workload === group.workload && one.target === group.target;
  const first = bases.filter((group, at) => bases.findIndex(same(group)) === at);
  return first.flatMap((group): Pair[] => {
    const { workload, target } = group;
    const matches = others.filter(same(group));
    return matches.length > 0 ? [{ workload, target, base: bases.filter(same(group)), other: matches }] : [];
  });
}

/** Every metric that both sides measured, with how they stand to each other: nothing is called yet. */
export const heldAgainst = (base: readonly Run[], other: readonly Run[]) =>
  pairsOf(base, other).flatMap((pair) => comparedMetrics.flatMap((metric) => holdAgainst(pair, metric)));

type Figures = Pick<MetricComparison, 'workload' | 'target' | 'metric' | 'base' | 'other' | 'ratio'>;

/** One metric of a pair: medians of runs where both sides have several, else the trials of two runs. */
function holdAgainst(
  pair: Pair,
  metric: ComparedMetric,
): { row: Figures; metric: ComparedMetric; ratio: Contrast }[] {
  const sides = [pair.base, pair.other].map((groups) =>
    groups.map((group) => group.of(metric.read).values).filter((values) => values.length > 0),
  );
  const [base, other] = sides as [number[][], number[][]];
  const isPositive = [...base, ...other].every((values) => values.every((value) => value > 0));
  if (base.length === 0 || other.length === 0 || !isPositive || !sameKind(pair)) return [];
  const single = base.length === 1 && other.length === 1;
  const unitsOf = (runs: number[][]) => (single ? runs[0]! : runs.map(median));
  const ratio = unpairedRatio(unitsOf(base), unitsOf(other));
  const centre = logCentre(unitsOf(base));
  const side = (runs: number[][], centre: number) => ({
    median: median(runs.map(median)),
    centre,
    runs: runs.length,
    n: runs.flat().length,
  });
  const { workload, target } = pair;
  const row = {
    workload,
    target,
    metric: metric.id,
    base: side(base, centre),
    other: side(other, centre * ratio.value),
    ratio: ratio.value,
  };
  return [{ row, metric, ratio }];
}

/** What is said of a metric. Without repeated runs the interval is for orientation: it holds what varies within a run and nothing else. */
function told(
  { judgement, ratio, interval, p, detectable }: Judged,
  { repeated, because }: { repeated: boolean; because: string[] },
): Pick<MetricComparison, 'outcome' | 'interval' | 'p' | 'detectable' | 'because'> {
  const shown = repeated ? interval : ratio.interval;
  const figures = {
    ...(shown && { interval: shown }),
    ...(repeated && interval && { p }),
    ...(repeated && detectable !== undefined && { detectable }),
  };
  if (because.length > 0) return { outcome: 'not-comparable', because, ...figures };
  if (!repeated) return { outcome: 'unknown', ...figures };
  return { outcome: outcomeOf(judgement, ratio.value), ...figures };
}

/** Every pair of either side that has no row, with the reason. */
function leftOut(base: readonly Run[], other: readonly Run[], pairs: readonly Pair[]): LeftOut[] {
  const paired = pairs.flatMap((pair): LeftOut[] => {
    const { workload, target } = pair;
    if (measured(pair.base).length === 0 || measured(pair.other).length === 0)
      return [{ workload, target, why: 'not-measured' }];
    return sameKind(pair) ? [] : [{ workload, target, why: 'accelerator' }];
  });
  const alone = (runs: readonly Run[], why: LeftOut['why']): LeftOut[] => {
    const found = runs
      .flatMap(groupsOf)
      .filter(({ workload, target }) => !pairs.some((p) => p.workload === workload && p.target === target))
      .map(({ workload, target }) => ({ workload, target, why }));
    return [...new Map(found.map((one) => [`${one.workload} ${one.target}`, one])).values()];
  };
  return [...paired, ...alone(base, 'only-in-base'), ...alone(other, 'only-in-other')];
}
