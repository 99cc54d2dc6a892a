/** How each target stands the same load. */
import { tell } from '../../../../contract/messages';
import { trialMetric } from '../../../../contract/metrics';
import { loaderFor } from '../../../../contract/plan';
import type { LoadClient } from '../../../../contract/run/load';
import type { TargetId } from '../../../../contract/targets';
import type { Verdict } from '../../../../contract/report/report';
import { emulatedMark, framed, labelOf, rangeOf } from '../chart';
import { once, type Estimates } from '../estimates/estimates';
import type { Group } from '../estimates/groups';
import { judgedOn, loadMetrics, ratioOf, whyNotComparable } from '../estimates/judging';
import { againstBaseline, type Sides } from '../estimates/sides';
import type { Section } from '../section';
import { metricColumns, n, rowHead, table, target, workload } from '../table';
import { formOf, judgementOf, sidesFacts, standingOf } from './judgements';

const sent = trialMetric('load.sent');
const answered = trialMetric('load.answered');
const unanswered = trialMetric('load.unanswered');
const answeredPerSecond = trialMetric('load.answeredPerSecond');
const p50Ms = trialMetric('load.p50Ms');
const p99Ms = trialMetric('load.p99Ms');
const p999Ms = trialMetric('load.p999Ms');
const cpuMsPerRequest = trialMetric('load.cpuMsPerRequest');

const countUnderLoad = (group: Group): number => group.of(sent.read).n;
const groupsUnderLoad = once(({ groups }) => groups.filter((group) => countUnderLoad(group) > 0));

export const load = {
  tables(of) {
    const groups = groupsUnderLoad(of);
    const columns = metricColumns('load', groups);
    const rows = groups.map((group) => [
      ...rowHead(group),
      { value: countUnderLoad(group) },
      ...columns.map(({ cellOf }) => cellOf(group)),
    ]);
    return [table('load', [workload, target, n, ...columns.map(({ column }) => column)], rows)];
  },

  verdicts(of) {
    const { plan } = of.run;
    if (!plan.load) return [];
    const { ratePerSecond } = plan.load;
    const silent = plan.workloads.filter(({ probe }) => !loaderFor[probe.kind]);
    return [
      ...groupsUnderLoad(of).map((group) => verdictOn(group, ratePerSecond)),
      ...againstBaseline(of)
        .filter(({ base, other }) => countUnderLoad(base) > 0 && countUnderLoad(other) > 0)
        .flatMap((sides) => verdictsOn(of, sides)),
      ...of.groups.flatMap(failureOn),
      ...silent.map(({ name }) =>
        note(`load-none ${name}`, name, [], tell('verdict.load.none', { workload: name })),
      ),
      ...(groupsUnderLoad(of).length > 0
        ? [note('load-where', undefined, [], tell('verdict.load.where'))]
        : []),
    ];
  },

  charts(of) {
    const groups = groupsUnderLoad(of).filter(
      (group) => group.of(p50Ms.read).n > 0 && closedClientOf(group) === undefined,
    );
    if (groups.length === 0) return [];
    const note = tell('chart.load.note', {
      n: rangeOf(groups.map(countUnderLoad)),
      rate: of.run.plan.load!.ratePerSecond,
    });
    return [
      {
        ...framed('load', note),
        kind: 'bars',
        unit: 'ms',
        series: [{ id: 'p50Ms', label: tell('column.p50Ms') }],
        bars: groups.map((group) => ({
          label: labelOf(of.run, group),
          target: group.target,
          ...emulatedMark(group.trials),
          values: [group.of(p50Ms.read).median() ?? null],
          points: group.trials.flatMap((trial) =>
            [p50Ms, p99Ms, p999Ms].flatMap(({ read }) => read(trial) ?? []),
          ),
        })),
      },
    ];
  },
} satisfies Section;

const note = (
  id: string,
  workload: string | undefined,
  targets: TargetId[],
  text: Verdict['text'],
): Verdict => ({
  id,
  about: { subject: 'load', ...(workload !== undefined && { workload }), targets },
  standing: 'note',
  text,
});

/** Who put the load on, where he waited for each answer before he asked again: then the plan's rate was nobody's. */
const closedClientOf = ({ trials }: Group): LoadClient | undefined =>
  trials.flatMap(({ load }) => load?.client ?? []).find((client) => client === 'valkey-benchmark');

function failureOn({ workload, target, trials }: Group): Verdict[] {
  const failures = trials.flatMap(({ loadFailure }) => loadFailure ?? []);
  if (failures.length === 0) return [];
  const facts = { workload, target: { target }, n: failures.length, failure: { failure: failures[0]! } };
  return [note(`load-failed ${workload} ${target}`, workload, [target], tell('verdict.load.failed', facts))];
}

/** Two targets under the same load, in everything that tells how well they stand it. */
function verdictsOn(of: Estimates, sides: Sides): Verdict[] {
  const { base, other } = sides;
  const { workload, target } = other;
  const about: Verdict['about'] = { subject: 'load', workload, targets: [base.target, target] };
  const why = whyNotComparable(sides, true);
  if (why !== undefined)
    return [
      {
        id: `load-ratio ${workload} ${target}`,
        about,
        standing: 'unclear',
        judgement: 'not-comparable',
        text: tell(`verdict.load.${why === 'mixed' ? why : 'not-comparable'}`, {
          workload,
          less: { target: base.target },
          more: { target },
        }),
      },
    ];
  return loadMetrics.flatMap(({ name, metric }): Verdict[] => {
    const ratio = ratioOf(sides, metric);
    if (!ratio) return [];
    const judged = judgedOn(of, ratio);
    return [
      {
        id: `load-${name} ${workload} ${target}`,
        about,
        standing: standingOf(judged),
        ...judgementOf(judged),
        text: tell(
          `verdict.load.${name}.${formOf(judged)}`,
          sidesFacts(sides, { ...metric, unit: 'ms' }, judged),
        ),
      },
    ];
  });
}

function verdictOn(group: Group, rate: number): Verdict {
  const { workload, target } = group;
  // what was asked for: sent, or withheld as too many were still waiting
  const [good, failed] = [group.of(answered.read).sum(), group.of(unanswered.read).sum()];
  const [p50, p99] = [group.of(p50Ms.read).median(), group.of(p99Ms.read).median()];
  const cpu = group.of(cpuMsPerRequest.read).median();
  const common: Pick<Verdict, 'id' | 'about'> = {
    id: `load ${workload} ${target}`,
    about: { subject: 'load', workload, targets: [target] },
  };
  const names = { workload, target: { target }, rate, sent: good + failed };
  const perSecond = Math.round(group.of(answeredPerSecond.read).median() ?? 0);
  if (failed > 0 || p50 === undefined || p99 === undefined)
    return {
      ...common,
      standing: 'unclear',
      text: tell('verdict.load.short', {
        ...names,
        failed,
        share: { percent: (100 * good) / Math.max(1, good + failed) },
        answered: perSecond,
      }),
    };
  const client = closedClientOf(group);
  const facts = { ...names, p50: { ms: p50 }, p99: { ms: p99 } };
  if (client)
    return {
      ...common,
      standing: 'holds',
      text:
        cpu === undefined
          ? tell('verdict.load.closed', { ...facts, client, answered: perSecond })
          : tell('verdict.load.closed-cpu', { ...facts, client, answered: perSecond, cpu: { ms: cpu } }),
    };
  return {
    ...common,
    standing: 'holds',
    text:
      cpu === undefined
        ? tell('verdict.load.ok-no-cpu', facts)
        : tell('verdict.load.ok', { ...facts, cpu: { ms: cpu } }),
  };
}
