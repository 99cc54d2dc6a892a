/** What a reader must know before quoting a number: warnings, and what could not be made equal. */
import { composeNotes } from '../../../../contract/run/compose';
import { tell } from '../../../../contract/messages';
import { comparedMetrics, type ComparedMetric } from '../../../../contract/metrics';
import { inUnit, type Message, type Verdict } from '../../../../contract/report/report';
import type { Trial } from '../../../../contract/run/run';
import { kindOf, runsOwnDisk, type TargetKind } from '../../../../contract/targets';
import type { Estimates } from '../estimates/estimates';
import { level } from '../../statistics/contrast';
import { firstP, neighboursP } from '../../statistics/dependence';
import { median } from '../../statistics/summary';
import { holm } from '../../statistics/holm';
import { isEmulated, valuesOf, type Group } from '../estimates/groups';
import { countJudged } from '../estimates/judging';
import { totalsOf, type Total } from '../estimates/totals';
import type { Section } from '../section';
import { outliersOf } from './outliers';

const note = (id: string, text: Message): Verdict => ({ id, standing: 'note', text });
const warning = (id: string, text: Message): Verdict => ({ id, standing: 'warning', text });

/** Below this the t interval of a handful of values is so wide that only large differences show. */
const few = 6;

/** What changes the meaning of every number: told before anything else. */
export const warnings = {
  verdicts({ run }) {
    const failed = run.trials.filter(({ outcome }) => outcome !== 'ok').length;
    return [
      ...(isEmulated(run.trials) ? [warning('emulated', tell('verdict.emulated'))] : []),
      ...(failed > 0 ? [warning('failed', tell('verdict.failed', { failed, all: run.trials.length }))] : []),
      ...failures(run.trials),
    ];
  },
} satisfies Section;

/** Each different failure of a workload on a target once, in words: a table of trials has room for its code alone. */
function failures(trials: readonly Trial[]): Verdict[] {
  const found = new Map<string, Verdict>();
  for (const { workload, target, failure } of trials) {
    if (!failure || failure.code === 'stopped') continue;
    const id = `trial-failed ${workload} ${target} ${failure.code}`;
    const facts = { workload, target: { target }, why: { failure } };
    if (!found.has(id)) found.set(id, warning(id, tell('verdict.trial-failed', facts)));
  }
  return [...found.values()];
}

/** What qualifies the numbers: told after them. */
export const notes = {
  verdicts: (of) => [
    ...skipped(of),
    ...answers(of),
    ...ownDisks(of),
    ...totalsOf(of).flatMap(balance),
    ...totalsOf(of).flatMap(sharedMachine),
    ...engineApart(of),
    ...quality(of),
    ...judgedTogether(of),
    ...dependence(of),
    ...censored(of),
    ...unequal(of),
    ...composed(of),
    ...plainProcess(of),
  ],
} satisfies Section;

/** Targets of a whole ladder that are not in the tables. */
const skipped = ({ run }: Estimates): Verdict[] =>
  run.skipped.map(({ target, failure }) =>
    note(`skipped ${target}`, tell('verdict.skipped', { target: { target }, why: { failure } })),
  );

/**
 * The same image must give the same page: it is proven by its bytes, per workload. Warm-ups answer too, and tell an
 * application that answers differently each time even where only one trial counts. Of a single answer that cannot be told.
 */
function answers({ run, groups }: Estimates): Verdict[] {
  const same: string[] = [];
  const told = run.plan.workloads.flatMap(({ name }) => {
    const sides = groups.filter(
      ({ workload, target, trials }) => workload === name && trials.length > 0 && !runsOwnDisk(target),
    );
    const digests = sides.map(({ target, trials }) => {
      const warmups = run.warmups.filter((one) => one.workload === name && one.target === target);
      const all = [...trials, ...warmups].map(({ answerSha256 }) => answerSha256);
      return { seen: new Set(all), n: all.length };
    });
    if (sides.length < 2) return [];
    if (digests.some(({ seen }) => seen.has(undefined)))
      return [note(`answer-unread ${name}`, tell('verdict.answer-unread', { workload: name }))];
    if (digests.some(({ seen }) => seen.size > 1))
      return [note(`answer-changes ${name}`, tell('verdict.answer-changes', { workload: name }))];
    const differ = new Set(digests.flatMap(({ seen }) => [...seen])).size > 1;
    if (differ && digests.some(({ n }) => n < 2))
      return [note(`answer-single ${name}`, tell('verdict.answer-single', { workload: name }))];
    if (differ)
      return [warning(`answers-differ ${name}`, tell('verdict.answers-differ', { workload: name }))];
    same.push(name);
    return [];
  });
  /** with the digest of the one image that every target was started from */
  const named = (name: string) => {
    const image = run.environment.images.find(({ workload }) => workload === name);
    return image ? `${name} (${image.digest.replace(/^sha256:/, '').slice(0, 12)})` : name;
  };
  const proven = note('same-answer', tell('verdict.same-answer', { workloads: same.map(named).join(', ') }));
  return same.length > 0 ? [proven, ...told] : told;
}

/** What runs on somebody's own disk is another installation: that it answers alike is told, and not expected. */
const ownDisks = ({ groups }: Estimates): Verdict[] =>
  groups
    .filter(({ target, trials }) => runsOwnDisk(target) && trials.length > 0)
    .map(({ workload, target, trials }) => {
      const others = groups.filter((one) => one.workload === workload && !runsOwnDisk(one.target));
      const [own, there] = [trials, others.flatMap((one) => one.trials)].map(
        (all) => new Set(all.map(({ answerSha256 }) => answerSha256)),
      ) as [Set<string | undefined>, Set<string | undefined>];
      const isSame = own.size === 1 && there.size === 1 && [...own][0] === [...there][0];
      const how = there.size === 0 ? 'alone' : isSame ? 'same' : 'different';
      return note(
        `own-disk ${workload} ${target}`,
        tell(`verdict.own-disk.${how}`, { workload, target: { target } }),
      );
    });

/** A residual of more than this is flagged: a tenth of the change, and more than a little. */
const openShare = 0.1;
const openBytes = 16 * 1024 ** 2;

const isOpen = (residual: number, change: number): boolean =>
  Math.abs(residual) > openBytes && Math.abs(residual) > Math.abs(change) * openShare;

/** Whether what the host lost and what the instances hold are so far apart that a reader must know. */
export function isOutOfBalance({ residualBytes, hostChangeBytes }: Total): boolean {
  const [residual, change] = [residualBytes.median(), hostChangeBytes.median()];
  return residual !== undefined && change !== undefined && isOpen(residual, change);
}

/** The instances' accounts are closed against the host's own: what they do not explain is told. */
function balance(total: Total): Verdict[] {
  const residual = total.residualBytes.median();
  const change = total.hostChangeBytes.median();
  const files = total.fileBytes.median();
  if (residual === undefined || change === undefined) return [];
  const facts = {
    target: { target: total.target },
    change: { bytes: change },
    host: { bytes: total.hostBytes.median()! },
    files: files === undefined ? '–' : { bytes: files },
    engine: { bytes: total.engineBytes.median()! },
    explained: { bytes: total.explainedBytes.median()! },
    residual: { bytes: residual },
  };
  const id = `books ${total.target}`;
  return [
    isOutOfBalance(total)
      ? warning(id, tell('verdict.books.open', facts))
      : note(id, tell('verdict.books.closed', facts)),
  ];
}

/** What the figures of applications leave out that are in one machine together. */
function sharedMachine({ target, machineMs, machineBytes }: Total): Verdict[] {
  const [ms, bytes] = [machineMs.median(), machineBytes.median()];
  if (ms === undefined || bytes === undefined) return [];
  const facts = { target: { target }, up: { ms }, bytes: { bytes } };
  return [note(`shared-machine ${target}`, tell('verdict.shared-machine', facts))];
}

function engineApart({ run: { plan, environment } }: Estimates): Verdict[] {
  const { engine } = environment;
  if (!engine || !plan.targets.some((target) => kindOf(target) === 'container')) return [];
  const { name, sharedBytes } = engine;
  return [
    note(
      'engine-apart',
      sharedBytes === undefined
        ? tell('verdict.engine-unread', { engine: name })
        : tell('verdict.engine-apart', { engine: name, shared: { bytes: sharedBytes } }),
    ),
  ];
}

function quality(of: Estimates): Verdict[] {
  const sizes = of.groups.map(({ trials }) => trials.length);
  const fewest = Math.min(...sizes.filter((size) => size > 0));
  const extremes = outliersOf(of).length;
  return [
    ...(fewest < few ? [note('few', tell('verdict.few', { n: fewest, few }))] : []),
    ...(extremes > 0 ? [note('outliers', tell('verdict.outliers', { count: extremes }))] : []),
    ...(of.run.plan.arrangement === 'together' ? [note('together', tell('verdict.together'))] : []),
  ];
}

/** How sure the sentences are as a whole. */
function judgedTogether(of: Estimates): Verdict[] {
  const count = countJudged(of);
  return count > 1 ? [note('judged-together', tell('verdict.judged-together', { count }))] : [];
}

/** What a test of one group's trials says against their being independent of each other. */
interface Doubt {
  group: Group;
  metric: ComparedMetric;
  kind: 'dependent' | 'first';
  p: number;
}

/** Intervals take for granted that trials do not depend on each other: where they do, that is said. One family, like all claims. */
function dependence(of: Estimates): Verdict[] {
  const doubts = of.groups.flatMap((group) =>
    comparedMetrics.flatMap((metric): Doubt[] => {
      const { values } = group.of(metric.read);
      const [neighbours, first] = [neighboursP(values), firstP(values)];
      return [
        ...(neighbours === undefined ? [] : [{ group, metric, kind: 'dependent' as const, p: neighbours }]),
        ...(first === undefined ? [] : [{ group, metric, kind: 'first' as const, p: first }]),
      ];
    }),
  );
  const corrected = holm(doubts.map(({ p }) => p));
  return doubts
    .filter((_, at) => corrected[at]! <= level)
    .map(({ group: { workload, target, trials }, metric, kind }) => {
      const [first, ...rest] = valuesOf(trials, metric.read);
      return note(
        `${kind} ${metric.id} ${workload} ${target}`,
        tell(`verdict.${kind}.${metric.id}`, {
          workload,
          target: { target },
          first: inUnit(metric.unit, first!),
          rest: inUnit(metric.unit, median(rest)),
        }),
      );
    });
}

/** A start that failed may have been one that took too long: what is told is of the others. */
const censored = ({ run, groups }: Estimates): Verdict[] =>
  groups.flatMap(({ workload, target, trials }) => {
    const failed = run.trials.filter(
      (one) => one.workload === workload && one.target === target && one.outcome !== 'ok' && one.index >= 0,
    ).length;
    if (failed === 0 || trials.length === 0) return [];
    const all = failed + trials.length;
    const share = { percent: (100 * failed) / all };
    const text = tell('verdict.censored', { workload, target: { target }, failed, all, share });
    return [note(`censored ${workload} ${target}`, text)];
  });

const hasRun = ({ groups }: Estimates, kind: TargetKind): boolean =>
  groups.some(({ target, trials }) => kindOf(target) === kind && trials.length > 0);

/** The floor has none of the walls that the others are measured with. */
const plainProcess = (of: Estimates): Verdict[] =>
  hasRun(of, 'process') ? [note('process', tell('verdict.process'))] : [];

/** What cannot be made equal on both sides, however careful one is, and what the guests are spared that the host's kernel does. */
const unequal = (of: Estimates): Verdict[] =>
  hasRun(of, 'vm') && hasRun(of, 'container')
    ? [
        ...(['memory', 'cpu', 'threads', 'network', 'disk'] as const).map((what) =>
          note(`unequal.${what}`, tell(`verdict.unequal.${what}`)),
        ),
        ...spared(of),
      ]
    : [];

/** What of the Compose file is not as it says, on any of the targets or on some. */
const composed = ({ run }: Estimates): Verdict[] =>
  composeNotes(run.plan.compose?.notes ?? []).map(({ kind, items }) =>
    note(`compose.${kind}`, tell(`verdict.compose.${kind}`, { items })),
  );

/** What a kernel is told by these words costs time or memory where it is not switched off. */
const sparing = /^(mitigations=off|nokaslr|audit=0|apparmor=0|init_on_alloc=0)$/;

/** By what the machines were really booted with. */
function spared({ run }: Estimates): Verdict[] {
  const lines = run.environment.commands.flatMap(({ target, line }) =>
    kindOf(target) === 'vm' ? [line] : [],
  );
  const words = lines
    .flatMap((line) => (line[line.indexOf('-append') + 1] ?? '').split(' '))
    .filter((word) => sparing.test(word));
  const told = { words: [...new Set(words)].join(' ') };
  return [
    ...(words.length > 0 ? [note('unequal.spared', tell('verdict.unequal.spared', told))] : []),
    ...(lines.some((line) => line.some((word) => word.startsWith('microvm')))
      ? [note('unequal.small-kernel', tell('verdict.unequal.small-kernel'))]
      : []),
  ];
}
