import path from 'node:path';
import type { Locale } from '../../contract/appearance';
import type { Input } from '../../contract/calls';
import { listOf, message, type MessageKey } from '../../contract/messages';
import { isService, nameAfter, offeredNames, probeOf, type Plan, type PlanInput } from '../../contract/plan';
import { parseBytes, parseMs, parseShare } from '../../contract/quantities';
import { baselineTarget, diskTargets } from '../../contract/targets';
import { variableOf, withoutValue, type Variables } from '../../contract/work/variables';
import { TareError } from '../../engine/base/errors';
import { firstBuildOption, readBuildOptions, type TypedBuild } from './buildOptions';
import { readTargets } from './targets';
import { fieldName } from '../problems';
import { checkPlan, isPlanFile, readPlanFile } from './planFile';

/** Options of `tare run` that shape the plan, as they were typed. */
export interface PlanOptions extends TypedBuild {
  image?: string;
  build?: string;
  workload?: string;
  /** a virtual disk that the same application is installed on, or that alone */
  vmDisk?: string;
  /** a Compose file */
  compose?: string;
  /** of it, with commas between */
  service?: string;
  env?: string[];
  /** VMs may open connections, too */
  outgoing?: boolean;
  port?: string;
  probe?: string;
  targets?: string;
  trials?: string;
  memory?: string;
  cpus?: string;
  seed?: string;
  precision?: string;
  budget?: string;
  soak?: string;
  timeout?: string;
  floor?: string;
  most?: string;
  ladders?: string;
  prove?: boolean;
  load?: string;
  loadTime?: string;
  lifecycle?: boolean;
  cold?: boolean;
  /** also in what is kept */
  withValues?: boolean;
}

interface Sources {
  presets: PlanInput[];
  /** reads a Compose file; absent where the command takes none */
  compose?: (asked: Input<'readCompose'>) => Promise<Plan>;
  cwd: string;
  locale: Locale;
}

type WorkloadInput = PlanInput['workloads'][number];
type ImageInput = NonNullable<WorkloadInput['image']>;

const usualLoadMs = 5000;
/** whose settings hold where neither a preset nor a file is named */
const usualPreset = 'quick';

/**
 * The plan that a command line asks for: a preset or a plan file (`quick` when neither is named), changed by the options.
 * @throws {TareError} `bad-input` with every problem at once · `preset-unknown` · `plan-unreadable` · `target-unknown`
 */
export async function composePlan(
  named: string | undefined,
  options: PlanOptions,
  sources: Sources,
): Promise<Plan> {
  const asked = readOptions(options, sources.locale);
  const base = await basePlan(named, options, sources);
  const image = imageOf(options, sources.cwd);
  const building = readBuildOptions(options, sources.cwd, sources.locale);
  const disk = diskOf(options, base, sources);
  const isBuilt = image
    ? image.kind === 'folder'
    : base.workloads.some((one) => one.image?.kind === 'folder');
  const alone = isBuilt ? undefined : firstBuildOption(options);
  if (alone !== undefined) {
    const problem = message(sources.locale, 'cli.build-alone', { option: alone });
    throw new TareError({ code: 'bad-input', problems: [problem] });
  }
  const workloads = base.workloads.map((workload): WorkloadInput => {
    const imaged = image ? withImage(workload, image, base.workloads.length === 1 ? options : {}) : workload;
    const chosen = disk ? withDisk(imaged, disk, image !== undefined || isOwnPlan(named)) : imaged;
    const shaped =
      chosen.image?.kind === 'folder' ? { ...chosen, image: { ...chosen.image, ...building } } : chosen;
    return {
      ...shaped,
      ...asked.workload,
      ...(options.outgoing && { openings: { ...shaped.openings, outgoing: true } }),
      environment: { ...shaped.environment, ...asked.environment },
      limits: { ...shaped.limits, ...asked.limits },
    };
  });
  const besideDisk = isOwnPlan(named) ? base.targets : image ? [baselineTarget] : [];
  const usual = disk ? [...new Set([...besideDisk, ...diskTargets])] : base.targets;
  const targets = options.targets === undefined ? usual : readTargets(options.targets);
  // Whoever names targets wants these, and to be told when one cannot be had.
  const chosen = options.targets === undefined && !disk ? {} : { wholeLadder: false };
  const density = densityOf(base, options, asked.density, sources.locale);
  // a plan that measures something else is not called after the preset whose settings it takes
  const called =
    (image ?? disk) && (named ?? usualPreset) === usualPreset ? { name: workloads[0]!.name } : {};
  const input = { ...base, ...called, workloads, ...asked.plan, ...density, targets, ...chosen };
  return checkPlan(input, sources.locale, (path) => optionBehind(path, options) ?? fieldName(path));
}

/** Whether a plan file is named, whose image is the person's own and no stand-in of a preset. */
const isOwnPlan = (named: string | undefined): boolean => named !== undefined && isPlanFile(named);

type DiskInput = NonNullable<WorkloadInput['disk']>;

/** @throws {TareError} `bad-input` where it could be meant for any of several applications */
function diskOf(
  { vmDisk }: PlanOptions,
  { workloads }: PlanInput,
  { cwd, locale }: Sources,
): DiskInput | undefined {
  if (vmDisk === undefined) return undefined;
  if (workloads.length === 1) return { file: path.resolve(cwd, vmDisk) };
  throw new TareError({ code: 'bad-input', problems: [message(locale, 'cli.vm-disk-one')] });
}

/** A whole system needs more than an application alone: the least that distributions ask for. */
const leastDiskMemoryBytes = 512 * 1024 ** 2;

/** @param keepsImage  else there is only the disk, and the workload is called after it */
function withDisk(workload: WorkloadInput, disk: DiskInput, keepsImage: boolean): WorkloadInput {
  const { limits } = workload;
  const memoryBytes = Math.max(limits.memoryBytes, leastDiskMemoryBytes);
  if (keepsImage) return { ...workload, disk, limits: { ...limits, memoryBytes } };
  const name = nameAfter(path.parse(disk.file).name) || workload.name;
  return { name, disk, limits: { ...limits, memoryBytes } };
}

/** Fields of a plan whose option has another name. */
const optionOf: Record<string, keyof PlanOptions> = {
  file: 'vmDisk',
  memoryBytes: 'memory',
  budgetMs: 'budget',
  soakMs: 'soak',
  readyTimeoutMs: 'timeout',
  memoryFloorBytes: 'floor',
  ratePerSecond: 'load',
  seconds: 'loadTime',
};

const written = (option: string): string =>
  `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** The option that gave a field its value: who typed it knows it by that name. */
function optionBehind(path: readonly PropertyKey[], options: PlanOptions): string | undefined {
  const field = String(path.at(-1));
  const option = optionOf[field] ?? field;
  return typeof options[option as keyof PlanOptions] === 'string' ? written(option) : undefined;
}

/** What the options change about a plan's ladder. @throws {TareError} `bad-input` where the plan has none */
function densityOf(
  base: PlanInput,
  options: PlanOptions,
  asked: NonNullable<PlanInput['density']>,
  locale: Locale,
): Pick<PlanInput, 'density'> {
  const { most, ladders, prove } = options;
  const option = most ? '--most' : ladders ? '--ladders' : prove ? '--prove' : undefined;
  if (!base.density && option === undefined) return {};
  if (base.density) return { density: { ...base.density, ...asked, ...(prove && { prove: true }) } };
  throw new TareError({
    code: 'bad-input',
    problems: [message(locale, 'cli.no-density', { option: option! })],
  });
}

async function basePlan(
  named: string | undefined,
  options: PlanOptions,
  { presets, compose, cwd, locale }: Sources,
): Promise<PlanInput> {
  const refused = (key: MessageKey) => new TareError({ code: 'bad-input', problems: [message(locale, key)] });
  if (options.service !== undefined && options.compose === undefined) throw refused('cli.service-alone');
  if (options.compose !== undefined && named !== undefined) throw refused('cli.compose-and-plan');
  if (options.compose !== undefined && compose) {
    return compose({
      path: path.resolve(cwd, options.compose),
      ...(options.service !== undefined && { services: options.service.split(',').filter(Boolean) }),
      ...(options.targets !== undefined && { targets: readTargets(options.targets) }),
    });
  }
  if (named !== undefined && isPlanFile(named)) return readPlanFile(named, cwd, locale);
  const name = named ?? usualPreset;
  const preset = presets.find((plan) => plan.name === name);
  if (preset) return preset;
  throw new TareError({ code: 'preset-unknown', name, known: presets.map((plan) => plan.name) });
}

function imageOf(options: PlanOptions, cwd: string): ImageInput | undefined {
  if (options.image !== undefined) return { kind: 'reference', reference: options.image };
  if (options.build !== undefined) return { kind: 'folder', path: path.resolve(cwd, options.build) };
  const name = offeredNames.find((known) => known === options.workload);
  return name && { kind: 'builtin', name };
}

/** Tare's own small applications, which all listen on one port. */
const isSmall = (image: ImageInput): boolean => image.kind === 'builtin' && !isService(image.name);

/** Command, environment, port and probe belong to the image that was there before; what the image itself says counts instead. */
function withImage(
  workload: WorkloadInput,
  image: ImageInput,
  { image: reference, build, workload: builtin }: PlanOptions,
): WorkloadInput {
  const name =
    reference === undefined
      ? build === undefined
        ? builtin
        : path.basename(path.resolve(build))
      : reference;
  const here = {
    name: (name && nameAfter(name)) || workload.name,
    image,
    ...(image.kind === 'builtin' && { probe: probeOf(image.name) }),
    limits: workload.limits,
  };
  return isSmall(image) && workload.image && isSmall(workload.image)
    ? { ...here, port: workload.port }
    : here;
}

/** Reads what was typed; collects everything that cannot be understood, so that a person corrects it in one go. */
function readOptions(options: PlanOptions, locale: Locale) {
  const wrong: string[] = [];
  const read = <T>(
    name: keyof PlanOptions,
    parse: (text: string) => T | undefined,
    hint: 'whole-number' | 'number' | 'path' | 'duration' | 'workload' | 'size' | 'share',
  ): T | undefined => {
    const text = options[name];
    if (typeof text !== 'string') return undefined;
    const value = parse(text);
    const option = written(name);
    if (value === undefined)
      wrong.push(message(locale, `cli.not-a-${hint}`, { option, text, known: listOf(locale, offeredNames) }));
    return value;
  };
  const one = <T>(name: string, value: T | undefined) => (value === undefined ? {} : { [name]: value });
  const port = read('port', wholeNumber, 'whole-number');
  const probe = read('probe', (text) => (text.startsWith('/') ? text : undefined), 'path');
  const rate = read('load', positive, 'number');
  const loadMs = read('loadTime', parseMs, 'duration');
  read('workload', (text) => offeredNames.find((name) => name === text), 'workload');
  const asked = {
    workload: {
      ...one('port', port),
      ...(probe !== undefined && { probe: { kind: 'http' as const, path: probe } }),
    },
    limits: {
      ...one('memoryBytes', read('memory', parseBytes, 'size')),
      ...one('cpus', read('cpus', positive, 'number')),
    },
    plan: {
      ...one('trials', read('trials', wholeNumber, 'whole-number')),
      ...one('seed', read('seed', wholeNumber, 'whole-number')),
      ...one('precision', read('precision', parseShare, 'share')),
      ...one('budgetMs', read('budget', parseMs, 'duration')),
      ...one('soakMs', read('soak', parseMs, 'duration')),
      ...one('readyTimeoutMs', read('timeout', parseMs, 'duration')),
      ...one('memoryFloorBytes', read('floor', parseBytes, 'size')),
      ...(options.lifecycle && { lifecycle: true }),
      ...(options.cold && { cold: true }),
      ...(options.withValues && { keepValues: true }),
      ...(rate !== undefined && { load: { ratePerSecond: rate, seconds: (loadMs ?? usualLoadMs) / 1000 } }),
    },
    density: {
      ...one('most', read('most', wholeNumber, 'whole-number')),
      ...one('ladders', read('ladders', wholeNumber, 'whole-number')),
    },
    environment: environmentOf(options.env ?? [], (text) =>
      wrong.push(message(locale, 'cli.not-a-setting', { text })),
    ),
  };
  if (wrong.length > 0) throw new TareError({ code: 'bad-input', problems: wrong });
  return asked;
}

function environmentOf(settings: string[], refuse: (text: string) => void): Variables {
  const pairs = settings.flatMap((setting) => {
    const variable = variableOf(setting);
    if (!variable) refuse(withoutValue(setting));
    return variable ? [variable] : [];
  });
  return Object.fromEntries(pairs);
}

/** The smallest change worth telling. @throws {TareError} `bad-input` for what is no share, or more than ten times */
export function shareOf(text: string, option: string, locale: Locale): number {
  const share = parseShare(text);
  if (share !== undefined && share <= 10) return share;
  throw new TareError({
    code: 'bad-input',
    problems: [message(locale, 'cli.not-a-share', { option, text })],
  });
}

const wholeNumber = (text: string): number | undefined =>
  /^\d{1,15}$/.test(text) ? Number(text) : undefined;
const positive = (text: string): number | undefined =>
  /^\d+(\.\d+)?$/.test(text) && Number(text) > 0 ? Number(text) : undefined;
