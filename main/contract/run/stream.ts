/**
 * What `tare run --events` writes while it runs: one JSON object a line, for programs; a Tare elsewhere reads the same. Published as
 * assets/schema/events.schema.json.
 */
import { z } from 'zod';
import type { TareEvent } from '../events';
import { Failure } from '../failures';
import { Fleet } from '../fleet/fleet';
import { HostName, HostStage, HostWay } from '../fleet/host';
import { Plan } from '../plan';
import { Message } from '../report/report';
import { TargetId } from '../targets';
import { Phase, Run, RunId, RunState, Sample, Trial } from './run';

/** A reader refuses another one. Fields and kinds of lines may be added without a new version: readers let them pass. */
export const streamVersion = 1;

/** Where nothing else is written for so long, a line says that the program is there; and for how long a reader waits for any. */
export const aliveEveryMs = 5000;
export const silentAfterMs = 60_000;

/** How far a step is; without the layers of a pull and the lines of a build. */
const Step = z.object({
  step: z.string().max(100),
  subject: z.string().max(1000),
  state: z.enum(['started', 'moving', 'done']),
  /** 0 to 1 */
  share: z.number().min(0).max(1).optional(),
  elapsedMs: z.number(),
});

const run = RunId;
const trial = z.string().max(300);
/** of a run on several hosts: on which */
const host = HostName.optional();

/** What is told of a run on one computer. */
const RunEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run-started'), run, host, plan: Plan, trials: z.number().int() }),
  z.object({ kind: z.literal('progress'), run: run.optional(), host, progress: Step }),
  z.object({
    kind: z.literal('trial-started'),
    ...{ run, host, trial },
    workload: z.string().max(100),
    target: TargetId,
    index: z.number().int(),
    warmup: z.boolean(),
    startMs: z.number(),
  }),
  z.object({ kind: z.literal('phase'), run, host, trial, phase: Phase }),
  z.object({ kind: z.literal('samples'), run, host, samples: z.array(Sample) }),
  z.object({
    kind: z.literal('trial-ended'),
    ...{ run, host },
    trial: Trial,
    warmup: z.boolean(),
    done: z.number().int(),
    of: z.number().int(),
  }),
  z.object({ kind: z.literal('warning'), run: run.optional(), host, text: Message }),
  z.object({ kind: z.literal('run-ended'), run, host, state: RunState, failure: Failure.optional() }),
]);
export type RunEvent = z.infer<typeof RunEvent>;

/** What is told of several hosts beside their runs. */
const HostsEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('hosts-started'),
    run,
    plan: Plan,
    hosts: z.array(z.object({ name: HostName, way: HostWay })),
  }),
  z.object({
    kind: z.literal('host'),
    run,
    host,
    stage: HostStage,
    version: z.string().max(100).optional(),
    failure: Failure.optional(),
  }),
]);

/** The first line. `run` is absent where none could begin, which a line of a failure explains. */
const Start = z.object({
  kind: z.literal('start'),
  schemaVersion: z.number().int(),
  /** of Tare */
  version: z.string().max(100),
  run: run.optional(),
});
const Alive = z.object({ kind: z.literal('alive') });
/** The last line, where there is no record. */
const Failed = z.object({ kind: z.literal('failure'), failure: Failure });
const kindRecord = z.literal('record');

export const StreamLine = z.union([
  Start.extend({ schemaVersion: z.literal(streamVersion) }),
  RunEvent,
  HostsEvent,
  Alive,
  /** the last line: the whole record */
  z.object({ kind: kindRecord, run: Run }),
  z.object({ kind: kindRecord, fleet: Fleet }),
  Failed,
]);
export type StreamLine = z.infer<typeof StreamLine>;

/** The same as it is heard from another computer. A record is read with as much care as any file, and later. */
export const HeardLine = z.discriminatedUnion('kind', [
  Start,
  ...RunEvent.options,
  Alive,
  z.object({ kind: kindRecord, run: z.unknown() }),
  Failed,
]);
export type HeardLine = z.infer<typeof HeardLine>;

/** Kinds without which a stream makes no sense; another one that has the wrong form is passed over. */
export const neededKinds: ReadonlySet<unknown> = new Set(['start', 'record', 'failure']);

const streamed: ReadonlySet<string> = new Set(
  [...RunEvent.options, ...HostsEvent.options].map(({ shape }) => shape.kind.value),
);

/** An event as it is written; undefined for what only an engine's own pages show. */
export function streamedEvent(event: TareEvent): TareEvent | undefined {
  if (!streamed.has(event.kind)) return undefined;
  if (event.kind !== 'progress') return event;
  const progress = { ...event.progress };
  delete progress.transfer;
  delete progress.build;
  return { ...event, progress };
}
