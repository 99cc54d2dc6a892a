import { z } from 'zod';
import type { NameIn, Problem } from '../messages';
import { CachedFiles } from './cachedFiles';
import { Evidence } from './evidence';
import { DensityLadder } from './density';
import { Failure } from '../failures';
import { LoadResult } from './load';
import { Lifecycle } from './lifecycle';
import { OwnUse } from './ownUse';
import { Plan } from '../plan';
import { TargetId } from '../targets';
import { Report } from '../report/report';

/** Version of run.json. A reader refuses newer ones and upgrades older ones. */
export const schemaVersion = 2;

/** Sortable by time, and usable as a file name. */
export const RunId = z.string().regex(/^\d{8}-\d{6}-[0-9a-f]{4}$/, 'not-a-run-id' satisfies Problem);
export type RunId = z.infer<typeof RunId>;
export const isRunId = (text: string): text is RunId => RunId.safeParse(text).success;

export const Accelerator = z.enum(['kvm', 'hvf', 'whpx', 'tcg']);
export type Accelerator = z.infer<typeof Accelerator>;

/** A named instant inside a trial; `atMs` counts from the engine's first call for that trial, on the host's monotonic clock. */
export const Phase = z.object({ name: z.string(), atMs: z.number() });
/** A named instant of a trial: a `PhaseName`, or what a newer Tare calls it. */
export type Phase = z.infer<typeof Phase>;
/** The instants that are marked today: one without words does not compile. */
export type PhaseName = NameIn<'phase'>;

/** Why a figure is absent. An unreadable figure is missing, never 0. */
export const Missing = z.object({ what: z.string(), reason: z.string() });
export type Missing = z.infer<typeof Missing>;

export const partNames = ['workload', 'guest-ram', 'vmm', 'translation', 'shim', 'proxies'] as const;
export const PartName = z.enum(partNames);
/**
 * One part of an instance's own memory.
 * `workload`: the container's or the process's own, or an application's in a machine that several share, by the guest's account · `guest-ram`: guest memory that was ever touched, the guest's page cache with it ·
 * `vmm`: QEMU itself · `translation`: QEMU's cache of translated code (TCG only) · `shim`: containerd-shim · `proxies`: docker-proxy
 */
export type PartName = z.infer<typeof PartName>;

export const insideNames = [
  'application',
  'kernel-memory',
  'guest-application',
  'guest-cache',
  'guest-kernel',
  'guest-idle',
  'swap',
  'guest-huge',
] as const;
/**
 * What a part consists of. Container and process, by its cgroup: `application` (anonymous memory, shared memory, tmpfs), `swap`,
 * `kernel-memory`. VM, by the guest's own accounts: `guest-application`, `guest-cache`, `guest-kernel`, `guest-idle`, which the guest has touched
 * once, does not use now, and the host cannot get back, and `guest-huge`: not used either, and lies in huge pages, which the host gives
 * whole where a part of one is touched. Those of a resumed VM contain what it has not changed of the saved memory, which is a file's.
 */
const InsideName = z.enum(insideNames);

export const TrialMemory = z.object({
  /** the limit: what was promised, not what was used; absent where no limit is enforced */
  reservedBytes: z.number().optional(),
  /**
   * own memory, what ending this instance gives back: anonymous and shared memory, tmpfs, its swap, and kernel memory (slabs, stacks, page
   * tables) of everything that exists for it alone. The sum of `parts`; absent where one of them is missing
   */
  hostBytes: z.number().optional(),
  /** beside it: pages of files that are mapped or cached, in full. The host can drop them, and keeps them when the instance ends */
  fileBytes: z.number().optional(),
  /** of `fileBytes`, programs, libraries and the image's files: one more instance finds these in memory. The rest it wrote itself */
  sharedFileBytes: z.number().optional(),
  /** PSS of the container's processes, or of QEMU */
  pssBytes: z.number().optional(),
  /** container only: cgroup usage less inactive file cache */
  workingSetBytes: z.number().optional(),
  /** VM only: MemTotal − MemAvailable as the guest sees it; of one of several applications in a VM, what the guest charges to it */
  guestUsedBytes: z.number().optional(),
  /** VM with a balloon only: the same as `guestUsedBytes`, as the balloon's driver in the guest tells QEMU */
  balloonUsedBytes: z.number().optional(),
  /** VM only: page cache as the guest sees it */
  guestCacheBytes: z.number().optional(),
  /**
   * The part of `pssBytes` that is its share of pages which other processes have too, such as a library's code: it would not all be
   * given back if this instance ended.
   */
  sharedBytes: z.number().optional(),
  /**
   * its proportional share of the file pages that its processes map, as of a saved machine's memory: of several instances together, each
   * page once
   */
  filePssBytes: z.number().optional(),
  /** what of its processes' memory the kernel merged with equal pages of others (KSM), each page in full */
  mergedBytes: z.number().optional(),
  /** of `hostBytes`, page tables of the container's processes, of QEMU or of the process; in nobody's PSS */
  pageTableBytes: z.number().optional(),
  /** of `hostBytes`, what the host gave in huge pages (AnonHugePages of the same processes): whole, where a part of one is touched */
  hugePageBytes: z.number().optional(),
  /** what each of `parts` consists of, as far as it can be told; no part of the sum */
  inside: z.array(z.object({ part: InsideName, bytes: z.number() })).optional(),
  parts: z.array(z.object({ part: PartName, bytes: z.number() })),
  missing: z.array(Missing).default([]),
});
export type TrialMemory = z.infer<typeof TrialMemory>;

export const TrialDisk = z.object({
  /** unpacked size of the image: the files of all its layers */
  imageBytes: z.number().optional(),
  /** blocks the VM's disk occupies on the host */
  vmDiskBytes: z.number().optional(),
  /** how large the VM's disk looks, whatever of it is really stored */
  vmDiskLogicalBytes: z.number().optional(),
  /** blocks of the kernel and the initrd that the VM was booted with; absent where its own disk holds them */
  kernelBytes: z.number().optional(),
  /** blocks the saved machine occupies on the host, which every start reads */
  snapshotBytes: z.number().optional(),
  /**
   * Written to the host's disk while it was up: a container's writable layer, the blocks of the layer above a full system's disk.
   * Absent for VMs that are booted directly: what they write stays in their memory.
   */
  writtenBytes: z.number().optional(),
});
export type TrialDisk = z.infer<typeof TrialDisk>;

export const TrialOutcome = z.enum(['ok', 'failed', 'timeout', 'stopped']);
export type TrialOutcome = z.infer<typeof TrialOutcome>;

export const Trial = z.object({
  /** `WORKLOAD/TARGET/INDEX`, unique within the run */
  id: z.string(),
  workload: z.string(),
  target: TargetId,
  /** round, from 0 */
  index: z.number().int(),
  outcome: TrialOutcome,
  failure: Failure.optional(),
  accelerator: Accelerator.optional(),
  /** of a plan with cold starts only */
  files: CachedFiles.optional(),
  /** of a density ladder: how many of its instances were up when this one began */
  upBefore: z.number().int().optional(),
  /** when the trial began, ms after the run began */
  startMs: z.number(),
  phases: z.array(Phase),
  readyMs: z.number().optional(),
  /** the grain of `readyMs`: how long before the good try the last one began that shows that it was not ready yet; absent when none does */
  resolutionMs: z.number().optional(),
  memory: TrialMemory,
  disk: TrialDisk,
  /**
   * CPU time until the memory reading of all that works for the instance alone. Container: its cgroup and shim; its port proxies
   * carried only Tare's own asking until then, and are left out. VM: QEMU, with its user-mode network. Absent where a part of it cannot be read, as when the engine runs on another machine.
   */
  cpuMs: z.number().optional(),
  /**
   * CPU time from the start to ready of the engine's daemons, which all containers share: no part of `cpuMs`. With what they ran and
   * waited for (a shim's first step, the firewall's rules), and whatever else they did meanwhile. Absent where they cannot be seen
   */
  engineCpuMs: z.number().optional(),
  /** what Tare itself took meanwhile */
  ownUse: OwnUse.optional(),
  /** how it stood the plan's load, after the readings above */
  load: LoadResult.optional(),
  /** why there is none, although the plan asked for it */
  loadFailure: Failure.optional(),
  /** polite, forced … and how long it took until nothing was left */
  stop: z.object({ how: z.enum(['polite', 'forced', 'by-itself']), tookMs: z.number() }).optional(),
  /** the rest of a life, when the plan asked for it */
  lifecycle: Lifecycle.optional(),
  /** what the page answered: SHA-256 of the body, equal on every target when the image is the same */
  answerSha256: z.string().optional(),
});
export type Trial = z.infer<typeof Trial>;

/** The machine that all instances of a round were in together, and what there was of it beside them. */
export const RoundMachine = z.object({
  /** when its start began, ms after the run began */
  startMs: z.number(),
  /** counted from its own start, on the host's monotonic clock */
  phases: z.array(Phase),
  /** from its start until applications could be started in it; absent where that failed, which is in the record of each of them */
  upMs: z.number().optional(),
  /** of all of it: what its applications' records tell is part of this */
  memory: TrialMemory,
  /** CPU time until the reading of all of it, its applications included */
  cpuMs: z.number().optional(),
});
export type RoundMachine = z.infer<typeof RoundMachine>;

/** All instances of a `together` round on one target, against the host's own accounts. */
export const Round = z.object({
  target: TargetId,
  index: z.number().int(),
  /** absent where each instance had a place of its own */
  machine: RoundMachine.optional(),
  /**
   * by how much less the host could give at the reading than before the first start. What it can give is MemAvailable and the free pages
   * in the processors' own lists, which MemAvailable leaves out
   */
  hostChangeBytes: z.number().optional(),
  /** by how much the engine's own daemons grew meanwhile: part of that change, and of no instance */
  engineChangeBytes: z.number().optional(),
  /** the same after the last stop: what was not given back at once */
  keptBytes: z.number().optional(),
});
export type Round = z.infer<typeof Round>;

export const Sample = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('instance'),
    trial: z.string(),
    /** since the run began; when the reading really began */
    atMs: z.number(),
    /** cheap: container working set, or the resident set of QEMU or the process; files' pages are in it */
    residentBytes: z.number().optional(),
    /** cheap: a container's cgroup alone, without the shim and proxies that a trial's `cpuMs` includes; all of QEMU for a VM */
    cpuMs: z.number().optional(),
  }),
  z.object({
    kind: z.literal('host'),
    atMs: z.number(),
    /** how much later than planned the tick began */
    lateMs: z.number(),
    /** wall time the whole tick took, waiting for answers included */
    costMs: z.number(),
    availableBytes: z.number().optional(),
    /** share of all CPUs in use, 0 to 1 */
    load: z.number().optional(),
  }),
]);
export type Sample = z.infer<typeof Sample>;

/** What another Tare on the same machine had under way. */
export const OtherWork = z.object({
  /** a run, or a kind of job */
  kind: z.string(),
  pid: z.number(),
  /** ISO 8601 */
  startedAt: z.string(),
});
export type OtherWork = z.infer<typeof OtherWork>;

/** What of the host can change while a run is under way, and moves its figures. */
export const HostState = z.object({
  governor: z.string().optional(),
  /** whether the processor may raise its clock above the nominal one */
  turbo: z.boolean().optional(),
  /** whether the machine runs on its battery now */
  onBattery: z.boolean().optional(),
  swapBytes: z.number().optional(),
  swapUsedBytes: z.number().optional(),
  /** whether pages that were to be swapped out are kept in memory, compressed */
  zswap: z.boolean().optional(),
  /** transparent huge pages: who gets them (`always` · `madvise`: who asks, as QEMU does · `never`) */
  hugePages: z.string().optional(),
  /** what the kernel does for them when none is free: `always`, `defer`, `defer+madvise`, `madvise`, `never` */
  hugePagesDefrag: z.string().optional(),
  /** whether equal pages are merged */
  ksm: z.boolean().optional(),
  /** whether pages are aged by generations (MGLRU), which decides what is dropped first */
  generations: z.boolean().optional(),
  /** whether the kernel watches which memory is used (DAMON), and may give back what is not */
  damon: z.boolean().optional(),
  /** other containers and other virtual machines that are up on this machine, not the run's own */
  containers: z.number().optional(),
  machines: z.number().optional(),
});
export type HostState = z.infer<typeof HostState>;

/** What is known of the machine that an engine's containers run on, where that is another one than Tare's. */
export const EngineMachineFacts = HostState.extend({
  kernel: z.string().optional(),
  cpu: z.string().optional(),
  cores: z.number().optional(),
  memoryBytes: z.number().optional(),
  availableBytes: z.number().optional(),
  cgroupVersion: z.number().optional(),
});
export type EngineMachineFacts = z.infer<typeof EngineMachineFacts>;

/** One of them that was another one than before, at the begin of a round or at the end of the run; null: it could not be told. */
export const HostChange = z.object({
  /** since the run began */
  atMs: z.number(),
  what: HostState.keyof(),
  from: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  to: z.union([z.string(), z.number(), z.boolean(), z.null()]),
});
export type HostChange = z.infer<typeof HostChange>;

/** Somebody's own disk. */
export const DiskFacts = z.object({
  file: z.string(),
  format: z.enum(['qcow2', 'raw']),
  /** what its partition table is made for, and it was booted with; one for both is booted by a BIOS */
  firmware: z.enum(['bios', 'uefi']),
  /** blocks that the file occupies on the host */
  bytes: z.number(),
  /** how large it looks to its machine */
  logicalBytes: z.number(),
  /** when the file was last written to (ISO 8601) */
  modifiedAt: z.string(),
  /** SHA-256 over the file's length, that time and its first MiB: the same for a file that nothing wrote to, without reading all of it */
  fingerprint: z.string(),
});
export type DiskFacts = z.infer<typeof DiskFacts>;

/** What the numbers were taken on. A field that could not be read is absent and named in `missing`. */
export const Environment = z.object({
  tareVersion: z.string(),
  /** at the start */
  host: HostState.extend({
    cpu: z.string().optional(),
    cores: z.number().optional(),
    memoryBytes: z.number().optional(),
    availableBytes: z.number().optional(),
    os: z.string().optional(),
    kernel: z.string().optional(),
    /** hypervisor the host itself runs under, or `none` */
    virtualisation: z.string().optional(),
    loadAverage: z.number().optional(),
    cgroupVersion: z.number().optional(),
  }),
  /** what of it changed during the run, in order */
  changes: z.array(HostChange).optional(),
  /**
   * share of all processors, 0 to 1, that was busy with something else than the run's instances: the median over the readings while none
   * of these was starting, read or stopped
   */
  otherLoad: z.number().optional(),
  /** how many files an application may have open (RLIMIT_NOFILE, the soft one): some set up their tables for all of them */
  openFiles: z.object({ container: z.number().optional(), process: z.number().optional() }).optional(),
  /** how far it may raise that by itself (the hard one), as programs in Go do when they start, and Java */
  openFilesHard: z.object({ container: z.number().optional(), process: z.number().optional() }).optional(),
  engine: z
    .object({
      name: z.string(),
      version: z.string(),
      endpoint: z.string(),
      /** of Docker's API, that was spoken with it */
      apiVersion: z.string().optional(),
      runtime: z.string().optional(),
      /** where it keeps images: `graphdriver`, `containerd` (the default of Docker 29) or, Podman's, `containers-storage` */
      store: z.string().optional(),
      storageDriver: z.string().optional(),
      cgroupDriver: z.string().optional(),
      cgroupVersion: z.number().optional(),
      /** as the engine names the system that its containers run on: a VM of its own with Docker Desktop */
      operatingSystem: z.string().optional(),
      /** own memory of dockerd and containerd together: shared by all containers, never part of one */
      sharedBytes: z.number().optional(),
      /** whether its containers run on this machine; absent in runs before 0.2 */
      where: z.enum(['here', 'elsewhere']).optional(),
      /** the machine that they run on elsewhere, as a reader there tells it before the first start: `host` is this computer */
      machine: EngineMachineFacts.optional(),
      /** the process of this computer that is that machine, and its own memory before the first start; absent where it is not to be told */
      machineProcess: z.object({ name: z.string(), pid: z.number(), hostBytes: z.number() }).optional(),
      /** own memory and CPU time of the reader's container at the end of the run: part of no container */
      reader: z.object({ hostBytes: z.number().optional(), cpuMs: z.number().optional() }).optional(),
    })
    .optional(),
  qemu: z
    .object({
      version: z.string(),
      accelerator: Accelerator,
      /** why this accelerator: code plus facts for `accelerator.CODE` */
      reason: z.string(),
      kernel: z.string(),
      kit: z.string(),
    })
    .optional(),
  images: z.array(
    z.object({
      workload: z.string(),
      reference: z.string(),
      /** what was run, as the engine names it: of the configuration or, with containerd's store, of a manifest */
      digest: z.string(),
      /** the same for the same image on every engine and store: SHA-256 over platform, run configuration and the layers' diffIDs */
      fingerprint: z.string().optional(),
      /** unpacked: the files of all its layers, unless `missing` names it: then what its store takes for them, which is more */
      bytes: z.number(),
      /** its layers as a registry would keep them: each as the engine keeps it packed, or else compressed by gzip */
      compressedBytes: z.number().optional(),
      /** file system layers */
      layers: z.number().optional(),
      /** of `bytes`, what other images on this engine have too */
      sharedBytes: z.number().optional(),
    }),
  ),
  /** somebody's own disks that machines were booted from */
  disks: z.array(DiskFacts.extend({ workload: z.string() })).optional(),
  /**
   * of each workload that was given variables, whose values are not kept: with the same `key`, the same for the same
   * values. Made with a key of this installation that nobody else has, so that values cannot be found by trying
   */
  given: z.array(z.object({ workload: z.string(), key: z.string(), fingerprint: z.string() })).optional(),
  /** what other Tares had under way on this machine while it was measured */
  otherWork: z.array(OtherWork).optional(),
  /** exactly what was run, one per workload and target; a VM line can be copied into a shell */
  commands: z.array(z.object({ workload: z.string(), target: TargetId, line: z.array(z.string()) })),
  missing: z.array(Missing).default([]),
});
export type Environment = z.infer<typeof Environment>;

export const RunState = z.enum(['running', 'done', 'failed', 'stopped', 'interrupted']);
export type RunState = z.infer<typeof RunState>;

/** What a person writes on a run afterwards. It is kept beside the record: nothing that was measured is touched. */
export const RunLabel = z.object({
  name: z
    .string()
    .trim()
    .max(80)
    .regex(/^\P{Cc}*$/u, 'control characters')
    .optional(),
  note: z.string().trim().max(2000).optional(),
  /** shown before all others in the history */
  pinned: z.boolean().optional(),
});
/** What is written in words. */
export type RunText = Required<Omit<RunLabel, 'pinned'>>;
export type RunLabel = z.infer<typeof RunLabel>;

/** One executed plan, as kept in run.json. */
export const Run = z.object({
  schemaVersion: z.literal(schemaVersion),
  id: RunId,
  /** the ledger's name for the Tare that executed it: tells an interrupted run from one under way in another window */
  session: z.string(),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  state: RunState,
  /** why the whole run ended before its plan did */
  failure: Failure.optional(),
  plan: Plan,
  environment: Environment,
  trials: z.array(Trial),
  /** rounds that warmed the machine up: kept, never counted */
  warmups: z.array(Trial).default([]),
  rounds: z.array(Round).default([]),
  /** of a density plan: every ladder of every workload and target, in the order in which they were climbed */
  density: z.array(DensityLadder).optional(),
  /** what a plan with claims gathered beside its trials */
  evidence: Evidence.optional(),
  /** targets of a whole ladder that cannot be used here, and why; `plan.targets` holds those that can */
  skipped: z.array(z.object({ target: TargetId, failure: Failure })).default([]),
  /** CPU time that Tare used while the sampler's ticks were under way, as a share of one core: an upper bound of the sampler's own */
  samplerLoad: z.number().optional(),
  report: Report.optional(),
  /** kept in label.json, and joined to the record when it is read */
  label: RunLabel.optional(),
});
export type Run = z.infer<typeof Run>;

/** A figure of a report's answer: of the side that others are held against, and of the one that is spoken of beside it. */
export interface SummaryFigure {
  target: TargetId;
  value: number;
  /** absent where there is one side */
  against?: { target: TargetId; value: number; ratio: number };
}

/** One line of the history. */
export interface RunSummary {
  id: RunId;
  /** what a person wrote on it afterwards */
  label?: RunLabel;
  /** when it was put into the trash; absent where it is not there */
  deletedAt?: string;
  startedAt: string;
  state: RunState | 'unreadable';
  /** why it cannot be read, has failed, or measured nothing */
  failure?: Failure;
  /** of a run on several hosts: how many were asked, how many gave a run, and over them the ratios of its sentence's pair */
  hosts?: { asked: number; ok: number; ratios: { memory?: number; startUp?: number } };
  /** the same for all runs that measured the same */
  series?: string;
  /** memory in bytes, start-up in ms; absent while it runs */
  answer?: { memory?: SummaryFigure; startUp?: SummaryFigure };
  name: string;
  /** its starts were cold ones: they are no more compared with others than other machines' */
  cold?: true;
  workloads: string[];
  /** as a person would name them: a reference, a folder, the name of a built-in workload, or a disk's file where there is no image */
  images: string[];
  targets: TargetId[];
  trials: number;
  /** targets whose machines were emulated (TCG): their times are not the speed of VMs */
  emulated: TargetId[];
  /** median time to ready per target, over all workloads */
  readyMs: Partial<Record<TargetId, number>>;
}
