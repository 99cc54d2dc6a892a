/**
 * What of a run is written down. A record is opened, shown and handed on: whoever sees it is told by what names a workload found its
 * variables, not what was in them, nor who the person is whose home folder something lies in.
 */
import os from 'node:os';
import path from 'node:path';
import { isFromHome, withoutSecrets, type FolderSource } from '../../../contract/work/building';
import type { Plan, Workload } from '../../../contract/plan';
import { withRuns, type RunRecord } from '../../../contract/record';
import type { Run } from '../../../contract/run/run';
import { kindOf } from '../../../contract/targets';
import { withoutValues } from '../../../contract/work/variables';

/** How a path below the home folder is written: `~/app`. Only at the begin of a path: `/var/home/me` is not below `/home/me`. */
const hiding = (home: string): ((text: string) => string) => {
  const words = home.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const begin = new RegExp(`(?<![\\w.-])${words}(?![\\w.-])`, 'g');
  return (text) => (text.includes(home) ? text.replace(begin, '~') : text);
};

/** Every text of a value changed; what has none to change is the same object. */
function changed<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value) as [string, unknown][];
  const now = entries.map(([key, one]) => [key, changed(one, change)] as const);
  if (now.every(([, one], at) => one === entries[at]![1])) return value;
  return (Array.isArray(value) ? now.map(([, one]) => one) : Object.fromEntries(now)) as T;
}

/** The home folder as paths name it; a home that is the root of everything hides nothing. */
const homeFolder = (home = os.homedir()): string | undefined =>
  path.isAbsolute(home) && path.parse(home).root !== home ? home.replace(/[/\\]+$/, '') : undefined;

function keptWorkload(workload: Workload, hide: (text: string) => string): Workload {
  const { image, disk, environment } = workload;
  const kept = {
    ...workload,
    environment: withoutValues(environment),
    ...(disk && { disk: { ...disk, file: hide(disk.file) } }),
  };
  if (image?.kind !== 'folder') return kept;
  const { dockerfile } = image;
  const paths = { path: hide(image.path), ...(dockerfile !== undefined && { dockerfile: hide(dockerfile) }) };
  return { ...kept, image: { ...withoutSecrets(image), ...paths } };
}

/** Even then it is not said where somebody's secrets lie. */
function wholeWorkload(workload: Workload): Workload {
  const { image } = workload;
  if (image?.kind !== 'folder') return workload;
  const { buildArgs } = image;
  return { ...workload, image: { ...withoutSecrets(image), ...(buildArgs && { buildArgs }) } };
}

/** The plan as it is written down: values and whole paths are part of it only where it asks for that itself. */
export function keptPlan(plan: Plan, home = homeFolder()): Plan {
  const hide = home === undefined ? (text: string) => text : hiding(home);
  return {
    ...plan,
    workloads: plan.workloads.map((one) => (plan.keepValues ? wholeWorkload(one) : keptWorkload(one, hide))),
  };
}

/** The lines of containers are left: a path in them is one of the container's. */
function keptEnvironment(environment: Run['environment'], hide: (text: string) => string) {
  const { commands, ...rest } = environment;
  return {
    ...changed(rest, hide),
    commands: commands.map((command) =>
      kindOf(command.target) === 'container' ? command : changed(command, hide),
    ),
  };
}

/** The record as it is kept and handed on; whole where its plan asks for that. */
export function keptRun(run: Run, home = homeFolder()): Run {
  const { plan, environment, ...rest } = run;
  const kept = keptPlan(plan, home);
  if (plan.keepValues || home === undefined) return { ...run, plan: kept };
  const hide = hiding(home);
  return { ...run, ...changed(rest, hide), plan: kept, environment: keptEnvironment(environment, hide) };
}

/** The record as it is handed on, whatever is kept in it. */
export function sharedRecord<R extends RunRecord>(record: R, home = homeFolder()): R {
  const runs = withRuns(record, (run) => keptRun({ ...run, plan: withoutKeeping(run.plan) }, home));
  return { ...runs, plan: keptPlan(withoutKeeping(record.plan), home) };
}

function withoutKeeping(plan: Plan): Plan {
  const shared = { ...plan };
  delete shared.keepValues;
  return shared;
}

/** A plan from a record, or as somebody typed it: `~` is the home folder of whoever runs it. */
export const withHome = (plan: Plan, home = homeFolder()): Plan => ({
  ...plan,
  workloads: plan.workloads.map(({ image, disk, ...workload }) => ({
    ...workload,
    ...(image && { image: image.kind === 'folder' ? { ...image, ...pathsIn(image, home) } : image }),
    ...(disk && { disk: { ...disk, file: wholePath(disk.file, home) } }),
  })),
});

const wholePath = (file: string, home: string | undefined): string =>
  home !== undefined && isFromHome(file) ? path.join(home, file.slice(1)) : file;

const pathsIn = ({ path: folder, dockerfile }: FolderSource, home: string | undefined) => ({
  path: wholePath(folder, home),
  ...(dockerfile !== undefined && { dockerfile: wholePath(dockerfile, home) }),
});
