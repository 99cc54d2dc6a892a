import { z } from 'zod';

/** How many instances of one workload fit: 1, 2, 4 … of them are started beside each other, on one target after the other. */
export const DensityOrder = z.object({
  /**
   * ladders of every workload on every target, in turns. Readings within a ladder hold each other's errors, so only ladders can be
   * counted as independent: one gives no interval, three the narrowest for their time
   */
  ladders: z.number().int().min(1).max(20).default(3),
  /** the ladder ends with so many instances, if the guard lets it */
  most: z.number().int().min(2).max(1024).default(8),
  /** the last ladder goes on until the guard stops it, so that the prediction can be held against the truth */
  prove: z.boolean().default(false),
  /** a proof never starts more than this */
  provedMost: z.number().int().min(2).max(4096).default(512),
});
export type DensityOrder = z.infer<typeof DensityOrder>;

const limitNames = ['memory', 'cpu', 'threads', 'pids', 'files', 'ports', 'bridge', 'disk'] as const;
/**
 * What a machine can run out of.
 * `cpu`: even idle instances take some · `threads`: the kernel's bound on threads and process ids · `pids`: the same bound of the control
 * group that Tare is in, for what it starts itself · `files`: the kernel's bound on open files · `ports`: one of the loopback interface
 * per instance · `bridge`: the kernel connects at most 1023 interfaces to one bridge, which is what a container network is
 */
export const LimitName = z.enum(limitNames);
export type LimitName = z.infer<typeof LimitName>;

/** What there was of everything before the first instance; what could not be read is absent, and limits nothing in the prediction. */
export const Capacity = z.object({
  /** MemAvailable, by which the guard goes */
  availableBytes: z.number().optional(),
  /**
   * all that the host could give, of which `hostChangeBytes` is the change: MemAvailable and the free pages in the processors' own
   * lists. Less the floor it is the room that the prediction fills; absent in older records, where MemAvailable stood for it
   */
  spareBytes: z.number().optional(),
  /** what has to stay available */
  floorBytes: z.number(),
  cores: z.number().optional(),
  /** threads that could still be started */
  threads: z.number().optional(),
  /** the same, within the control group that Tare is in; absent for containers, which the engine starts in groups of their own */
  pids: z.number().optional(),
  /** files that could still be opened on this system */
  files: z.number().optional(),
  ports: z.number().optional(),
  /** interfaces that the containers' bridge still takes */
  bridge: z.number().optional(),
  /** free where what instances write is kept */
  diskBytes: z.number().optional(),
});
export type Capacity = z.infer<typeof Capacity>;

/** How long work waited for one resource: pressure stall information, Linux Documentation/accounting/psi.rst. */
export const Pressure = z.object({
  /** share of the last ten seconds in which some task waited, in percent */
  someAvg10: z.number(),
  /** how long some task waited since the reading before, in ms */
  stalledMs: z.number(),
});
export type Pressure = z.infer<typeof Pressure>;

const pressureNames = ['cpu', 'memory', 'io'] as const;
export const PressureName = z.enum(pressureNames);
export type PressureName = z.infer<typeof PressureName>;

/** So many instances were up, idle, and were read. */
export const DensityStep = z.object({
  count: z.number().int(),
  /** sum of what each takes by its own accounts */
  hostBytes: z.number().optional(),
  /** beside it, pages of files that they map, as of a saved machine's memory: each once, however many of them share it */
  filePssBytes: z.number().optional(),
  /** by how much less the host could give than before the first, as in Round */
  hostChangeBytes: z.number().optional(),
  availableBytes: z.number().optional(),
  /** threads on the host more than before the first */
  threads: z.number().optional(),
  /** open files on the host more than before the first */
  files: z.number().optional(),
  /** since the step before, the starts in between included; absent where the kernel does not tell */
  pressure: z.partialRecord(PressureName, Pressure).optional(),
  /** of all that were up, how many gave a good answer within `withinMs` of being asked */
  answered: z.object({ good: z.number().int(), withinMs: z.number() }).optional(),
  /** how long the reading of all of them took: the soak is not in it */
  readingMs: z.number().optional(),
  /** CPU time that all of them took per second of doing nothing */
  cpuMsPerSecond: z.number().optional(),
  writtenBytes: z.number().optional(),
  /** after the ladder, on the way to the guard */
  proof: z.boolean().optional(),
});
export type DensityStep = z.infer<typeof DensityStep>;

/**
 * Why no further instance was started. `memory`: the next one would have gone below the floor · `pressure`: the kernel says that
 * processes wait for memory · `cpu`: the processors are busy although nobody asks anything · the other limits: nearly used up
 */
export const Guard = z.enum([...limitNames, 'pressure']);
export type Guard = z.infer<typeof Guard>;

/** One ladder of one workload on one target. */
export const DensityLadder = z.object({
  workload: z.string(),
  target: z.string(),
  /** from 0: ladders of the same round stand beside each other in time */
  round: z.number().int().default(0),
  capacity: Capacity,
  steps: z.array(DensityStep),
  /** up and answering at the same time at the end */
  reached: z.number().int(),
  /** `most`: as many as asked for · `guard` · `failed`: an instance did not start or ended · `budget` · `stopped` by the user */
  ended: z.enum(['most', 'guard', 'failed', 'budget', 'stopped']),
  guard: Guard.optional(),
  /** how much of what they had taken the host could still not give again after all were stopped */
  keptBytes: z.number().optional(),
});
export type DensityLadder = z.infer<typeof DensityLadder>;
