/** What a reader must know before quoting a number: warnings, and what could not be made equal. */
import type { Verdict } from '../../contract/report/report';
import type { Run, Trial } from '../../contract/run/run';
import { median } from '../statistics/summary';
import { extremesOf } from './extremes';
import { counted, groupsOf, isContainer, isEmulated, isVm } from './groups';
import { residuals, totalHostBytes, totalsOf } from './together';
import { key } from './tables';

const note = (id: string, text: Verdict['text'] = key(`verdict.${id}`)): Verdict => ({
  id,
  standing: 'note',
  text,
});
const warning = (id: string, text: Verdict['text'] = key(`verdict.${id}`)): Verdict => ({
  id,
  standing: 'warning',
  text,
});

/** Below this the t interval of a handful of values is so wide that only large differences show. */
const few = 6;

/** What changes the meaning of every number: told before anything else. */
export function warnings(run: Run): Verdict[] {
  const failed = run.trials.filter(({ outcome }) => outcome !== 'ok').length;
  const facts = { failed, all: run.trials.length };
  return [
    ...(isEmulated(run.trials) ? [warning('emulated')] : []),
    ...(failed > 0 ? [warning('failed', key('verdict.failed', facts))] : []),
  ];
}

/** What qualifies the numbers: told after them. */
export const notes = (run: Run): Verdict[] => [
  ...skipped(run),
  ...answers(run),
  ...books(run),
  ...engineApart(run),
  ...quality(run),
  ...unequal(run),
  ...plainProcess(run),
];

/** Rungs of a whole ladder that are not in the tables. */
const skipped = (run: Run): Verdict[] =>
  run.skipped.map(({ target, failure }) =>
    note(`skipped ${target}`, key('verdict.skipped', { target, why: { failure } })),
  );

/**
 * The same image must give the same page: it is proven by its bytes, per workload. Warm-ups answer too, and tell an
 * application that answers differently each time even where only one trial counts.
 */
function answers(run: Run): Verdict[] {
  const groups = groupsOf(run);
  const same: string[] = [];
  const told = run.plan.workloads.flatMap(({ name }) => {
    const sides = groups.filter(({ workload, trials }) => workload === name && trials.length > 0);
    const digests = sides.map(({ target, trials }) => {
      const warmups = run.warmups.filter((one) => one.workload === name && one.target === target);
      return new Set([...trials, ...warmups].map(({ answerSha256 }) => answerSha256));
    });
    if (sides.length < 2) return [];
    if (digests.some((seen) => seen.has(undefined)))
      return [note(`answer-unread ${name}`, key('verdict.answer-unread', { workload: name }))];
    if (digests.some((seen) => seen.size > 1))
      return [note(`answer-changes ${name}`, key('verdict.answer-changes', { workload: name }))];
    if (new Set(digests.flatMap((seen) => [...seen])).size > 1)
      return [warning(`answers-differ ${name}`, key('verdict.answers-differ', { workload: name }))];
    same.push(name);
    return [];
  });
  /** with the digest of the one image that every target was started from */
  const named = (name: string) => {
    const image = run.environment.images.find(({ workload }) => workload === name);
    return image ? `${name} (${image.digest.replace(/^sha256:/, '').slice(0, 12)})` : name;
  };
  const proven = note('same-answer', key('verdict.same-answer', { workloads: same.map(named).join(', ') }));
  return same.length > 0 ? [proven, ...told] : told;
}

/** Books that leave more than this open are flagged: a tenth of the change, and more than a little. */
const openShare = 0.1;
const openBytes = 16 * 1024 ** 2;

const isOpen = (residual: number, change: number): boolean =>
  Math.abs(residual) > openBytes && Math.abs(residual) > Math.abs(change) * openShare;

/** The books are closed against the host's own: what the instances do not explain is told. */
const books = (run: Run): Verdict[] =>
  totalsOf(run).flatMap((total) => {
    const left = residuals(total);
    if (left.length === 0) return [];
    const change = total.rounds.flatMap(({ hostChangeBytes }) => hostChangeBytes ?? []);
    const facts = {
      target: total.target,
      change: { bytes: median(change) },
      host: { bytes: median(totalHostBytes(total)) },
      reclaimable: { bytes: median(total.rounds.map(({ reclaimableBytes }) => reclaimableBytes)) },
      engine: { bytes: median(total.rounds.map(({ engineBytes }) => engineBytes)) },
      explained: { bytes: median(total.rounds.map(({ explainedBytes }) => explainedBytes)) },
      residual: { bytes: median(left) },
    };
    const id = `books ${total.target}`;
    return isOpen(median(left), median(change))
      ? [warning(id, key('verdict.books.open', facts))]
      : [note(id, key('verdict.books.closed', facts))];
  });

function engineApart({ plan, environment: { engine } }: Run): Verdict[] {
  if (!engine || !plan.targets.some(isContainer)) return [];
  const { name, sharedBytes } = engine;
  return [
    sharedBytes === undefined
      ? note('engine-apart', key('verdict.engine-unread', { engine: name }))
      : note('engine-apart', key('verdict.engine-apart', { engine: name, shared: { bytes: sharedBytes } })),
  ];
}

function quality(run: Run): Verdict[] {
  const sizes = groupsOf(run).map(({ trials }) => trials.length);
  const fewest = Math.min(...sizes.filter((size) => size > 0));
  const extremes = extremesOf(run).length;
  return [
    ...(fewest < few ? [note('few', key('verdict.few', { n: fewest, few }))] : []),
    ...(extremes > 0 ? [note('outliers', key('verdict.outliers', { count: extremes }))] : []),
    ...(run.plan.arrangement === 'together' ? [note('together')] : []),
  ];
}

/** The floor has none of the walls that the others are measured with. */
const plainProcess = (run: Run): Verdict[] =>
  counted(run).some(({ target }) => target === 'process') ? [note('process')] : [];

/** What cannot be made equal on both sides, however careful one is. */
function unequal(run: Run): Verdict[] {
  const ran = (test: (target: string) => boolean): Trial[] =>
    counted(run).filter(({ target }) => test(target));
  if (ran(isVm).length === 0 || ran(isContainer).length === 0) return [];
  return ['memory', 'cpu', 'threads', 'network', 'disk'].map((what) => note(`unequal.${what}`));
}
