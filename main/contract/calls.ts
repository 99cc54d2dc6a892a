import { z } from 'zod';
import {
  call,
  changesLook,
  changing,
  comparesKept,
  hereAlone,
  largestChart,
  looksAgain,
  namesNoProgram,
  onlyTried,
  reading,
  readsOwnFolder,
  rendersHere,
  writesOwnFolder,
} from './access';
import { ComparedSide, type RunComparison } from './report/comparison';
import type { FleetsCompared } from './report/fleetsCompared';
import type { HistorySeries } from './report/series';
import {
  ChartFormat,
  ChartSource,
  DocumentFormat,
  ExportFormat,
  mostRecordBytes,
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
  startRun: call(
    { ...changing, effect: 'starts', access: { ...hereAlone, browser: namesNoProgram } },
    z.object({
      plan: Plan,
      anyway: z.boolean().optional(),
      hosts: ChosenHosts.optional(),
      swarm: SwarmOptions.optional(),
      asks: z.boolean().optional(),
    }),
  ).gives<RunId>(),
  /** answers once everything the run started is gone */
  stopRun: call({ ...changing, effect: 'stops' }, z.object({ id: RunId })).gives<void>(),
  runs: call(reading, nothing).gives<RunSummary[]>(),
  /** those in the trash */
  deletedRuns: call(reading, nothing).gives<RunSummary[]>(),
  /** what the kept runs measured as series, with the steps that their levels took; those with the newest run first */
  history: call(reading, nothing).gives<HistorySeries[]>(),
  /** the last run before this one that measured the same plan: what it is compared with first; null where there is none */
  previousRun: call(reading, z.object({ id: RunId })).gives<RunId | null>(),
  /** what the newest runs tell about how long the next one will take */
  experience: call(reading, nothing).gives<Experience>(),
  /** as it is shown: with its report, and where several hosts measured it without their runs */
  record: call(reading, z.object({ id: RunId })).gives<Run | FleetOverview>(),
  /** the run that this computer made, or one of the record's hosts */
  run: call(reading, z.object({ id: RunId, host: HostName.optional() })).gives<Run>(),
  samples: call(reading, z.object({ id: RunId })).gives<Sample[]>(),
  /** what has come of a run, since it was asked last, in its files: of one that another Tare makes, whose events are not told here */
  followRun: call(reading, z.object({ id: RunId, since: FollowedUntil.optional() })).gives<FollowedRun>(),
  /** writes a name or a note on a run; an empty text takes it away, an absent one leaves it */
  labelRun: call(changing, RunLabel.extend({ id: RunId })).gives<RunLabel>(),
  /** puts a run into the trash, from where `restoreRun` brings it back for as long as it lies there; `forGood`: removes it */
  deleteRun: call(changing, z.object({ id: RunId, forGood: z.boolean().optional() })).gives<void>(),
  restoreRun: call(changing, z.object({ id: RunId })).gives<void>(),
  /** how the records `other` stand against the baseline `base`: of several hosts one against one */
  compare: call(
    { ...reading, access: { beyond: comparesKept } },
    z.object({
      base: ComparedSide,
      other: ComparedSide,
      /** smallest change worth telling: 0.05 is 5 % */
      minimumEffect: z.number().positive().max(10).optional(),
    }),
  ).gives<RunComparison | FleetsCompared>(),
  presets: call(reading, nothing).gives<PlanInput[]>(),
  /** a Compose file as a plan; `services`: these and what they need, else those that Compose itself would start */
  readCompose: call(
    { ...reading, access: hereAlone },
    z.object({
      path: z.string().min(1).max(4096),
      services: z.array(z.string()).min(1).optional(),
      targets: z.array(ImageTargetId).min(1).optional(),
    }),
  ).gives<ComposeReading>(),
  images: call({ ...reading, speed: 'slow' }, nothing).gives<LocalImage[]>(),
  /** whether the engine has an image of this name, without asking a registry */
  findImage: call({ ...reading, speed: 'slow' }, z.object({ reference: Reference })).gives<FoundImage>(),
  /** takes away a name, and the image and its disks with its last one */
  removeImage: call(
    { ...changing, speed: 'slow', access: { beyond: onlyTried } },
    z.object({ reference: Reference, dryRun: z.boolean().default(false) }),
  ).gives<RemovalReport>(),
  /** begins longer work and answers at once: it goes on whoever asked, each kind only once at a time; its end comes as an event */
  startJob: call({ ...changing, effect: 'starts' }, JobOrder).gives<JobRecord>(),
  /** answers once nothing of it is left */
  stopJob: call({ ...changing, effect: 'stops' }, z.object({ kind: JobKind })).gives<void>(),
  /** of this engine, and of each kind: what ended last and what is under way, in the order in which they began */
  work: call(reading, nothing).gives<WorkRecord[]>(),
  /** on this data folder, by this and by every other Tare */
  underWay: call(reading, nothing).gives<WorkUnderWay[]>(),
  /** a folder that images are built from; Tare's own when none is named */
  buildFolder: call(
    { ...changing, access: { beyond: readsOwnFolder } },
    z.object({ path: z.string().min(1).optional() }).default({}),
  ).gives<BuildFolder>(),
  /** writes its Dockerfile; `replace` allows another one to be lost */
  saveBuildFolder: call(
    { ...changing, access: { ...hereAlone, browser: writesOwnFolder } },
    z.object({
      path: z.string().min(1).optional(),
      text: z.string().min(1).max(largestDockerfile),
      replace: z.boolean().default(false),
    }),
  ).gives<BuildFolder>(),
  /** writes the export and answers with the files written */
  exportRun: call(
    { ...changing, access: { ...hereAlone, window: 'writes-anywhere', browser: 'writes-anywhere' } },
    z.object({ id: RunId, format: ExportFormat, path: z.string().min(1), ...telling }),
  ).gives<string[]>(),
  /** the same as one file that travels to whoever asks */
  renderRun: call(
    { ...reading, speed: 'slow', mostBytes: mostRecordBytes, access: { beyond: rendersHere } },
    z.object({ run: RunSource, format: DocumentFormat, ...telling }),
  ).gives<ExportedDocument>(),
  /** one chart as it is shown: a picture at twice its size, a drawing, or its figures */
  renderChart: call(
    { ...reading, mostBytes: largestChart },
    z.object({ chart: ChartSource, format: ChartFormat, locale: Locale.default('en') }),
  ).gives<ExportedDocument>(),
  /** the text of a run.json or a fleet.json from anywhere; it is read and not kept */
  readRecord: call(
    { ...reading, mostBytes: mostRecordBytes },
    z.object({ text: z.string(), name: z.string().max(1000) }),
  ).gives<OpenedRecord>(),
  /** what is set, and what holds */
  settings: call(reading, nothing).gives<SettingsReport>(),
  changeSettings: call(
    { ...changing, access: { ...hereAlone, browser: changesLook } },
    SettingsChange,
  ).gives<SettingsReport>(),
  /** other computers that a person keeps by name, to run plans on */
  hosts: call({ ...reading, access: hereAlone }, nothing).gives<Host[]>(),
  /** one of this name that is kept already is replaced; answers with all that are kept, as `removeHost` does */
  addHost: call({ ...changing, access: { ...hereAlone, browser: namesNoProgram } }, OtherHost).gives<
    Host[]
  >(),
  removeHost: call(changing, z.object({ name: HostName })).gives<Host[]>(),
  /** the nodes of the engine's swarm that a run with these constraints has as hosts; a failure where the engine manages no swarm */
  swarmNodes: call(
    { ...reading, speed: 'slow', access: hereAlone },
    SwarmOptions.pick({ constraints: true }),
  ).gives<NodeFound[]>(),
  doctor: call(
    { ...reading, speed: 'slow', access: { beyond: looksAgain } },
    z.object({ again: z.boolean().default(false) }).default({ again: false }),
  ).gives<DoctorReport>(),
  /** the same of a host; @see startRun for `asks` */
  doctorHost: call(
    { ...reading, speed: 'slow', access: { ...hereAlone, browser: namesNoProgram } },
    HostAsked,
  ).gives<DoctorReport>(),
  /** copies this Tare's command line there, which is then found by `startRun`; answers with the folder there */
  installOnHost: call(
    { ...changing, speed: 'slow', access: { ...hereAlone, browser: 'places-guarded' } },
    HostAsked,
  ).gives<string>(),
  /** takes away what that has put there; answers with the folder, or with nothing where there was none */
  uninstallFromHost: call(
    { ...changing, speed: 'slow', access: { ...hereAlone, browser: 'places-guarded' } },
    HostAsked,
  ).gives<string>(),
  clean: call(
    { ...changing, speed: 'slow', access: { beyond: onlyTried } },
    z
      .object({
        dryRun: z.boolean().default(false),
        /** also empties the cache, but for what is in use */
        cache: z.boolean().default(false),
      })
      .default({ dryRun: false, cache: false }),
  ).gives<CleanReport>(),
  /** what the cache holds */
  cache: call({ ...reading, speed: 'slow' }, nothing).gives<CacheReport>(),
  /** what was made for the machines, and what is missing */
  guestParts: call(reading, nothing).gives<GuestPart[]>(),
} as const;
export type CallName = keyof typeof calls;
export type Input<N extends CallName> = z.input<(typeof calls)[N]['input']>;
export type Parsed<N extends CallName> = z.output<(typeof calls)[N]['input']>;
export type Output<N extends CallName> = (typeof calls)[N]['output'];
