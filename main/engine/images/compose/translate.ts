/** Pure: a Compose file as a plan, and all of it that is not as the file says. */
import path from 'node:path';
import type { z } from 'zod';
import { Privileges } from '../../../contract/privileges';
import { Limits, Workload, type PlanInput, type Probe } from '../../../contract/plan';
import type { ComposeNote } from '../../../contract/run/compose';
import { sharesNetwork, usualTargets, type TargetId } from '../../../contract/targets';
import { TareError } from '../../base/errors';
import { fieldNotes } from './fields';
import type { ComposeService } from './file';
import { askedBy } from './healthcheck';
import { inOrder, needsOf, reachesOthers, withNeeded } from './needs';
import type { ReadFile } from './read';

type WorkloadInput = PlanInput['workloads'][number];
type Services = Readonly<Record<string, ComposeService>>;

export interface ComposeAsked {
  /** with what they need; absent: those that Compose itself would start */
  services?: readonly string[] | undefined;
  targets?: readonly TargetId[] | undefined;
}

const mebibyte = 1024 * 1024;
/** What a service gets that sets no limit: a machine has to have a size. */
const usualLimits = { memoryBytes: 512 * mebibyte, cpus: 1 };

/** As many rounds as the presets that come up together. */
const trials = 3;

/**
 * The plan that runs these services together, and all that is not as the file says.
 * @throws {TareError} `compose-service-unknown` · `compose-empty`
 */
export function planOfCompose(read: ReadFile, asked: ComposeAsked): PlanInput {
  const { services, name } = { services: read.file.services ?? {}, name: read.file.name };
  const known = Object.keys(services);
  const unknown = asked.services?.find((one) => !known.includes(one));
  if (unknown !== undefined)
    throw new TareError({ code: 'compose-service-unknown', path: read.path, name: unknown, known });
  const notes: ComposeNote[] = [];
  const targets = [...(asked.targets ?? usualTargets)];
  const chosen = chosenOf(read, services, asked.services, targets, notes);
  const names = inOrder(chosen, services);
  if (names.length === 0) throw new TareError({ code: 'compose-empty', path: read.path, notes });
  const workloads = names.map((service) => workloadOf(service, services[service]!, names, targets, notes));
  const isProject = names.length > 1;
  return {
    name: `${name} (compose)`.slice(0, 80),
    workloads,
    targets,
    ...(isProject && { arrangement: 'together', sharedNetwork: true }),
    trials,
    compose: { file: path.basename(read.path), services: names, notes },
  };
}

/** Whom Compose would start, less those that cannot be measured and those that need them. */
function chosenOf(
  { active }: ReadFile,
  services: Services,
  asked: readonly string[] | undefined,
  targets: readonly TargetId[],
  notes: ComposeNote[],
): string[] {
  const wanted = withNeeded(asked ?? active, services);
  if (!asked) {
    const idle = Object.keys(services).filter((name) => !wanted.includes(name));
    notes.push(...idle.map((service): ComposeNote => ({ kind: 'profile', service })));
  }
  const left = new Set<string>();
  const leave = (service: string, kind: ComposeNote['kind']) => {
    left.add(service);
    notes.push({ kind, service });
  };
  const ending = wanted.flatMap((name) =>
    needsOf(services[name]!).flatMap(({ service, until }) => (until === 'completed' ? [service] : [])),
  );
  for (const name of wanted) {
    if (instancesOf(services[name]!) === 0) leave(name, 'no-replicas');
    else if (!imageOf(services[name]!)) leave(name, 'no-image');
    else if (ending.includes(name)) leave(name, 'completes');
    else if (!Workload.shape.name.safeParse(name).success) leave(name, 'unfit-name');
    else if (!targets.some(sharesNetwork) && reachesOthers(services[name]!, othersThan(name, wanted)))
      leave(name, 'only-shared');
  }
  // in their order, so that whoever needs one that is left out is looked at after it
  for (const name of inOrder(wanted, services)) {
    const isLost = needsOf(services[name]!).some(
      ({ service, isOptional }) => !isOptional && left.has(service),
    );
    if (isLost && !left.has(name)) leave(name, 'needs-left-out');
  }
  return wanted.filter((name) => !left.has(name));
}

const othersThan = (name: string, names: readonly string[]): string[] => names.filter((one) => one !== name);

const instancesOf = ({ scale, deploy }: ComposeService): number => scale ?? deploy?.replicas ?? 1;

function imageOf({ image, build }: ComposeService): WorkloadInput['image'] | undefined {
  if (!build) return image === undefined ? undefined : { kind: 'reference', reference: image };
  const { context, dockerfile, dockerfile_inline, target, args } = build;
  // a repository's address is no folder, and what has no file cannot be built from one
  if (context === undefined || !path.isAbsolute(context) || dockerfile_inline !== undefined) return undefined;
  const given = Object.entries(args ?? {}).filter((entry): entry is [string, string] => entry[1] !== null);
  return {
    kind: 'folder',
    path: context,
    ...(dockerfile !== undefined && dockerfile !== 'Dockerfile' && { dockerfile }),
    ...(target !== undefined && { target }),
    ...(given.length > 0 && { buildArgs: Object.fromEntries(given) }),
  };
}

/** @param names  of all services that are run */
function workloadOf(
  name: string,
  service: ComposeService,
  names: readonly string[],
  targets: readonly TargetId[],
  notes: ComposeNote[],
): WorkloadInput {
  const note = (kind: ComposeNote['kind'], field: string) => notes.push({ kind, service: name, field });
  notes.push(...fieldNotes(name, service));
  const { command, entrypoint, environment } = service;
  const user = fitting('user', Privileges.shape.user, service.user, note);
  const workingDir = fitting('working_dir', Workload.shape.workingDir, service.working_dir, note);
  const after = needsOf(service)
    .filter((need) => names.includes(need.service))
    .map((need) => ({
      workload: need.service,
      until: need.until === 'ready' ? need.until : ('started' as const),
    }));
  const onlyShared =
    targets.some((target) => !sharesNetwork(target)) && reachesOthers(service, othersThan(name, names));
  if (onlyShared) notes.push({ kind: 'only-shared', service: name });
  if (instancesOf(service) > 1)
    note('one-instance', service.scale === undefined ? 'deploy.replicas' : 'scale');
  if (names.length > 1 && Object.keys(service.networks ?? {}).some((one) => one !== 'default'))
    note('one-network', 'networks');
  const aliases = aliasesOf(name, service);
  return {
    name,
    image: imageOf(service)!,
    ...(entrypoint && { entrypoint }),
    ...(command && command.length > 0 && { command }),
    ...(workingDir !== undefined && { workingDir }),
    environment: Object.fromEntries(
      Object.entries(environment ?? {}).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
    ),
    ...(user !== undefined && { openings: { user } }),
    ...portAndProbe(service, note),
    limits: limitsOf(service, note),
    ...(after.length > 0 && { after }),
    ...(aliases.length > 0 && names.length > 1 && { aliases }),
    ...(onlyShared && { targets: targets.filter(sharesNetwork) }),
  };
}

/** By what else others may call it: its container's name, and its names in the file's networks. */
function aliasesOf(name: string, { container_name, networks }: ComposeService): string[] {
  const inNetworks = Object.values(networks ?? {}).flatMap((network) => network?.aliases ?? []);
  const all = [...(container_name === undefined ? [] : [container_name]), ...inNetworks];
  return [...new Set(all)].filter((alias) => alias !== name);
}

type Note = (kind: ComposeNote['kind'], field: string) => void;

/** A field's text where a plan can take it; else it is said that it is not given. */
function fitting(field: string, schema: z.ZodType<string | undefined>, text: string | undefined, note: Note) {
  if (text === undefined || text === '') return undefined;
  if (schema.safeParse(text).success) return text;
  note('not-given', field);
  return undefined;
}

/** Servers that do not speak HTTP, by the last part of their image's name. */
const spoken: Readonly<Record<string, Probe>> = {
  postgres: { kind: 'postgresql' },
  postgresql: { kind: 'postgresql' },
  redis: { kind: 'redis' },
  valkey: { kind: 'redis' },
};

const imageName = (reference = ''): string =>
  reference.replace(/@.*$/, '').split('/').at(-1)!.replace(/:.*$/, '');

/** What counts as its first good answer, and where it is asked: as its health check says, else as its image and its ports do. */
function portAndProbe(service: ComposeService, note: Note): Pick<WorkloadInput, 'port' | 'probe'> {
  const { healthcheck, ports, expose, image } = service;
  const test = healthcheck?.disable ? [] : (healthcheck?.test ?? []);
  const isChecked = test.length > 0 && test[0] !== 'NONE';
  const asked = isChecked ? askedBy(test) : undefined;
  if (isChecked && !asked) note('default-probe', 'healthcheck');
  if (asked?.isStricter) note('stricter-probe', 'healthcheck');
  const published = (ports ?? []).filter(({ protocol }) => protocol === 'tcp').map(({ target }) => target);
  const exposed = (expose ?? []).flatMap((one) => /^(\d+)(\/tcp)?$/.exec(String(one))?.[1] ?? []).map(Number);
  const port = asked?.port ?? published[0] ?? exposed[0];
  if (new Set((ports ?? []).map(({ target }) => target)).size > 1) note('one-port', 'ports');
  return {
    ...(port !== undefined && { port }),
    probe: asked?.probe ?? spoken[imageName(image)] ?? { kind: 'http', path: '/' },
  };
}

function limitsOf({ mem_limit, cpus, deploy }: ComposeService, note: Note): WorkloadInput['limits'] {
  const limits = deploy?.resources?.limits;
  const wanted = {
    memoryBytes: Number(limits?.memory ?? mem_limit ?? 0),
    cpus: Number(limits?.cpus ?? cpus ?? 0),
  };
  const { memoryBytes, cpus: cpuLimit } = Limits.shape;
  const fits = {
    memoryBytes: memoryBytes.safeParse(wanted.memoryBytes).success,
    cpus: wanted.cpus > 0 && cpuLimit.safeParse(wanted.cpus).success,
  };
  if (!fits.memoryBytes) note('default-limits', 'mem_limit');
  if (!fits.cpus) note('default-limits', 'cpus');
  return {
    memoryBytes: fits.memoryBytes ? wanted.memoryBytes : usualLimits.memoryBytes,
    cpus: fits.cpus ? wanted.cpus : usualLimits.cpus,
  };
}
