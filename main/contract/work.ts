import { z } from 'zod';
import type { KitFacts } from './machine';
import type { Answer } from './failures';
import { Reference, type BuildResult, type TransferReport } from './images';
import type { IsolationReport } from './isolation';
import { Privileges } from './privileges';
import type { Progress } from './progress';
import { TargetId } from './targets';
import { WorkflowMachine, WorkflowSource, type WorkflowReport } from './workflow';

/** What the longer work beside runs is asked for: one kind of work per call. */
export const jobInputs = {
  pullImage: z.object({ reference: Reference }),
  pushImage: z.object({ reference: Reference }),
  buildImage: z.object({ path: z.string().min(1), tag: Reference.optional() }),
  isolation: z.object({
    targets: z.array(TargetId).min(1).default(['container', 'vm:direct']),
    openings: Privileges.default({}),
  }),
  workflow: z.object({
    source: WorkflowSource.default({ kind: 'starter' }),
    machine: WorkflowMachine.default('vm:direct'),
    /** build without using earlier layers, or pull although it is here */
    fresh: z.boolean().default(false),
    port: z.number().int().min(1).max(65535).optional(),
    /** path of a web page that must answer */
    probe: z.string().startsWith('/').optional(),
  }),
  buildKit: z.object({ kernel: z.enum(['distribution', 'minimal']).default('distribution') }),
} as const;
export type JobCall = keyof typeof jobInputs;

/** What it answers with when it went well. */
export interface JobOutputs {
  pullImage: TransferReport;
  pushImage: TransferReport;
  buildImage: BuildResult;
  isolation: IsolationReport;
  workflow: WorkflowReport;
  buildKit: KitFacts;
}

export const jobCalls = Object.keys(jobInputs) as [JobCall, ...JobCall[]];
export const JobCall = z.enum(jobCalls);

const order = <N extends JobCall>(call: N) => z.object({ call: z.literal(call), input: jobInputs[call] });

/** Work that is asked for without waiting for its end. */
export const JobOrder = z.discriminatedUnion('call', [
  order('pullImage'),
  order('pushImage'),
  order('buildImage'),
  order('isolation'),
  order('workflow'),
  order('buildKit'),
]);

/** One piece of longer work as the engine knows it: under way until it has its answer. */
export interface JobRecord<N extends JobCall = JobCall> {
  /** grows from one to the next, also over a restart of the engine: when it was asked for, in ms since 1970 */
  id: number;
  call: N;
  input: z.output<(typeof jobInputs)[N]>;
  /** what it does and has done, in the order in which it began */
  steps: Progress[];
  /** a workflow, as far as it has come */
  followed?: WorkflowReport;
  /** somebody has asked it to stop */
  stopping?: true;
  answer?: Answer<JobOutputs[N]>;
}
