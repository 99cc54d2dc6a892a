/** The history as series: what each run measured of the same plan, with the steps that its level took. */
import { createHash } from 'node:crypto';
import { comparedMetrics, type ComparedMetric } from '../../../contract/metrics';
import type { HistorySeries, SeriesPoint } from '../../../contract/report/series';
import { isDensity, type Plan } from '../../../contract/plan';
import { canonicalPlan } from '../../../contract/planning';
import type { Run, RunId } from '../../../contract/run/run';
import type { TargetId } from '../../../contract/targets';
import { conditions, isOf, readCondition } from '../report/comparison/conditions';
import { groupsOf } from '../report/estimates/groups';
import { changePoints } from '../statistics/changePoints';
import { seriesFile } from '../../base/paths';
import { readIndex } from './recordIndex';
import { loadRun, runFiles } from './store';

/** What a run adds to the series. */
interface Contribution {
  plan: string;
  name: string;
  cold?: true;
  startedAt: string;
  /** of the machine and of what measures on it: null where it is not known */
  machine: Record<string, string | null>;
  figures: {
    workload: string;
    target: TargetId;
    digest?: string;
    medians: Partial<Record<ComparedMetric['id'], [median: number, n: number]>>;
  }[];
}

const ofMachine = conditions.filter(({ machine }) => machine);

/** What a plan says that does not change what its figures are of. */
const besides: readonly (keyof Plan)[] = [
  'name',
  'trials',
  'precision',
  'seed',
  'coolDownMs',
  'readyTimeoutMs',
  'budgetMs',
  'memoryFloorBytes',
  'wholeLadder',
  'skipUnusable',
  'keepValues',
  'commits',
];

/** The same for all runs that measure the same, whatever the order in which their plans were written. */
export function planId({
  plan,
  environment: { given } = {},
}: Pick<Run, 'plan'> & { environment?: Pick<Run['environment'], 'given'> }): string {
  const hash = createHash('sha256').update(canonicalPlan(plan, besides));
  if (given) hash.update(JSON.stringify(given));
  return hash.digest('hex').slice(0, 12);
}

/** Undefined for a run that adds nothing yet, or never will. */
function contributionOf(run: Run): Contribution | undefined {
  if (run.state === 'running') return undefined;
  const groups = run.state === 'done' && !isDensity(run.plan) ? groupsOf(run) : [];
  return {
    plan: planId(run),
    name: run.plan.name,
    ...(run.plan.cold && { cold: true as const }),
    startedAt: run.startedAt,
    machine: Object.fromEntries(ofMachine.map((one) => [one.what, readCondition(one, run) ?? null])),
    figures: groups.map((group) => {
      const digest = run.environment.images.find(({ workload }) => workload === group.workload)?.digest;
      const medians = comparedMetrics.flatMap(({ id, read }) => {
        const measured = group.of(read);
        const median = measured.median();
        return median !== undefined && median > 0 ? [[id, [median, measured.n]] as const] : [];
      });
      const { workload, target } = group;
      return { workload, target, ...(digest && { digest }), medians: Object.fromEntries(medians) };
    }),
  };
}

/** Of every run that has ended, the oldest first. */
async function contributions(data: string): Promise<[RunId, Contribution][]> {
  const records = await runFiles(data);
  const index = await readIndex<Contribution>(records, {
    file: seriesFile(data),
    derive: async (id) => {
      const run = await loadRun(data, id).catch(() => undefined);
      return run && contributionOf(run);
    },
  });
  if (index.changed) await index.keep('');
  return [...records.keys()].flatMap((id): [RunId, Contribution][] => {
    const contribution = index.values.get(id);
    return contribution ? [[id, contribution]] : [];
  });
}

/** The last run before this one that measured the same plan; null where there is none. */
export async function previousRun(data: string, id: RunId): Promise<RunId | null> {
  const measured = (await contributions(data)).filter(([, { figures }]) => figures.length > 0);
  const plan = measured.find(([one]) => one === id)?.[1].plan;
  const before = measured.filter(([one, contribution]) => one < id && contribution.plan === plan);
  return before.at(-1)?.[0] ?? null;
}

/** Series of two runs and more; those with the newest run first. */
export async function historySeries(data: string): Promise<HistorySeries[]> {
  const series = seriesOf(await contributions(data)).filter(({ points }) => points.length > 1);
  const newest = ({ points }: HistorySeries) => points.at(-1)!.run;
  return series.sort((a, b) => (newest(a) < newest(b) ? 1 : newest(a) > newest(b) ? -1 : 0));
}

/** A series as it grows: its points, and the machine of each. */
interface Growing {
  about: Pick<HistorySeries, 'plan' | 'workload' | 'target' | 'metric'>;
  points: SeriesPoint[];
  machines: Contribution['machine'][];
}

function seriesOf(runs: readonly [RunId, Contribution][]): HistorySeries[] {
  const growing = new Map<string, Growing>();
  for (const [run, { plan, name, cold, startedAt, machine, figures }] of runs)
    for (const { workload, target, digest, medians } of figures)
      for (const { id: metric } of comparedMetrics) {
        const [median, n] = medians[metric] ?? [];
        if (median === undefined || n === undefined) continue;
        const key = [plan, workload, target, metric].join('\n');
        const of = growing.get(key) ?? {
          about: { plan: { id: plan, name, ...(cold && { cold }) }, workload, target, metric },
          points: [],
          machines: [],
        };
        growing.set(key, of);
        of.about.plan.name = name; // the newest plan's
        of.points.push({ run, startedAt, median, n, ...(digest && { digest }) });
        of.machines.push(machine);
      }
  return [...growing.values()].map(finished);
}

/** Nothing is compared across a change of the machine: each segment has its own steps. */
function finished({ about, points, machines }: Growing): HistorySeries {
  const relevant = ofMachine.filter((condition) => isOf(condition, about.target));
  const changes = machines.flatMap((machine, at) => {
    const before = machines[at - 1];
    if (!before) return [];
    const what = relevant
      .map(({ what }) => ({ what, before: before[what] ?? null, after: machine[what] ?? null }))
      .filter((one) => one.before !== one.after);
    return what.length > 0 ? [{ at, what }] : [];
  });
  const ends = [0, ...changes.map(({ at }) => at), points.length];
  const steps = ends.slice(1).flatMap((to, segment) => {
    const from = ends[segment]!;
    const medians = points.slice(from, to).map(({ median }) => median);
    return changePoints(medians).map((step) => ({ ...step, at: from + step.at }));
  });
  return { ...about, points, changes, steps };
}
