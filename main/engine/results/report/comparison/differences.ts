/** What was not the same for the runs of two sides: it may explain what the numbers seem to say. */
import type { Difference } from '../../../../contract/report/comparison';
import type { Workload } from '../../../../contract/plan';
import { showBytes } from '../../../../contract/quantities';
import type { Run } from '../../../../contract/run/run';
import type { TargetId } from '../../../../contract/targets';
import { conditions, isOf, readCondition, type Moved } from './conditions';

type Value = string | undefined;

/** What a plan says of a workload. `moves`: as of a condition; what is changed on purpose moves what it is changed for. */
const planned: {
  what: string;
  kind: Difference['kind'];
  moves: readonly Moved[];
  read: (workload: Workload) => Value;
}[] = [
  {
    what: 'workload.memory',
    kind: 'conditions',
    moves: ['start-up', 'memory'],
    read: ({ limits }) => showBytes('en', limits.memoryBytes),
  },
  {
    what: 'workload.cpus',
    kind: 'conditions',
    moves: ['start-up'],
    read: ({ limits }) => String(limits.cpus),
  },
  {
    what: 'workload.probe',
    kind: 'conditions',
    moves: ['start-up'],
    read: ({ probe }) => JSON.stringify(probe),
  },
  { what: 'workload.command', kind: 'subject', moves: [], read: ({ command }) => command?.join(' ') ?? '' },
];

/** Names of workloads that every run has. */
const commonOf = (all: readonly Run[]): string[] =>
  all[0]!.plan.workloads
    .map(({ name }) => name)
    .filter((name) => all.every(({ plan }) => plan.workloads.some((one) => one.name === name)));

/** Conditions first, then what was changed on purpose; only of workloads that every run has. */
export function differencesOf(base: readonly Run[], other: readonly Run[]): Difference[] {
  const all = [...base, ...other];
  const common = commonOf(all);
  const workloadOf = (run: Run, name: string) => run.plan.workloads.find((one) => one.name === name)!;
  const compare = (kind: Difference['kind'], what: string, read: (run: Run) => Value, of?: string) =>
    difference({ kind, what, ...(of !== undefined && { of }) }, base.map(read), other.map(read));
  const found = [
    ...conditions.flatMap((condition) =>
      compare('conditions', condition.what, (run) => readCondition(condition, run)),
    ),
    ...common.flatMap((name) =>
      planned.flatMap(({ what, kind, read }) =>
        compare(kind, what, (run) => read(workloadOf(run, name)), name),
      ),
    ),
    ...common.flatMap((name) =>
      compare('subject', 'workload.environment', givenTo(name, all, workloadOf), name),
    ),
    ...common
      .filter((name) => !isSameImage(all, name))
      .flatMap((name) => compare('subject', 'image', (run) => digestOf(run, name), name)),
    ...common.flatMap((name) => compare('subject', 'disk', (run) => ownDiskOf(run, name), name)),
  ];
  return found.sort((a, b) => (a.kind === b.kind ? 0 : a.kind === 'conditions' ? -1 : 1));
}

/**
 * What a workload was given, as words: its variables' names, and behind them which of the sets of values that these runs had, where that can
 * be told of all of them. By fingerprints of one installation, or by the values themselves in records of earlier versions.
 */
function givenTo(
  name: string,
  all: readonly Run[],
  workloadOf: (run: Run, name: string) => Workload,
): (run: Run) => Value {
  const names = (run: Run) => Object.keys(workloadOf(run, name).environment).sort();
  const values = new Map(all.map((run) => [run, valuesTo(workloadOf(run, name), run)]));
  const kinds = new Set([...values.values()].map((one) => one?.by));
  const sets =
    kinds.size === 1 && !kinds.has(undefined)
      ? new Set([...values.values()].map((one) => one!.same))
      : undefined;
  return (run) => {
    const set = sets && sets.size > 1 ? [...sets].indexOf(values.get(run)!.same) + 1 : undefined;
    return [names(run).join(' '), ...(set === undefined ? [] : [`#${set}`])].join(' ');
  };
}

/** `same` is the same for the same values, of those that are told the same way. */
function valuesTo(
  workload: Workload,
  { environment: { given } }: Run,
): { by: string; same: string } | undefined {
  const fingerprint = given?.find((one) => one.workload === workload.name);
  if (fingerprint) return { by: fingerprint.key, same: fingerprint.fingerprint };
  const written = Object.entries(workload.environment).sort(([a], [b]) => (a < b ? -1 : 1));
  return written.some(([, value]) => value === null)
    ? undefined
    : { by: 'values', same: JSON.stringify(written) };
}

/** Whether a workload's image runs the same in all of them; false where an older Tare has not recorded by what that is told. */
function isSameImage(all: readonly Run[], workload: string): boolean {
  const found = all.map(({ environment }) => environment.images.find((image) => image.workload === workload));
  return found.every((image) => image?.fingerprint && image.fingerprint === found[0]?.fingerprint);
}

/** Workloads whose image is the same, although not every run names it by the same digest: its store is another one. */
export function renamedImages(base: readonly Run[], other: readonly Run[]): string[] {
  const all = [...base, ...other];
  return commonOf(all).filter(
    (name) => isSameImage(all, name) && new Set(all.map((run) => digestOf(run, name))).size > 1,
  );
}

/** The names of the differing conditions that move a figure of this row: each is one of `differences`. */
export function conditionsOn(
  differences: readonly Difference[],
  { workload, target }: { workload: string; target: TargetId },
  figure: Moved,
): string[] {
  const moving = [
    ...conditions.filter((condition) => isOf(condition, target)),
    ...planned.filter(({ kind }) => kind === 'conditions'),
  ].filter(({ moves }) => moves.includes(figure));
  const named = new Set(moving.map(({ what }) => what));
  return differences
    .filter(({ what, of }) => named.has(what) && (of === undefined || of === workload))
    .map(({ what }) => what);
}

const digestOf = ({ environment }: Run, workload: string): Value =>
  environment.images.find((image) => image.workload === workload)?.digest;

const ownDiskOf = ({ environment: { disks } }: Run, workload: string): Value => {
  const disk = disks?.find((one) => one.workload === workload);
  return disk && `${disk.file} (${disk.modifiedAt}, ${disk.fingerprint.slice(0, 12)})`;
};

/** A side whose own runs are not alike tells all that it has: that is a difference too. */
function difference(
  about: Pick<Difference, 'kind' | 'what' | 'of'>,
  base: readonly Value[],
  other: readonly Value[],
): Difference[] {
  if (new Set([...base, ...other]).size === 1) return [];
  const side = (values: readonly Value[]): string | null => {
    const known = [...new Set(values.filter((value) => value !== undefined))];
    return known.length > 0 ? known.join(' | ') : null;
  };
  return [{ ...about, base: side(base), other: side(other) }];
}
