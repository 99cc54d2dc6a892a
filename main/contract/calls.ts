import { z } from 'zod';
import { ComparedSide, RunReference, type RunComparison } from './report/comparison';
import type { FleetsCompared } from './report/fleetsCompared';
import type { HistorySeries } from './report/series';
import {
  ChartFormat,
  ChartSource,
  DocumentFormat,
  ExportFormat,
  RunSource,
  type ExportedDocument,
  type OpenedRecord,
} from './exports';
import type { CacheReport, CleanReport, DoctorReport, GuestPart } from './machine';
import { Reference, type FoundImage, type LocalImage, type RemovalReport } from './work/images';
import { JobKind, JobOrder, type JobRecord, type WorkRecord, type WorkUnderWay } from './work/work';
import type { FleetOverview } from './fleet/fleet';
import { SwarmOptions, type NodeFound } from './fleet/swarm';
import { Locale } from './appearance';
import { ChosenHost, ChosenHosts, HostName, OtherHost, type Host } from './fleet/host';
import type { ComposeReading, Experience } from './planning';
import { Plan, type PlanInput } from './plan';
import { largestDockerfile, type BuildFolder } from './work/workflow';
import { SettingsChange, type SettingsReport } from './settings';
import { ImageTargetId } from './targets';
import { FollowedUntil, type FollowedRun } from './run/followed';
import { RunId, RunLabel, type Run, type RunSummary, type Sample } from './run/run';

const takes = <I extends z.ZodType>(input: I) => ({ gives: <O>() => ({ input, output: undefined as O }) });
const nothing = z.object({}).default({});

/** How a run is to be told in a file. */
const telling = {
  locale: Locale.default('en'),
  /** also what others have published, with the conditions it holds for */
  published: z.boolean().default(false),
  /** with the values of variables and whole paths, where the record has them; else with names, and `~` for the home folder */
  withValues: z.boolean().optional(),
};

const HostAsked = z.object({ host: ChosenHost, asks: z.boolean().optional() });

/** Every request a door may make. What is not in this table cannot be asked. */
export const calls = {
  /**
   * answers at once; progress comes as events. `anyway`: also beside what another Tare has under way on this machine, which the record then says.
   * `hosts`: on these, instead of on this computer, or `swarm`: on nodes of the engine's swarm; the id is then that of what comes home of
   * them. `asks`: a person sits at a terminal, whom ssh may ask for a password
   */
  startRun: takes(
    z.object({
      plan: Plan,
      anyway: z.boolean().optional(),
      hosts: ChosenHosts.optional(),
      swarm: SwarmOptions.optional(),
      asks: z.boolean().optional(),
    }),
  ).gives<RunId>(),
  /** answers once everything the run started is gone */
  stopRun: takes(z.object({ id: RunId })).gives<void>(),
  runs: takes(nothing).gives<RunSummary[]>(),
  /** those in the trash */
  deletedRuns: takes(nothing).gives<RunSummary[]>(),
  /** what the kept runs measured as series, with the steps that their levels took; those with the newest run first */
  history: takes(nothing).gives<HistorySeries[]>(),
  /** the last run before this one that measured the same plan: what it is compared with first; null where there is none */
  previousRun: takes(z.object({ id: RunId })).gives<RunId | null>(),
  /** what the newest runs tell about how long the next one will take */
  experience: takes(nothing).gives<Experience>(),
  run: takes(z.object({ id: RunId })).gives<Run>(),
  /** a run on several hosts, without the runs of its hosts; null where the id is that of no such run */
  fleet: takes(z.object({ id: RunId })).gives<FleetOverview | null>(),
  /** the run that one of its hosts made */
  fleetRun: takes(z.object({ id: RunId, host: HostName })).gives<Run>(),
  samples: takes(z.object({ id: RunId })).gives<Sample[]>(),
  /** what has come of a run, since it was asked last, in its files: of one that another Tare makes, whose events are not told here */
  followRun: takes(z.object({ id: RunId, since: FollowedUntil.optional() })).gives<FollowedRun>(),
  /** writes a name or a note on a run; an empty text takes it away, an absent one leaves it */
  labelRun: takes(RunLabel.extend({ id: RunId })).gives<RunLabel>(),
  /** puts a run into the trash, from where `restoreRun` brings it back for as long as it lies there; `forGood`: removes it */
  deleteRun: takes(z.object({ id: RunId, forGood: z.boolean().optional() })).gives<void>(),
  restoreRun: takes(z.object({ id: RunId })).gives<void>(),
  /** how the runs `other` stand against the baseline `base` */
  compare: takes(
    z.object({
      base: ComparedSide,
      other: ComparedSide,
      /** smallest change worth telling: 0.05 is 5 % */
      minimumEffect: z.number().positive().max(10).optional(),
    }),
  ).gives<RunComparison>(),
  /** the same of two runs on several hosts; null where neither is one */
  compareFleets: takes(
    z.object({
      base: RunReference,
      other: RunReference,
      minimumEffect: z.number().positive().max(10).optional(),
    }),
  ).gives<FleetsCompared | null>(),
  presets: takes(nothing).gives<PlanInput[]>(),
  /** a Compose file as a plan; `services`: these and what they need, else those that Compose itself would start */
  readCompose: takes(
    z.object({
      path: z.string().min(1).max(4096),
      services: z.array(z.string()).min(1).optional(),
      targets: z.array(ImageTargetId).min(1).optional(),
    }),
  ).gives<ComposeReading>(),
  images: takes(nothing).gives<LocalImage[]>(),
  /** whether the engine has an image of this name, without asking a registry */
  findImage: takes(z.object({ reference: Reference })).gives<FoundImage>(),
  /** takes away a name, and the image and its disks with its last one */
  removeImage: takes(
    z.object({ reference: Reference, dryRun: z.boolean().default(false) }),
  ).gives<RemovalReport>(),
  /** begins longer work and answers at once: it goes on whoever asked, each kind only once at a time; its end comes as an event */
  startJob: takes(JobOrder).gives<JobRecord>(),
  /** answers once nothing of it is left */
  stopJob: takes(z.object({ kind: JobKind })).gives<void>(),
  /** of this engine, and of each kind: what ended last and what is under way, in the order in which they began */
  work: takes(nothing).gives<WorkRecord[]>(),
  /** on this data folder, by this and by every other Tare */
  underWay: takes(nothing).gives<WorkUnderWay[]>(),
  /** a folder that images are built from; Tare's own when none is named */
  buildFolder: takes(z.object({ path: z.string().min(1).optional() }).default({})).gives<BuildFolder>(),
  /** writes its Dockerfile; `replace` allows another one to be lost */
  saveBuildFolder: takes(
    z.object({
      path: z.string().min(1).optional(),
      text: z.string().min(1).max(largestDockerfile),
      replace: z.boolean().default(false),
    }),
  ).gives<BuildFolder>(),
  /** writes the export and answers with the files written */
  exportRun: takes(z.object({ id: RunId, format: ExportFormat, path: z.string().min(1), ...telling })).gives<
    string[]
  >(),
  /** the same as one file that travels to whoever asks */
  renderRun: takes(
    z.object({ run: RunSource, format: DocumentFormat, ...telling }),
  ).gives<ExportedDocument>(),
  /** one chart as it is shown: a picture at twice its size, a drawing, or its figures */
  renderChart: takes(
    z.object({ chart: ChartSource, format: ChartFormat, locale: Locale.default('en') }),
  ).gives<ExportedDocument>(),
  /** the text of a run.json or a fleet.json from anywhere; it is read and not kept */
  readRecord: takes(z.object({ text: z.string(), name: z.string().max(1000) })).gives<OpenedRecord>(),
  /** what is set, and what holds */
  settings: takes(nothing).gives<SettingsReport>(),
  changeSettings: takes(SettingsChange).gives<SettingsReport>(),
  /** other computers that a person keeps by name, to run plans on */
  hosts: takes(nothing).gives<Host[]>(),
  /** one of this name that is kept already is replaced; answers with all that are kept, as `removeHost` does */
  addHost: takes(OtherHost).gives<Host[]>(),
  removeHost: takes(z.object({ name: HostName })).gives<Host[]>(),
  /** the nodes of the engine's swarm that a run with these constraints has as hosts; a failure where the engine manages no swarm */
  swarmNodes: takes(SwarmOptions.pick({ constraints: true })).gives<NodeFound[]>(),
  doctor: takes(
    z.object({ again: z.boolean().default(false) }).default({ again: false }),
  ).gives<DoctorReport>(),
  /** the same of a host; @see startRun for `asks` */
  doctorHost: takes(HostAsked).gives<DoctorReport>(),
  /** copies this Tare's command line there, which is then found by `startRun`; answers with the folder there */
  installOnHost: takes(HostAsked).gives<string>(),
  /** takes away what that has put there; answers with the folder, or with nothing where there was none */
  uninstallFromHost: takes(HostAsked).gives<string>(),
  clean: takes(
    z
      .object({
        dryRun: z.boolean().default(false),
        /** also empties the cache, but for what is in use */
        cache: z.boolean().default(false),
      })
      .default({ dryRun: false, cache: false }),
  ).gives<CleanReport>(),
  /** what the cache holds */
  cache: takes(nothing).gives<CacheReport>(),
  /** what was made for the machines, and what is missing */
  guestParts: takes(nothing).gives<GuestPart[]>(),
} as const;
export type CallName = keyof typeof calls;
export type Input<N extends CallName> = z.input<(typeof calls)[N]['input']>;
export type Parsed<N extends CallName> = z.output<(typeof calls)[N]['input']>;
export type Output<N extends CallName> = (typeof calls)[N]['output'];
