/** B against A, for a plan that asks for it: a verdict and a row for each figure. */
import { tell } from '../../../../contract/messages';
import { comparedMetrics, trialMetric } from '../../../../contract/metrics';
import { inUnit, outcomeOf, type Fact, type Verdict } from '../../../../contract/report/report';
import type { Ab, Commit, Plan } from '../../../../contract/plan';
import { kindOf } from '../../../../contract/targets';
import type { Judged } from '../../statistics/judgement';
import { abFigures, type AbFigure } from '../estimates/ab';
import type { Group } from '../estimates/groups';
import { besideBase } from '../estimates/measured';
import type { Section } from '../section';
import { minimumFact, seenFact } from './judgements';
import { column, table, target, workload } from '../table';

export const ab = {
  verdicts(of) {
    const { ab, commits } = of.run.plan;
    if (!ab) return [];
    return abFigures(of).flatMap((figure) => [abVerdict({ ab, commits }, figure), ...usedInGuest(figure)]);
  },

  tables(of) {
    const { ab } = of.run.plan;
    if (!ab) return [];
    const byWorkloads = ab.sides === 'workloads';
    return comparedMetrics.map(({ id, unit }) =>
      table(
        `ab-${id}`,
        [
          byWorkloads ? target : workload,
          column('a', unit),
          column('b', unit),
          column('change', 'times'),
          column('p', 'percent'),
          column('judgement', 'text'),
        ],
        abFigures(of)
          .filter(({ metric }) => metric.id === id)
          .map(({ metric: { read }, a, b, judged }) => [
            { value: byWorkloads ? a.target : a.workload },
            { value: a.of(read).centre()!, n: a.of(read).n },
            { value: besideBase(a.of(read), judged.ratio), n: b.of(read).n },
            { value: judged.ratio.value, ...(judged.interval && { interval: judged.interval }) },
            { value: judged.interval ? Number((judged.p * 100).toPrecision(2)) : null },
            { value: forms[outcome(judged)] },
          ]),
      ),
    );
  },
} satisfies Section;

const guestUsed = trialMetric('guestUsedBytes');

/** What the guests use themselves, since a VM's own memory is not a sum: what fills pages that were freed before does not show in it. */
function usedInGuest({ metric, a, b, judged }: AbFigure): Verdict[] {
  const [ofA, ofB] = [a, b].map((group) => group.of(guestUsed.read).centre());
  const areVms = [a, b].every(({ target }) => kindOf(target) === 'vm');
  if (metric.id !== 'hostBytes' || judged.judgement === 'same' || !areVms) return [];
  if (ofA === undefined || ofB === undefined) return [];
  return [
    {
      id: `ab guest ${b.workload} ${b.target}`,
      about: { subject: 'memory', workload: b.workload, targets: [...new Set([a.target, b.target])] },
      standing: 'note',
      text: tell('verdict.ab.guest-used', { a: { bytes: ofA }, b: { bytes: ofB } }),
    },
  ];
}

/** Of B. */
const outcome = ({ judgement, ratio }: Judged) => outcomeOf(judgement, ratio.value);

/** The same in records, whose words are known by these names. */
const forms = { less: 'faster', more: 'slower', same: 'same', unknown: 'cannot-tell' } as const;

type Commits = Plan['commits'];

export function abVerdict({ ab, commits }: { ab: Ab; commits: Commits }, figure: AbFigure): Verdict {
  const { metric, a, b, judged } = figure;
  const said = outcome(judged);
  const since = said === 'more' ? sinceWhen(commits) : undefined;
  const form = judged.interval ? (since ? 'slower-since' : forms[said]) : 'no-interval';
  const byWorkloads = ab.sides === 'workloads';
  const nameOf = ({ workload, target }: Group, side: 'a' | 'b'): Fact =>
    byWorkloads ? withCommit(workload, since ? undefined : commits?.[side]) : { target };
  const { subject } = metric.compared;
  return {
    id: `ab ${subject} ${b.workload} ${b.target}`,
    about: { subject, workload: b.workload, targets: [...new Set([a.target, b.target])] },
    standing: said === 'more' ? 'warning' : said === 'unknown' ? 'unclear' : 'holds',
    judgement: judged.judgement,
    worse: said === 'more',
    ...(said === 'unknown' && judged.detectable !== undefined && { detectable: judged.detectable }),
    text: tell(`verdict.ab.${metric.id}.${form}`, {
      of: byWorkloads ? { target: a.target } : a.workload,
      a: nameOf(a, 'a'),
      b: nameOf(b, 'b'),
      before: inUnit(metric.unit, a.of(metric.read).centre()!),
      after: inUnit(metric.unit, besideBase(a.of(metric.read), judged.ratio)),
      n: judged.ratio.n,
      minimum: minimumFact(judged.minimumEffect),
      ...since,
      ...ratioFacts(judged, said === 'less'),
    }),
  };
}

/** As much of a commit's id as tells it apart in any repository that people have. */
const shownId = (id: string): string => id.slice(0, 9);

const withCommit = (name: string, commit: Commit | undefined): string =>
  commit ? `${name} (${shownId(commit.id)})` : name;

/** The commit that has it, and the one that has it not yet; nothing where both are the same. */
function sinceWhen(commits: Commits): Record<string, Fact> | undefined {
  if (!commits || commits.a.id === commits.b.id) return undefined;
  const { a, b } = commits;
  return { commit: shownId(b.id), date: b.date, baseCommit: shownId(a.id), baseDate: a.date };
}

/** The ratio with its edges; turned, it says how many times less B takes. */
function ratioFacts({ ratio, interval, detectable }: Judged, isTurned: boolean): Record<string, Fact> {
  const turn = (value: number) => Number((isTurned ? 1 / value : value).toPrecision(3));
  const edges = interval && [turn(interval.low), turn(interval.high)].sort((a, b) => a - b);
  return {
    ratio: turn(ratio.value),
    ...(edges && { low: edges[0]!, high: edges[1]! }),
    seen: detectable === undefined ? '–' : seenFact(detectable),
  };
}
