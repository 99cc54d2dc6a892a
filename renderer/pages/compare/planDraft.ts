import { keyIn, type MessageKey, type NameIn } from '../../../main/contract/messages';
import {
  builtinNames,
  isService,
  nameAfter,
  Plan,
  type BuiltinName,
  type PlanInput,
  type Probe,
} from '../../../main/contract/plan';
import { usualTargets, type TargetId } from '../../../main/contract/targets';
import { parseBytes, parseMs, parseShare } from '../../../main/contract/quantities';
import { variableOf, variableText, type Variables } from '../../../main/contract/work/variables';
import { escaped, shellLine, unescaped, wordsOf } from '../../../main/contract/commandLine';

/** Where a workload's image is taken from, as a person chooses it; `disk`: there is none, but only a disk. */
export const sources = ['builtin', 'local', 'pull', 'folder', 'disk'] as const;
export type Source = (typeof sources)[number];

/** How an application is asked whether it is ready, in the order of the form. */
export const probeKinds = ['http', 'tcp', 'postgresql', 'redis'] as const satisfies Probe['kind'][];
export type ProbeKind = (typeof probeKinds)[number];

/** One workload as it is typed; each source keeps its own field, so that changing one's mind loses nothing. */
export interface WorkloadDraft {
  name: string;
  source: Source;
  builtin: BuiltinName;
  local: string;
  pull: string;
  folder: string;
  /** a file; with an image it is set beside that */
  disk: string;
  command: string;
  /** one `NAME=VALUE` or `NAME` a line */
  environment: string;
  port: string;
  probe: ProbeKind;
  path: string;
  say: string;
  expect: string;
  memory: string;
  cpus: string;
  /** VMs may open connections */
  outgoing: boolean;
}

/** A plan as it is typed: text, until it is read. */
export interface PlanDraft {
  workloads: WorkloadDraft[];
  targets: TargetId[];
  together: boolean;
  cold: boolean;
  trials: string;
  warmups: string;
  soak: string;
  precision: string;
  budget: string;
}

export const emptyWorkload = (): WorkloadDraft => ({
  name: '',
  source: 'builtin',
  builtin: 'web',
  local: '',
  pull: '',
  folder: '',
  disk: '',
  command: '',
  environment: '',
  port: '',
  probe: 'http',
  path: '/',
  say: '',
  expect: '',
  memory: '512 MiB',
  cpus: '1',
  outgoing: false,
});

export const emptyDraft = (): PlanDraft => ({
  workloads: [emptyWorkload()],
  targets: [...usualTargets],
  together: false,
  cold: false,
  trials: '5',
  warmups: '1',
  soak: '1s',
  precision: '',
  budget: '',
});

/** Fields of a workload carry its place before their name: `w0.port`. */
export type Problems = Map<string, MessageKey>;

export interface ReadDraft {
  /** absent while there are problems */
  plan?: Plan;
  /** what is wrong, by field */
  problems: Problems;
}

/** The port that the built-in workloads listen on: their images say so too. */
const builtinPort = 8080;

const count = (text: string): number | undefined => (/^\d+$/.test(text.trim()) ? Number(text) : undefined);
const decimal = (text: string): number | undefined =>
  /^\d*\.?\d+$/.test(text.trim()) ? Number(text) : undefined;

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

function imageOf(draft: WorkloadDraft): PlanInput['workloads'][number]['image'] {
  if (draft.source === 'disk') return undefined;
  if (draft.source === 'builtin') return { kind: 'builtin', name: draft.builtin };
  if (draft.source === 'folder') return { kind: 'folder', path: chosen(draft) };
  return { kind: 'reference', reference: chosen(draft) };
}

/** Reads `NAME=VALUE` and `NAME` lines; undefined when a line is neither. */
function environmentOf(text: string): Variables | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const pairs = lines.map((line) => variableOf(line.replace(/^\s*([^=]*?)\s*(?==|$)/, '$1')));
  return pairs.every((pair) => pair) ? Object.fromEntries(pairs.map((pair) => pair!)) : undefined;
}

/** A field of which it can be said what is wrong. */
type DraftField = NameIn<'ui.form.bad'>;

/** The small applications listen on one port; what else there is says itself where it listens. */
const hasBuiltinPort = ({ source, builtin }: WorkloadDraft): boolean =>
  source === 'builtin' && !isService(builtin);

function probeTyped({ probe, path, say, expect }: WorkloadDraft): Probe {
  if (probe === 'http') return { kind: 'http', path: path.trim() || '/' };
  if (probe === 'tcp') return { kind: 'tcp', say: unescaped(say), expect: unescaped(expect) };
  return { kind: probe };
}

function typedProbe(probe: Probe): Partial<WorkloadDraft> {
  if (probe.kind === 'http') return { path: probe.path };
  return probe.kind === 'tcp' ? { say: escaped(probe.say), expect: escaped(probe.expect) } : {};
}

function readWorkload(draft: WorkloadDraft, name: string, at: number, problems: Problems) {
  /** the value, or a problem noted and a stand-in that is never used */
  const need = <T>(field: DraftField, value: T | undefined, otherwise: T): T => {
    if (value === undefined) problems.set(`w${at}.${field}`, `ui.form.bad.${field}`);
    return value ?? otherwise;
  };
  const optional = <T>(
    field: DraftField,
    text: string,
    read: (text: string) => T | undefined,
  ): T | undefined => (text.trim() === '' ? undefined : need(field, read(text), undefined as T));
  if (chosen(draft) === '') problems.set(`w${at}.image`, `ui.form.bad.${draft.source}`);
  const command = optional('command', draft.command, wordsOf);
  const port = optional('port', draft.port, count) ?? (hasBuiltinPort(draft) ? builtinPort : undefined);
  const image = imageOf(draft);
  // an image may say where it listens, a disk does not
  if (!image && port === undefined && !problems.has(`w${at}.port`))
    problems.set(`w${at}.port`, 'ui.form.bad.port');
  return {
    name,
    ...(image && { image }),
    ...(draft.disk.trim() !== '' && { disk: { file: draft.disk.trim() } }),
    ...(command && { command }),
    ...(port !== undefined && { port }),
    environment: need('environment', environmentOf(draft.environment), {}),
    probe: probeTyped(draft),
    ...(draft.outgoing && { openings: { outgoing: true } }),
    limits: {
      memoryBytes: need('memory', parseBytes(draft.memory), 2 ** 29),
      cpus: need('cpus', decimal(draft.cpus), 1),
    },
  };
}

/** What the contract's own check finds, at the field that a person sees. */
function fieldOf(path: readonly PropertyKey[]): string {
  const [area, at, ...inner] = path.map(String);
  if (area !== 'workloads' || at === undefined) return (area ?? '').replace(/Ms$/, '');
  const last = inner.at(-1) ?? 'name';
  const names: Record<string, string> = { memoryBytes: 'memory', reference: 'image', NAME: 'environment' };
  const field = inner[0] === 'environment' ? 'environment' : inner[0] === 'image' ? 'image' : last;
  return `w${at}.${names[field] ?? field}`;
}

/** Reads what was typed. Every problem is told at once, each at its own field. */
export function readDraft(draft: PlanDraft): ReadDraft {
  const problems: Problems = new Map();
  const names = namesOf(draft.workloads);
  const optional = <T>(field: 'precision' | 'budget' | 'soak', read: (text: string) => T | undefined) => {
    const value = draft[field].trim() === '' ? undefined : read(draft[field]);
    if (draft[field].trim() !== '' && value === undefined) problems.set(field, `ui.form.bad.${field}`);
    return value;
  };
  const precision = optional('precision', parseShare);
  const budgetMs = optional('budget', parseMs);
  const soakMs = optional('soak', parseMs);
  const together = draft.together && draft.workloads.length > 1;
  const parsed = Plan.safeParse({
    name: 'custom',
    workloads: draft.workloads.map((one, at) => readWorkload(one, names[at]!, at, problems)),
    targets: draft.targets,
    arrangement: together ? 'together' : 'alone',
    ...(draft.cold && { cold: true }),
    trials: count(draft.trials),
    warmups: count(draft.warmups),
    ...(soakMs !== undefined && { soakMs }),
    ...(precision !== undefined && { precision }),
    ...(budgetMs !== undefined && { budgetMs }),
  });
  names.forEach((name, at) => {
    if (names.indexOf(name) !== at) problems.set(`w${at}.name`, 'ui.form.bad.twice');
  });
  for (const { path, message } of parsed.error?.issues ?? []) {
    const field = fieldOf(path);
    const [, inner] = field.split('.');
    const lack = field === 'targets' ? keyIn('problem', message) : undefined;
    if (lack && problems.size > 0) continue; // what a target lacks may be what is wrong at its workload
    const words = lack ?? keyIn('ui.form.bad', inner ?? field);
    if (words && !problems.has(field)) problems.set(field, words);
  }
  return problems.size > 0 || !parsed.success ? { problems } : { plan: parsed.data, problems };
}

function sourceTyped(image: Plan['workloads'][number]['image']): Partial<WorkloadDraft> {
  if (!image) return { source: 'disk' };
  if (image.kind === 'builtin') return { source: 'builtin', builtin: image.name };
  return image.kind === 'folder'
    ? { source: 'folder', folder: image.path }
    : { source: 'pull', pull: image.reference };
}

/** A plan, as its form would have been filled in: what the form does not show (such as the seed) is the form's own. */
export function draftOf(plan: Plan): PlanDraft {
  return {
    workloads: plan.workloads.map((workload) => ({
      ...emptyWorkload(),
      name: workload.name,
      ...sourceTyped(workload.image),
      disk: workload.disk?.file ?? '',
      command: workload.command ? shellLine(workload.command) : '',
      environment: Object.entries(workload.environment).map(variableText).join('\n'),
      port: workload.port === undefined || workload.image?.kind === 'builtin' ? '' : String(workload.port),
      probe: workload.probe.kind,
      ...typedProbe(workload.probe),
      memory: sizeTyped(workload.limits.memoryBytes),
      cpus: String(workload.limits.cpus),
      outgoing: workload.openings?.outgoing === true,
    })),
    targets: [...plan.targets],
    together: plan.arrangement === 'together',
    cold: plan.cold === true,
    trials: String(plan.trials),
    warmups: String(plan.warmups),
    soak: `${plan.soakMs / 1000}s`,
    precision: plan.precision === undefined ? '' : `${plan.precision * 100}%`,
    budget: plan.budgetMs === undefined ? '' : `${plan.budgetMs / 1000}s`,
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

const sizeTyped = (bytes: number): string =>
  bytes % 2 ** 30 === 0 ? `${bytes / 2 ** 30} GiB` : `${bytes / 2 ** 20} MiB`;

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
    const draft = { ...emptyDraft(), ...texts(kept, emptyDraft()) };
    draft.workloads = kept.workloads.map((one) => {
      const workload = { ...emptyWorkload(), ...texts(one, emptyWorkload()) };
      if (!sources.includes(workload.source)) workload.source = 'builtin';
      if (!builtinNames.includes(workload.builtin)) workload.builtin = 'web';
      if (!probeKinds.includes(workload.probe)) workload.probe = 'http';
      workload.outgoing = one.outgoing === true;
      return workload;
    });
    draft.together = kept.together === true;
    draft.targets = Array.isArray(kept.targets) ? kept.targets.filter((id) => typeof id === 'string') : [];
    return draft;
  } catch {
    return undefined; // what cannot be read is no reason not to start
  }
}

/** The fields of `kept` that hold text and exist in `known`. */
const texts = <T extends object>(kept: Partial<T>, known: T): Partial<T> =>
  Object.fromEntries(
    Object.entries(kept).filter(([name, value]) => name in known && typeof value === 'string'),
  ) as Partial<T>;
