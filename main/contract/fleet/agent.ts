/**
 * What Tare and an agent say to each other: `tare agent --stdio` on a host, spoken to through a pipe. Frames are a length, a kind and a
 * content (engine/remote/fleet/frames.ts); this is what stands in those of text, and which calls an agent answers.
 */
import { z } from 'zod';
import type { CallName, Output } from '../calls';
import type { TareEvent } from '../events';
import { Failure } from '../failures';
import { CleanReport, DoctorReport } from '../machine';
import { Plan } from '../plan';
import { Message } from '../report/report';
import { Phase, RunId, RunState, Sample, Trial } from '../run/run';
import { TargetId } from '../targets';
import { FoundImage } from '../work/images';

/** `major.minor`: another major version is refused; a newer minor one only adds fields and events, which an older reader passes over. */
export const agentProtocol = '1.0';

/** The agent's first bytes: whatever a login shell has printed before is passed over. */
export const agentGreeting = '\0tare-agent\n';

/** Of one frame of text: a plan may have 1 MiB, a trial's record what its programs printed last. */
export const mostMessageBytes = 4 * 1024 * 1024;
/** Of one frame of a file. */
export const mostDataBytes = 128 * 1024;

/** How often each side shows that it is there, and for how long it may be silent: a computer that sleeps, or a cable that is out. */
export const aliveEveryMs = 5000;
export const silentAfterMs = 60_000;

const nothing = z.undefined();
/** The calls of the contract that an agent answers, and what its answers are held against: an agent is believed no more than a file. */
export const agentCalls = {
  doctor: DoctorReport,
  /** what a Tare that was killed there has left */
  clean: CleanReport,
  findImage: FoundImage,
  startRun: RunId,
  stopRun: nothing,
  /** once it has come home */
  deleteRun: nothing,
} as const satisfies Partial<{ [N in CallName]: z.ZodType<Output<N>> }>;
export type AgentCall = keyof typeof agentCalls;

/** What travels as a file, in frames of its own: a run's record and its samples from the host, an image to it. */
export const agentFiles = {
  /** run.json, as text */
  record: { to: 'tare', input: z.object({ id: RunId }) },
  /** samples.ndjson */
  samples: { to: 'tare', input: z.object({ id: RunId }) },
  /** what `docker save` gives */
  image: { to: 'agent', input: z.object({}) },
} as const;
export type AgentFile = keyof typeof agentFiles;

const namesOf = <N extends string>(table: Readonly<Record<N, unknown>>) => Object.keys(table) as [N, ...N[]];

/** First of each side. */
export const Hello = z.object({
  hello: z.object({
    /** `major.minor` */
    protocol: z.string().regex(/^\d{1,4}\.\d{1,4}$/),
    /** Tare's own */
    version: z.string().max(40),
    /** an agent's: where its program lies */
    program: z.string().max(4096).optional(),
  }),
});
export type Hello = z.infer<typeof Hello>;

const majorOf = (protocol: string): string => protocol.split('.', 1)[0]!;

/** Why the two sides do not understand each other; undefined when they do. */
export const versionDoubt = ({ hello: { protocol, version } }: Hello): Failure | undefined =>
  majorOf(protocol) === majorOf(agentProtocol)
    ? undefined
    : { code: 'agent-version', found: protocol, supported: agentProtocol, version };

const id = z.number().int().min(1);
const Alive = z.object({ alive: z.literal(true) });
/** The end of a file that was sent, by its SHA-256. */
const End = z.object({
  id,
  end: z.object({ bytes: z.number().int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
});
export type FileEnd = z.infer<typeof End>['end'];

/** What Tare says to an agent. */
export const ToAgent = z.union([
  Hello,
  z.object({ id, call: z.enum(namesOf(agentCalls)), input: z.unknown() }),
  z.object({ id, file: z.enum(namesOf(agentFiles)), input: z.unknown() }),
  End,
  Alive,
]);
export type ToAgent = z.infer<typeof ToAgent>;

const share = z.number().min(0).max(1);
/** How far a step is; without the layers of a pull and the lines of a build, which nobody follows from afar. */
const Step = z.object({
  step: z.string().max(100),
  subject: z.string().max(1000),
  state: z.enum(['started', 'moving', 'done']),
  share: share.optional(),
  elapsedMs: z.number(),
});

const run = RunId;
const trial = z.string().max(300);
/** What is told from afar of a run. */
export const AgentEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run-started'), run, plan: Plan, trials: z.number().int() }),
  z.object({ kind: z.literal('progress'), run: run.optional(), progress: Step }),
  z.object({
    kind: z.literal('trial-started'),
    run,
    trial,
    workload: z.string().max(100),
    target: TargetId,
    index: z.number().int(),
    warmup: z.boolean(),
    startMs: z.number(),
  }),
  z.object({ kind: z.literal('phase'), run, trial, phase: Phase }),
  z.object({ kind: z.literal('samples'), run, samples: z.array(Sample) }),
  z.object({
    kind: z.literal('trial-ended'),
    run,
    trial: Trial,
    warmup: z.boolean(),
    done: z.number().int(),
    of: z.number().int(),
  }),
  z.object({ kind: z.literal('warning'), run: run.optional(), text: Message }),
  z.object({ kind: z.literal('run-ended'), run, state: RunState, failure: Failure.optional() }),
]);
export type AgentEvent = z.infer<typeof AgentEvent>;

const told: ReadonlySet<string> = new Set(AgentEvent.options.map(({ shape }) => shape.kind.value));

/** An event as it is told from afar; undefined for what only an engine's own pages show. */
export function toldFromAfar(event: TareEvent): TareEvent | undefined {
  if (!told.has(event.kind)) return undefined;
  if (event.kind !== 'progress') return event;
  const progress = { ...event.progress };
  delete progress.transfer;
  delete progress.build;
  return { ...event, progress };
}

/** What an agent says to Tare. `end` before `output` of a file. */
export const FromAgent = z.union([
  Hello,
  z.object({ id, failure: Failure }),
  End,
  z.object({ id, output: z.unknown().optional() }),
  /** each an {@link AgentEvent}, or what a newer agent tells */
  z.object({ events: z.array(z.unknown()) }),
  /** nothing of this run is left, and its record is whole */
  z.object({ over: RunId }),
  Alive,
]);
export type FromAgent = z.infer<typeof FromAgent>;
