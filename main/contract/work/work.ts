import { z } from 'zod';
import { BuildOptions } from './building';
import type { KitFacts } from '../machine';
import type { Answer } from '../failures';
import { Reference, type BuildResult, type TransferReport } from './images';
import type { IsolationReport } from './isolation';
import type { HostProgress } from '../fleet/progress';
import type { Plan } from '../plan';
import { Privileges } from '../privileges';
import type { Progress } from './progress';
import { RunId, type RunState } from '../run/run';
import { ImageTargetId, usualTargets, usualVm } from '../targets';
import { WorkflowMachine, WorkflowSource, type WorkflowReport } from './workflow';

/** The jobs: longer work that is no run, with what each kind is asked for. */
export const jobInputs = {
  /** brings an image from its registry, also when one of that name is here */
  pullImage: z.object({ reference: Reference }),
  pushImage: z.object({ reference: Reference }),
  /** builds a folder with a Dockerfile; without `tag` it gets a name of its own, one per folder */
  buildImage: BuildOptions.extend({ path: z.string().min(1), tag: Reference.optional() }),
  /** runs the built-in witness on each target and tells what it shares with the host */
  isolation: z.object({
    targets: z
      .array(ImageTargetId)
      .min(1)
      .default([...usualTargets]),
    openings: Privileges.default({}),
  }),
  /** follows one image from its Dockerfile or registry to a container and to a machine */
  workflow: z.object({
    source: WorkflowSource.default({ kind: 'starter' }),
    machine: WorkflowMachine.default(usualVm),
    /** build without using earlier layers, or pull although it is here */
    fresh: z.boolean().default(false),
    port: z.number().int().min(1).max(65535).optional(),
    /** path of a web page that must answer */
    probe: z.string().startsWith('/').optional(),
  }),
  /** makes the guest kit, or the minimal kernel, anew */
  buildKit: z.object({ kernel: z.enum(['distribution', 'minimal']).default('distribution') }),
} as const;
export type JobKind = keyof typeof jobInputs;
/** What a job of this kind is asked with; what may be left out has a usual value. */
export type JobInput<K extends JobKind> = z.input<(typeof jobInputs)[K]>;
type JobTasks = { [K in JobKind]: z.output<(typeof jobInputs)[K]> };

export const JobKind = z.enum(Object.keys(jobInputs) as [JobKind, ...JobKind[]]);

const order = <K extends JobKind>(kind: K) => z.object({ kind: z.literal(kind), input: jobInputs[kind] });

/** A job that is to begin. */
export const JobOrder = z.discriminatedUnion('kind', [
  order('pullImage'),
  order('pushImage'),
  order('buildImage'),
  order('isolation'),
  order('workflow'),
  order('buildKit'),
]);

/** What Tare can have under way: one run, or jobs of different kinds, never both. */
export const WorkKind = z.enum(['run', ...JobKind.options]);
export type WorkKind = z.infer<typeof WorkKind>;

/** What work is asked with, nothing left out. */
export interface WorkInputs extends JobTasks {
  run: { plan: Plan };
}

/** What work answers with when it went well. */
export interface WorkOutputs {
  run: RunState;
  pullImage: TransferReport;
  pushImage: TransferReport;
  buildImage: BuildResult;
  isolation: IsolationReport;
  workflow: WorkflowReport;
  buildKit: KitFacts;
}

/** One piece of work as the engine that does it knows it: under way until it has its answer. */
export interface WorkRecord<K extends WorkKind = WorkKind> {
  /** grows from one to the next, also over a restart of the engine: when it was asked for, in ms since 1970 */
  id: number;
  kind: K;
  /** what a run is kept under */
  run?: RunId;
  input: WorkInputs[K];
  /** what it does and has done, in the order in which it began */
  steps: Progress[];
  /** a run on several hosts, as far as each has come */
  hosts?: HostProgress[];
  /** a workflow, as far as it has come */
  followed?: WorkflowReport;
  /** somebody has asked it to stop */
  stopping?: true;
  answer?: Answer<WorkOutputs[K]>;
}
export type JobRecord<K extends JobKind = JobKind> = WorkRecord<K>;

/** The doors to the engine: the command line, the desktop window, the page of `tare serve`, and an agent that a Tare elsewhere asks. */
const DoorName = z.enum(['terminal', 'window', 'page', 'agent']);
export type DoorName = z.infer<typeof DoorName>;

/** What is written down in the data folder of each piece of work for as long as it is under way. */
export const WorkNote = z.object({
  kind: WorkKind,
  run: RunId.optional(),
  /** ISO 8601 */
  startedAt: z.iso.datetime(),
  /** where a person asked for it; absent where an older Tare wrote the note */
  door: DoorName.optional(),
});
export type WorkNote = z.infer<typeof WorkNote>;

/** Work under way on a data folder, by whichever Tare that uses it. */
export interface WorkUnderWay extends WorkNote {
  /** of the Tare that does it */
  session: string;
  pid: number;
  /** done by the very engine that was asked */
  own: boolean;
}
