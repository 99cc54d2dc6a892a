import path from 'node:path';
import type { Input } from '../../contract/calls';
import { isService, nameAfter, probeOf, type Plan, type PlanInput } from '../../contract/plan';
import { planWith, workloadWith, type FieldValues } from '../../contract/planFields';
import { parseShare } from '../../contract/quantities';
import { baselineTarget, diskTargets } from '../../contract/targets';
import { badInput, TareError } from '../../engine/base/errors';
import { firstBuildOption, readBuildOptions, type TypedBuild } from './buildOptions';
import { readTargets } from './targets';
import { fieldName } from '../problems';
import { checkPlan, isPlanFile, planFrom, readPlanFile, standardInput } from './planFile';
import { optionBehind, optionOf, readOptions, type FieldOptions } from './planOptions';

/** Options that shape the plan of `tare run`, as they were typed. */
export interface PlanOptions extends FieldOptions, TypedBuild {
  /** a Compose file */
  compose?: string;
  /** of it, with commas between */
  service?: string;
}

interface Sources {
  presets: PlanInput[];
  /** reads a Compose file; absent where the command takes none */
  compose?: (asked: Input<'readCompose'>) => Promise<Plan>;
  /** what came on standard input; absent where the command reads none */
  input?: string | undefined;
  cwd: string;
}

type WorkloadInput = PlanInput['workloads'][number];
type ImageInput = NonNullable<WorkloadInput['image']>;

const usualLoadSeconds = 5;
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
  const { cwd } = sources;
  const { image: pulled, build, workload: builtin, disk: file, ...values } = readOptions(options);
  const base = await basePlan(named, options, sources);
  const image = placedIn(cwd, pulled ?? build ?? builtin);
  const building = readBuildOptions(options, cwd);
  const disk = file === undefined ? undefined : { file: path.resolve(cwd, file) };
  checkOptions(base, { image, disk, values }, options);
  const workloads = base.workloads.map((workload): WorkloadInput => {
    const imaged = image ? withImage(workload, image, base.workloads.length === 1) : workload;
    const chosen = disk ? withDisk(imaged, disk, image !== undefined || isOwnPlan(named)) : imaged;
    const shaped =
      chosen.image?.kind === 'folder' ? { ...chosen, image: { ...chosen.image, ...building } } : chosen;
    return workloadWith(shaped, values);
  });
  const besideDisk = isOwnPlan(named) ? base.targets : image ? [baselineTarget] : [];
  const usual = disk ? [...new Set([...besideDisk, ...diskTargets])] : base.targets;
  const targets = options.targets === undefined ? usual : readTargets(options.targets);
  // Whoever names targets wants these, and to be told when one cannot be had.
  const chosen = options.targets === undefined && !disk ? {} : { wholeLadder: false };
  // a plan that measures something else is not called after the preset whose settings it takes
  const called =
    (image ?? disk) && (named ?? usualPreset) === usualPreset ? { name: workloads[0]!.name } : {};
  // a load always lasts as long as its options say, however long the preset's does
  const load =
    values.load === undefined ? { loadTime: undefined } : { loadTime: values.loadTime ?? usualLoadSeconds };
  const input = planWith({ ...base, ...called, workloads, targets, ...chosen }, { ...values, ...load });
  return checkPlan(input, (path) => optionBehind(path, options) ?? fieldName(path));
}

/** @throws {TareError} `bad-input` for options that the plan has no place for */
function checkOptions(
  { workloads, density }: PlanInput,
  {
    image,
    disk,
    values,
  }: { image: ImageInput | undefined; disk: DiskInput | undefined; values: FieldValues },
  options: PlanOptions,
): void {
  if (disk && workloads.length > 1) throw badInput('cli.vm-disk-one');
  const isBuilt = (image ? [{ image }] : workloads).some((one) => one.image?.kind === 'folder');
  const option = firstBuildOption(options);
  if (!isBuilt && option !== undefined) throw badInput('cli.build-alone', { option });
  const ladder = (['most', 'ladders', 'prove'] as const).find((id) => values[id] !== undefined);
  if (ladder && !density) throw badInput('cli.no-density', { option: optionOf(ladder) });
}

/** Whether a plan file is named, whose image is the person's own and no stand-in of a preset. */
const isOwnPlan = (named: string | undefined): boolean =>
  named !== undefined && (named === standardInput || isPlanFile(named));

type DiskInput = NonNullable<WorkloadInput['disk']>;

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

async function basePlan(
  named: string | undefined,
  options: PlanOptions,
  { presets, compose, input, cwd }: Sources,
): Promise<PlanInput> {
  if (options.service !== undefined && options.compose === undefined) throw badInput('cli.service-alone');
  if (options.compose !== undefined && named !== undefined) throw badInput('cli.compose-and-plan');
  if (options.compose !== undefined && compose) {
    return compose({
      path: path.resolve(cwd, options.compose),
      ...(options.service !== undefined && { services: options.service.split(',').filter(Boolean) }),
      ...(options.targets !== undefined && { targets: readTargets(options.targets) }),
    });
  }
  if (named === standardInput && input !== undefined) return planFrom(input, { name: 'stdin', folder: cwd });
  if (named !== undefined && isPlanFile(named)) return readPlanFile(named, cwd);
  const name = named ?? usualPreset;
  const preset = presets.find((plan) => plan.name === name);
  if (preset) return preset;
  throw new TareError({ code: 'preset-unknown', name, known: presets.map((plan) => plan.name) });
}

/** A folder is meant from where the command was given. */
const placedIn = (cwd: string, image: ImageInput | undefined): ImageInput | undefined =>
  image?.kind === 'folder' ? { ...image, path: path.resolve(cwd, image.path) } : image;

/** Tare's own small applications, which all listen on one port. */
const isSmall = (image: ImageInput): boolean => image.kind === 'builtin' && !isService(image.name);

const nameOfImage = (image: ImageInput): string =>
  image.kind === 'builtin'
    ? image.name
    : nameAfter(image.kind === 'folder' ? path.basename(image.path) : image.reference);

/**
 * Command, environment, port and probe belong to the image that was there before; what the image itself says counts instead.
 * @param names  the workload is called after the image
 */
function withImage(workload: WorkloadInput, image: ImageInput, names: boolean): WorkloadInput {
  const here = {
    name: (names && nameOfImage(image)) || workload.name,
    image,
    ...(image.kind === 'builtin' && { probe: probeOf(image.name) }),
    limits: workload.limits,
  };
  return isSmall(image) && workload.image && isSmall(workload.image)
    ? { ...here, port: workload.port }
    : here;
}

/** The smallest change worth telling. @throws {TareError} `bad-input` for what is no share, or more than ten times */
export function shareOf(text: string, option: string): number {
  const share = parseShare(text);
  if (share !== undefined && share <= 10) return share;
  throw badInput('cli.not-a-share', { option, text });
}
