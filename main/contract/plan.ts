import { z } from 'zod';
import { ComposeOrigin } from './run/compose';
import { FolderSource } from './work/building';
import type { Problem } from './messages';
import { DensityOrder } from './run/density';
import { LoadOrder, type LoadClient } from './run/load';
import { Privileges } from './privileges';
import { readyTimeoutMs, runsOwnDisk, TargetId } from './targets';
import { Variables } from './work/variables';

/** Small applications of Tare's own, made of busybox and a page: they need no registry and next to no memory. */
export const ownNames = ['web', 'api', 'worker', 'witness'] as const;
export type OwnName = (typeof ownNames)[number];
/** What people run: the official image where a registry gives it, else made of Debian's packages. */
export const serviceNames = ['nginx', 'postgresql', 'valkey', 'node', 'python', 'java'] as const;
export type ServiceName = (typeof serviceNames)[number];
export const isService = (name: BuiltinName): name is ServiceName =>
  serviceNames.some((service) => service === name);

const builtinNames = [...ownNames, ...serviceNames] as const;
export type BuiltinName = (typeof builtinNames)[number];
/** What a person may choose: the witness only answers questions about its own isolation. */
export const offeredNames = builtinNames.filter((name) => name !== 'witness');

/** Where the engine keeps a built-in image, before its tag: under what it is for, where its name does not say that. */
export const repositoryOf = (name: BuiltinName): string => `tare/${name === 'witness' ? 'isolation' : name}`;

/** Where a workload's image comes from. */
const ImageSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('builtin'), name: z.enum(builtinNames) }),
  /** a reference as Docker understands it; pulled if it is not here */
  z.object({ kind: z.literal('reference'), reference: z.string().min(1) }),
  FolderSource,
]);
export type ImageSource = z.infer<typeof ImageSource>;

/** A virtual disk that somebody has, with a system on it that runs the application. */
const DiskSource = z.object({
  /** qcow2 or raw, which its content tells; it is read and never changed */
  file: z.string().min(1).max(4096),
});

/** What counts as the first good answer. A TCP connect alone proves nothing: port proxies accept before the application listens. */
export const Probe = z.discriminatedUnion('kind', [
  /** a GET that answers with a status below 400 */
  z.object({ kind: z.literal('http'), path: z.string().startsWith('/').default('/') }),
  /** send `say` (may be empty), then wait for a reply that contains `expect` */
  z.object({ kind: z.literal('tcp'), say: z.string().default(''), expect: z.string().min(1) }),
  /** what pg_isready does: a session is asked for, and granted or refused for any reason but that the server is not up yet */
  z.object({ kind: z.literal('postgresql') }),
  /** `PING` in the protocol of Redis and Valkey; one that is still loading its data is not ready */
  z.object({ kind: z.literal('redis') }),
]);
export type Probe = z.infer<typeof Probe>;

/** Who loads what is asked in a protocol; one that is not named here cannot be loaded. */
export const loaderFor: { [K in Probe['kind']]?: 'tare' | LoadClient } = {
  http: 'tare',
  postgresql: 'pgbench',
  redis: 'valkey-benchmark',
};

/** How a built-in application is asked; it has no other way to answer. */
export const probeOf = (name: BuiltinName): Probe =>
  name === 'postgresql'
    ? { kind: 'postgresql' }
    : name === 'valkey'
      ? { kind: 'redis' }
      : { kind: 'http', path: '/' };

const mebibyte = 1024 * 1024;

export const Limits = z.object({
  /** given to a container as its limit and to a VM as its size */
  memoryBytes: z
    .number()
    .int()
    .min(16 * mebibyte),
  /** a container's CPU quota; a VM gets this many virtual CPUs, rounded up */
  cpus: z.number().positive().max(64).default(1),
});
export type Limits = z.infer<typeof Limits>;

const mostWorkloads = 32;
/** every way that this version knows, with levers */
const mostTargets = 64;
/** of a command */
const mostWords = 10_000;

export const Workload = z.object({
  /** unique within the plan; shown in tables */
  name: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,40}$/),
  /** absent where there is only a disk */
  image: ImageSource.optional(),
  /** the same application as it is already installed somewhere: what the targets run that run no image */
  disk: DiskSource.optional(),
  /** replaces the image's ENTRYPOINT, and takes away its CMD, as `docker run --entrypoint` does; an empty list leaves neither */
  entrypoint: z.array(z.string()).max(mostWords).optional(),
  /** replaces the image's CMD */
  command: z.array(z.string()).min(1).max(mostWords).optional(),
  /** replaces the image's WORKDIR */
  workingDir: z.string().startsWith('/').optional(),
  environment: Variables.default({}),
  /** the port the application listens on; else the image's only EXPOSEd one. A disk says nothing of the kind */
  port: z.number().int().min(1).max(65535).optional(),
  probe: Probe.default({ kind: 'http', path: '/' }),
  limits: Limits,
  /** walls that are taken down */
  openings: Privileges.optional(),
  /** only on these of the plan's targets; absent: on all */
  targets: z.array(TargetId).min(1).max(mostTargets).optional(),
  /**
   * earlier workloads of a plan whose workloads are up together. One that is not up (`started`) or has not given its first good answer
   * (`ready`) keeps this one from being started.
   */
  after: z.array(z.object({ workload: z.string(), until: z.enum(['started', 'ready']) })).optional(),
  /** names beside its own by which the others reach it in a shared network */
  aliases: z.array(z.string().regex(/^[\w.-]+$/)).optional(),
});
export type Workload = z.infer<typeof Workload>;

/**
 * What a workload is called after its image or its folder: `registry:5000/team/app:1.2@sha256:…` → `app`, `/home/me/my app` → `my-app`.
 * Empty where nothing of it can be part of a name; there is room for a number behind it.
 */
export const nameAfter = (source: string): string =>
  (source.replace(/@.*$/s, '').split(/[/\\]/).filter(Boolean).at(-1) ?? '')
    .replace(/:.*$/s, '')
    .replace(/[^a-zA-Z0-9_.-]+/g, '-')
    .replace(/^[^a-zA-Z0-9]+/, '')
    .slice(0, 38);

/** Whether a workload runs on a target of its plan: on all of them, unless it names some. */
export const isOn = ({ targets }: Pick<Workload, 'targets'>, target: TargetId): boolean =>
  targets?.includes(target) ?? true;

/** Whether a workload has what this target runs. */
const hasFor = ({ image, disk }: Pick<Workload, 'image' | 'disk'>, target: TargetId): boolean =>
  (runsOwnDisk(target) ? disk : image) !== undefined;

export const workloadsOn = ({ workloads }: { workloads: Workload[] }, target: TargetId): Workload[] =>
  workloads.filter((workload) => isOn(workload, target));

/** Whether every one of these targets has what it runs of each workload that is on it. */
const everyPair = (workloads: readonly Workload[], targets: readonly TargetId[]): boolean =>
  targets.every((target) =>
    workloads.every((workload) => !isOn(workload, target) || hasFor(workload, target)),
  );

/** What a plan that says nothing gets, unless a person set something else. */
export const usualSamplePeriodMs = 250;
export const usualMemoryFloorBytes = 256 * mebibyte;

export const Side = z.enum(['workloads', 'targets']);
export type Side = z.infer<typeof Side>;

/** Two sides of one plan, B held against A: two of its workloads on each target, or two of its targets with each workload. */
export const Ab = z.object({
  sides: Side,
  a: z.string(),
  b: z.string(),
  /** share by which B must be apart from A to be worth telling; absent: the usual 5 % */
  minimumEffect: z.number().min(0).max(10).optional(),
});
export type Ab = z.infer<typeof Ab>;

/** What a side was made of: by it a report says since when something is so. */
export const Commit = z.object({
  id: z.string().regex(/^[0-9a-f]{7,64}$/),
  date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
});
export type Commit = z.infer<typeof Commit>;

/** The name of a plan that is no preset and that nobody named. */
export const unnamed = 'custom';

/** What people write. {@link Plan} reads it. */
export const PlanInput = z
  .object({
    /** a preset's name, or any other */
    name: z.string().min(1).max(80),
    workloads: z.array(Workload).min(1).max(mostWorkloads),
    targets: z.array(TargetId).min(1).max(mostTargets),
    /** every other runtime of the container engine joins the targets, and those that cannot be used here are left out and named */
    wholeLadder: z.boolean().default(false),
    /** targets that cannot be used here are left out and named, instead of ending the run */
    skipUnusable: z.boolean().optional(),
    /** `alone`: one instance at a time. `together`: all workloads of a target are up at once, then measured. */
    arrangement: z.enum(['alone', 'together']).default('alone'),
    /**
     * workloads that are up together reach each other by their names, on those targets that can do that; each round has a network of its
     * own. For plans of rounds alone: what needs others cannot be started by itself, as density and lifecycle do.
     */
    sharedNetwork: z.boolean().optional(),
    /** the Compose file that it was made from */
    compose: ComposeOrigin.optional(),
    /** how many fit: instead of rounds, 1, 2, 4 … instances on one target after the other */
    density: DensityOrder.optional(),
    /** after the reading of an idle instance, the same instance is read under this load */
    load: LoadOrder.optional(),
    /**
     * every start is a cold one: before it, what it reads of its image and boots from is dropped from this computer's page cache. For plans
     * of rounds alone; needs root, and files that lie on this computer
     */
    cold: z.boolean().optional(),
    /** after each trial, another instance is paused, resumed, stopped, started again and deleted */
    lifecycle: z.boolean().optional(),
    /** also gathers what the claims about VMs and containers are held against: isolation, and an image built and run */
    claims: z.boolean().optional(),
    /** what is held against each other, where that is what the run is for */
    ab: Ab.optional(),
    /** the commits that its two sides were made of */
    commits: z.object({ a: Commit, b: Commit }).optional(),
    /** counted rounds of every workload on every target */
    trials: z.number().int().min(1).max(1000),
    /** go on after `trials` until every ratio is known to ± this share (0.1 is 10 %), the budget ends, or 100 rounds are made */
    precision: z.number().min(0.001).max(1).optional(),
    /** rounds that are run first and not counted */
    warmups: z.number().int().min(0).max(10).default(1),
    /** decides the order of the trials */
    seed: z.number().int().min(0).default(1),
    /** time between ready and the memory reading */
    soakMs: z.number().int().min(0).max(3_600_000).default(1000),
    /** rest between trials */
    coolDownMs: z.number().int().min(0).max(600_000).default(300),
    /** a trial that is not ready by then ends as `timeout`; absent: as long as the most patient of its targets needs */
    readyTimeoutMs: z.number().int().min(100).max(3_600_000).default(readyTimeoutMs([])),
    /** cheap counters are read this often; the costly ones at most once a second */
    samplePeriodMs: z.number().int().min(50).max(10_000).default(usualSamplePeriodMs),
    /** no new round begins after this long */
    budgetMs: z.number().int().positive().optional(),
    /** refuse to start when less than this would stay free on the host */
    memoryFloorBytes: z.number().int().min(0).default(usualMemoryFloorBytes),
    /** the record holds what this plan says of its variables' values, and whole paths; absent: names, and `~` for the home folder */
    keepValues: z.boolean().optional(),
  })
  .refine((plan) => new Set(plan.workloads.map((w) => w.name)).size === plan.workloads.length, {
    message: 'workload-named-twice' satisfies Problem,
    path: ['workloads'],
  })
  .refine((plan) => new Set(plan.targets).size === plan.targets.length, {
    message: 'target-named-twice' satisfies Problem,
    path: ['targets'],
  })
  .refine(
    ({ wholeLadder, workloads, targets }) =>
      wholeLadder ||
      targets.length === 0 ||
      workloads.some((workload) => targets.some((target) => isOn(workload, target))),
    {
      message: 'no-workload-on-any-target' satisfies Problem,
      path: ['workloads'],
    },
  )
  .refine(({ workloads }) => workloads.every(({ image, disk }) => image ?? disk), {
    message: 'neither-image-nor-disk' satisfies Problem,
    path: ['workloads'],
  })
  .refine(({ workloads }) => workloads.every(({ image, port }) => image ?? port), {
    message: 'disk-without-port' satisfies Problem,
    path: ['workloads'],
  })
  .refine(({ workloads, targets }) => everyPair(workloads, targets.filter(runsOwnDisk)), {
    message: 'target-needs-disk' satisfies Problem,
    path: ['targets'],
  })
  .refine(
    ({ workloads, targets }) =>
      everyPair(
        workloads,
        targets.filter((one) => !runsOwnDisk(one)),
      ),
    {
      message: 'target-needs-image' satisfies Problem,
      path: ['targets'],
    },
  )
  .refine(
    ({ workloads }) =>
      workloads.every(({ after = [] }, place) =>
        after.every(({ workload }) => workloads.slice(0, place).some(({ name }) => name === workload)),
      ),
    { message: 'after-none' satisfies Problem, path: ['workloads'] },
  )
  .refine(
    ({ sharedNetwork, workloads, arrangement, density, lifecycle }) =>
      (arrangement === 'together' && !density && !lifecycle) ||
      (!sharedNetwork && workloads.every(({ after = [] }) => after.length === 0)),
    { message: 'not-by-itself' satisfies Problem, path: ['arrangement'] },
  )
  .refine(({ cold, density, lifecycle }) => !cold || (!density && !lifecycle), {
    message: 'cold-not-here' satisfies Problem,
    path: ['cold'],
  });
/** A plan as people write it: whatever has a default may be left out. */
export type PlanInput = z.input<typeof PlanInput>;

const NamedTargets = z.object({ targets: z.array(TargetId), readyTimeoutMs: z.undefined().optional() });

/** What to run: workloads × targets × rounds. The patience that it does not name follows from its targets. */
export const Plan = z.preprocess((written: PlanInput) => {
  const { success, data } = NamedTargets.safeParse(written);
  return success ? { ...written, readyTimeoutMs: readyTimeoutMs(data.targets) } : written;
}, PlanInput);
export type Plan = z.infer<typeof Plan>;

/** Whether anything of it is a container engine's. */
export const usesEngine = ({ workloads }: Plan): boolean =>
  workloads.some(({ image }) => image !== undefined);

/** A plan that asks how many fit. */
export type DensityPlan = Plan & { density: DensityOrder };
export const isDensity = (plan: Plan): plan is DensityPlan => plan.density !== undefined;
