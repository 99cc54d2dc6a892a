import { keyIn, type MessageKey } from '../../../main/contract/messages';
import {
  isService,
  nameAfter,
  offeredNames,
  Plan,
  unnamed,
  type BuiltinName,
  type Probe,
} from '../../../main/contract/plan';
import {
  fieldAt,
  planWith,
  readFields,
  textsOf,
  workloadWith,
  type FieldTexts,
} from '../../../main/contract/planFields';
import { usualTargets, type TargetId } from '../../../main/contract/targets';
import { escaped, unescaped } from '../../../main/contract/commandLine';

/** Where a workload's image is taken from, as a person chooses it; `disk`: there is none, but only a disk. */
export const sources = ['builtin', 'local', 'pull', 'folder', 'disk'] as const;
export type Source = (typeof sources)[number];

/** How an application is asked whether it is ready, in the order of the form. */
export const probeKinds = ['http', 'tcp', 'postgresql', 'redis'] as const satisfies Probe['kind'][];
export type ProbeKind = (typeof probeKinds)[number];

/** A draft that nothing was typed into. Each source keeps its own field, so that changing one's mind loses nothing. */
export const emptyWorkload = () => ({
  name: '',
  source: 'builtin' as Source,
  builtin: 'web' as BuiltinName,
  local: '',
  pull: '',
  folder: '',
  /** a file; with an image it is set beside that */
  disk: '',
  command: '',
  /** one `NAME=VALUE` or `NAME` a line */
  environment: '',
  port: '',
  probe: 'http' as ProbeKind,
  path: '/',
  say: '',
  expect: '',
  memory: '512 MiB',
  cpus: '1',
  /** VMs may open connections */
  outgoing: false,
});
/** One workload as it is typed. */
export type WorkloadDraft = ReturnType<typeof emptyWorkload>;

export const emptyDraft = () => ({
  workloads: [emptyWorkload()],
  targets: [...usualTargets] as TargetId[],
  together: false,
  cold: false,
  trials: '5',
  warmups: '1',
  soak: '1s',
  precision: '',
  budget: '',
});
/** A plan as it is typed: text, until it is read. */
export type PlanDraft = ReturnType<typeof emptyDraft>;

/** Fields of a workload carry its place before their name: `w0.port`. */
export type Problems = Map<string, MessageKey>;

export interface ReadDraft {
  /** absent while there are problems */
  plan?: Plan;
  /** what is wrong, by field */
  problems: Problems;
}

/** The port that the built-in workloads listen on: their images say so too. */
const builtinPort = '8080';

const chosen = (draft: WorkloadDraft): string => draft[draft.source].trim();

/** What a workload is called when nobody names it: after its image, numbered where that is taken. */
export function namesOf(workloads: readonly WorkloadDraft[]): string[] {
  const names: string[] = [];
  for (const draft of workloads) {
    const wanted = draft.name.trim() || nameAfter(chosen(draft)) || 'app';
    let name = wanted;
    for (let number = 2; !draft.name.trim() && names.includes(name); number += 1)
      name = `${wanted}-${number}`;
    names.push(name);
  }
  return names;
}

/** The small applications listen on one port; what else there is says itself where it listens. */
const hasBuiltinPort = ({ source, builtin }: WorkloadDraft): boolean =>
  source === 'builtin' && !isService(builtin);

const imageFields = { builtin: 'workload', local: 'image', pull: 'image', folder: 'build' } as const;

function typedWorkload(draft: WorkloadDraft, name: string): FieldTexts {
  const { source, environment, outgoing } = draft;
  const lines = environment.split('\n').filter((line) => line.trim() !== '');
  return {
    name,
    ...(source !== 'disk' && { [imageFields[source]]: chosen(draft) }),
    disk: filled(draft.disk),
    command: filled(draft.command),
    port: filled(draft.port) ?? (hasBuiltinPort(draft) ? builtinPort : undefined),
    environment: lines.map((line) => line.replace(/^\s*([^=]*?)\s*(?==|$)/, '$1')),
    path: draft.probe === 'http' ? filled(draft.path) : undefined,
    memory: draft.memory,
    cpus: draft.cpus,
    outgoing,
  };
}

const filled = (text: string): string | undefined => text.trim() || undefined;

const probeTyped = ({ probe, say, expect }: WorkloadDraft) =>
  probe === 'tcp' ? { kind: probe, say: unescaped(say), expect: unescaped(expect) } : { kind: probe };

function readWorkload(draft: WorkloadDraft, name: string, at: number, problems: Problems) {
  const note = (field: string, about = field) => {
    const words = keyIn('ui.form.bad', about);
    if (words && !problems.has(`w${at}.${field}`)) problems.set(`w${at}.${field}`, words);
  };
  const { values, wrong } = readFields(typedWorkload(draft, name));
  if (chosen(draft) === '') note('image', draft.source);
  for (const { id } of wrong) note(id);
  // an image may say where it listens, a disk does not
  if (draft.source === 'disk' && values.port === undefined) note('port');
  return workloadWith({ probe: probeTyped(draft), environment: {}, limits: {} }, values);
}

/** Reads what was typed. Every problem is told at once, each at its own field. */
export function readDraft(draft: PlanDraft): ReadDraft {
  const problems: Problems = new Map();
  const names = namesOf(draft.workloads);
  const { values, wrong } = readFields({
    trials: draft.trials,
    warmups: filled(draft.warmups),
    soak: filled(draft.soak),
    precision: filled(draft.precision),
    budget: filled(draft.budget),
    cold: draft.cold,
  });
  for (const { id } of wrong) problems.set(id, keyIn('ui.form.bad', id)!);
  const together = draft.together && draft.workloads.length > 1;
  const { data: plan, error } = Plan.safeParse(
    planWith(
      {
        name: unnamed,
        workloads: draft.workloads.map((one, at) => readWorkload(one, names[at]!, at, problems)),
        targets: draft.targets,
        arrangement: together ? 'together' : 'alone',
      },
      values,
    ),
  );
  names.forEach((name, at) => {
    if (names.indexOf(name) !== at) problems.set(`w${at}.name`, 'ui.form.bad.twice');
  });
  for (const { path, message } of error?.issues ?? []) {
    const { id, workload } = fieldAt(path) ?? {};
    if (!id) continue;
    const lack = id === 'targets' ? keyIn('problem', message) : undefined;
    if (lack && problems.size > 0) continue; // what a target lacks may be what is wrong at its workload
    const field = workload === undefined ? id : `w${workload}.${id}`;
    const words = lack ?? keyIn('ui.form.bad', id);
    if (words && !problems.has(field)) problems.set(field, words);
  }
  return problems.size > 0 || !plan ? { problems } : { plan, problems };
}

function sourceTyped(image: Plan['workloads'][number]['image']): Partial<WorkloadDraft> {
  if (!image) return { source: 'disk' };
  if (image.kind === 'builtin') return { source: 'builtin', builtin: image.name, port: '' };
  return image.kind === 'folder'
    ? { source: 'folder', folder: image.path }
    : { source: 'pull', pull: image.reference };
}

const tcpTyped = (probe: Probe): Partial<WorkloadDraft> =>
  probe.kind === 'tcp' ? { say: escaped(probe.say), expect: escaped(probe.expect) } : {};

/** A plan, as its form would have been filled in: what the form does not show (such as the seed) is the form's own. */
export function draftOf(plan: Plan): PlanDraft {
  return {
    workloads: plan.workloads.map((workload) => ({
      ...emptyWorkload(),
      ...textsOf(workload, ['name', 'disk', 'command', 'environment', 'port', 'path', 'memory', 'cpus']),
      ...sourceTyped(workload.image),
      probe: workload.probe.kind,
      ...tcpTyped(workload.probe),
      outgoing: workload.openings?.outgoing === true,
    })),
    targets: [...plan.targets],
    together: plan.arrangement === 'together',
    cold: plan.cold === true,
    ...textsOf(plan, ['trials', 'warmups', 'soak', 'precision', 'budget']),
  };
}

/** Whether the form shows all that makes a plan what it is; else adjusting it would quietly make another of it. */
export function fitsForm(plan: Plan): boolean {
  const { plan: back } = readDraft(draftOf(plan));
  // names, ladders and waits that the form sets by its own rules
  const bare = (one: Plan | undefined) =>
    JSON.stringify(
      one && { ...one, name: '', wholeLadder: false, readyTimeoutMs: 0, coolDownMs: 0, seed: 0 },
    );
  return bare(back) === bare(plan);
}

/** A draft as it may be kept: of variables their names. */
export const withoutValues = (draft: PlanDraft): PlanDraft => ({
  ...draft,
  workloads: draft.workloads.map((one) => ({ ...one, environment: one.environment.replace(/=.*/g, '') })),
});

/** A draft that was kept by this or an older page: what is missing or strange is as in an empty one. */
export function keptDraft(text: string | null): PlanDraft | undefined {
  try {
    const kept = JSON.parse(text ?? 'null') as Partial<PlanDraft> | null;
    if (!kept || !Array.isArray(kept.workloads) || kept.workloads.length === 0) return undefined;
    const workloads = kept.workloads.map((one) => {
      const workload = { ...emptyWorkload(), ...alike(one, emptyWorkload()) };
      if (!sources.includes(workload.source)) workload.source = 'builtin';
      if (!offeredNames.some((name) => name === workload.builtin)) workload.builtin = 'web';
      if (!probeKinds.includes(workload.probe)) workload.probe = 'http';
      return workload;
    });
    const targets = Array.isArray(kept.targets) ? kept.targets.filter((id) => typeof id === 'string') : [];
    return { ...emptyDraft(), ...alike(kept, emptyDraft()), workloads, targets };
  } catch {
    return undefined; // what cannot be read is no reason not to start
  }
}

/** The fields of `kept` that exist in `known`, and hold the same kind of value there. */
const alike = <T extends object>(kept: Partial<T>, known: T): Partial<T> =>
  Object.fromEntries(
    Object.entries(kept).filter(([name, value]) => typeof value === typeof known[name as keyof T]),
  ) as Partial<T>;
