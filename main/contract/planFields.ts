/**
 * The fields of a plan that people type, each once. The command line has options of them and the window's form has inputs; both read a
 * plan, write it as text, and find the field that a problem is about, by this table.
 */
import {
  builtin,
  folder,
  httpPath,
  list,
  milliseconds,
  positive,
  reference,
  seconds,
  share,
  size,
  text,
  variables,
  wholeNumber,
  words,
  yes,
  type Notation,
} from './notations';
import type { PlanInput } from './plan';

/** Where a field is in a plan, `workloads` being each of them. */
type PathIn<T> = T extends readonly (infer Entry)[]
  ? PathIn<Entry>
  : T extends object
    ? { [K in keyof T & string]: K | `${K}.${PathIn<NonNullable<T[K]>>}` }[keyof T & string]
    : never;

interface Field {
  /** the option of the command line, as its help shows it; absent: only the form has the field */
  flag?: `--${string}`;
  path: PathIn<PlanInput>;
  notation: Notation<unknown>;
  /** options of which only one can be given */
  conflicts?: readonly string[];
  /** may be given more than once, each adding to those before it and to what is there */
  repeats?: true;
}
/** What is run, of which a plan has one; in the order of the help, as all that follow. */
export const sourceFields = {
  image: {
    flag: '--image <ref>',
    path: 'workloads.image',
    notation: reference,
    conflicts: ['build', 'workload'],
  },
  build: { flag: '--build <folder>', path: 'workloads.image', notation: folder, conflicts: ['workload'] },
  workload: { flag: '--workload <name>', path: 'workloads.image', notation: builtin },
  disk: { flag: '--vm-disk <file>', path: 'workloads.disk.file', notation: text },
} as const satisfies Record<string, Field>;

/** What every command that measures lets one choose. */
export const measuringFields = {
  environment: {
    flag: '--env <key[=value]>',
    path: 'workloads.environment',
    notation: variables,
    repeats: true,
  },
  outgoing: { flag: '--outgoing', path: 'workloads.openings.outgoing', notation: yes },
  values: { flag: '--with-values', path: 'keepValues', notation: yes },
  port: { flag: '--port <n>', path: 'workloads.port', notation: wholeNumber },
  path: { flag: '--probe <path>', path: 'workloads.probe', notation: httpPath },
  targets: { flag: '--targets <a,b>', path: 'targets', notation: list },
  trials: { flag: '--trials <n>', path: 'trials', notation: wholeNumber },
  memory: { flag: '--memory <size>', path: 'workloads.limits.memoryBytes', notation: size },
  cpus: { flag: '--cpus <n>', path: 'workloads.limits.cpus', notation: positive },
  seed: { flag: '--seed <n>', path: 'seed', notation: wholeNumber },
  precision: { flag: '--precision <share>', path: 'precision', notation: share },
  budget: { flag: '--budget <time>', path: 'budgetMs', notation: milliseconds },
  soak: { flag: '--soak <time>', path: 'soakMs', notation: milliseconds },
  cold: { flag: '--cold', path: 'cold', notation: yes },
  timeout: { flag: '--timeout <time>', path: 'readyTimeoutMs', notation: milliseconds },
} as const satisfies Record<string, Field>;

/** What only `tare run` lets one choose besides. */
export const runFields = {
  floor: { flag: '--floor <size>', path: 'memoryFloorBytes', notation: size },
  most: { flag: '--most <n>', path: 'density.most', notation: wholeNumber },
  ladders: { flag: '--ladders <n>', path: 'density.ladders', notation: wholeNumber },
  prove: { flag: '--prove', path: 'density.prove', notation: yes },
  load: { flag: '--load <rate>', path: 'load.ratePerSecond', notation: positive },
  loadTime: { flag: '--load-time <time>', path: 'load.seconds', notation: seconds },
  lifecycle: { flag: '--lifecycle', path: 'lifecycle', notation: yes },
} as const satisfies Record<string, Field>;

/** What only the form has. */
const formFields = {
  name: { path: 'workloads.name', notation: text },
  command: { path: 'workloads.command', notation: words },
  expect: { path: 'workloads.probe.expect', notation: text },
  warmups: { path: 'warmups', notation: wholeNumber },
} as const satisfies Record<string, Field>;

export const planFields = { ...sourceFields, ...measuringFields, ...runFields, ...formFields };
export type FieldId = keyof typeof planFields;
type ValueOf<Id extends FieldId> = (typeof planFields)[Id]['notation'] extends Notation<infer T> ? T : never;
/** What was read, by field. */
export type FieldValues = { [Id in FieldId]?: ValueOf<Id> };

const ids = Object.keys(planFields) as FieldId[];
const fieldOf = (id: FieldId): Field => planFields[id];

/** What was typed, by field; true for an option that stands alone. */
export type FieldTexts = { [Id in FieldId]?: string | readonly string[] | boolean };

/** Reads what was typed. @returns with every text that could not be read, in the order of the fields */
export function readFields(typed: FieldTexts): {
  values: FieldValues;
  wrong: { id: FieldId; text: string }[];
} {
  const values: Partial<Record<FieldId, unknown>> = {};
  const wrong: { id: FieldId; text: string }[] = [];
  for (const id of ids) {
    const given = typed[id];
    const texts = typeof given === 'boolean' ? (given ? [''] : []) : (given ?? []);
    for (const one of [texts].flat()) {
      const value: unknown = planFields[id].notation.parse(one);
      if (value === undefined) wrong.push({ id, text: one });
      else values[id] = fieldOf(id).repeats ? { ...(values[id] as object), ...(value as object) } : value;
    }
  }
  return { values: values as FieldValues, wrong };
}

const eachWorkload = 'workloads.';
/** From the plan or the workload on. */
const stepsOf = (id: FieldId): string[] => fieldOf(id).path.replace(eachWorkload, '').split('.');

/** A plan, or one of its workloads, with values of fields in their places. */
function withValues<T extends object>(input: T, values: FieldValues, isOf: (path: string) => boolean): T {
  const chosen = (Object.keys(values) as FieldId[]).filter(
    (id) => values[id] !== undefined && isOf(planFields[id].path),
  );
  return chosen.reduce((made, id) => placed(made, stepsOf(id), values[id], fieldOf(id).repeats), input);
}

function placed<T extends object>(input: T, [step, ...rest]: string[], value: unknown, adds = false): T {
  const there = (input as Record<string, object | undefined>)[step!];
  const now =
    rest.length > 0
      ? placed(there ?? {}, rest, value, adds)
      : adds
        ? { ...there, ...(value as object) }
        : value;
  return { ...input, [step!]: now };
}

const isOfWorkload = (path: string): boolean => path.startsWith(eachWorkload);
export const workloadWith = <T extends object>(workload: T, values: FieldValues): T =>
  withValues(workload, values, isOfWorkload);
export const planWith = <T extends object>(plan: T, values: FieldValues): T =>
  withValues(plan, values, (path) => !isOfWorkload(path));

/** How people would have typed what is in a plan, or in one of its workloads; empty for what is not. */
export const textsOf = <Id extends FieldId>(input: object, chosen: readonly Id[]): Record<Id, string> =>
  Object.fromEntries(
    chosen.map((id) => {
      const value = stepsOf(id).reduce<unknown>(
        (part, step) => (part as Record<string, unknown>)?.[step],
        input,
      );
      return [id, value === undefined ? '' : fieldOf(id).notation.print(value)];
    }),
  ) as Record<Id, string>;

/** The field that a problem is about, and the place of the workload that it is in; undefined for what nobody types. */
export function fieldAt(path: readonly PropertyKey[]): { id: FieldId; workload?: number } | undefined {
  const [area, at, ...inner] = path;
  const isInWorkload = area === 'workloads' && typeof at === 'number';
  const steps = (isInWorkload ? ['workloads', ...inner] : path).map(String);
  const [id] = ids
    .filter((one) => planFields[one].path.split('.').every((step, place) => steps[place] === step))
    .sort((one, other) => planFields[other].path.length - planFields[one].path.length);
  return id && { id, ...(isInWorkload && { workload: at }) };
}
