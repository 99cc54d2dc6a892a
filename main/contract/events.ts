import type { Failure } from './failures';
import type { HostName, HostStage, HostWay } from './fleet/host';
import type { Plan } from './plan';
import type { Progress } from './work/progress';
import type { TargetId } from './targets';
import type { Message } from './report/report';
import type { JobKind, WorkRecord } from './work/work';
import type { WorkflowReport } from './work/workflow';
import type { Phase, RunId, RunState, Sample, Trial } from './run/run';

/** What is told while a run or a longer job lives. Broadcast only: no door steers by answering. */
export type TareEvent = Told & {
  /** of a run on several hosts: on which. Their own runs are told as if they were this one */
  host?: HostName;
};

type Told =
  | { kind: 'run-started'; run: RunId; plan: Plan; trials: number }
  /** a run on several hosts, before anything is done on any; when it begins on one of them, that tells `run-started` */
  | { kind: 'hosts-started'; run: RunId; plan: Plan; hosts: { name: HostName; way: HostWay }[] }
  /** of a run or a job, where it is done for one: a page that has several under way shows each its own */
  | { kind: 'progress'; run?: RunId; job?: JobKind; progress: Progress }
  | {
      kind: 'trial-started';
      run: RunId;
      trial: string;
      workload: string;
      target: TargetId;
      index: number;
      warmup: boolean;
      startMs: number;
    }
  | { kind: 'phase'; run: RunId; trial: string; phase: Phase }
  | { kind: 'samples'; run: RunId; samples: Sample[] }
  /** the end of what an instance has printed; told once, after it was measured: reading it before would disturb the figures */
  | { kind: 'log'; run: RunId; trial: string; text: string }
  | { kind: 'trial-ended'; run: RunId; trial: Trial; warmup: boolean; done: number; of: number }
  /** a workflow as far as it has come: replaces what was told before */
  | { kind: 'workflow'; run?: undefined; report: WorkflowReport }
  /** work has begun, is being stopped, or has ended; its steps between are told as progress */
  | { kind: 'work'; run?: undefined; work: WorkRecord }
  /** how far a host of the run is */
  | { kind: 'host'; run: RunId; stage: HostStage; version?: string; failure?: Failure }
  | { kind: 'warning'; run?: RunId; text: Message }
  | { kind: 'run-ended'; run: RunId; state: RunState; failure?: Failure };
