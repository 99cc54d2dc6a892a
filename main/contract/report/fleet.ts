/** What a plan that was run on several hosts says: each host by its own report, and over hosts what holds on how many of them. */
import { z } from 'zod';
import { mostHosts } from '../fleet/host';
import { ChartSpec, Interval, Judgement, Message, Outcome, Table, Verdict } from './report';

/** More of them are in no report: memory and start-up, of eight sides at most, and where hosts lack targets of some more pairs. */
export const mostComparisons = 32;
/** A table for each, and one each for what all hosts say, what differs between them, and who gave nothing. */
const mostTables = mostComparisons + 3;

/** One of two sides that are held against each other. */
const Side = z.object({
  target: z.string(),
  /** names it where the target's name does not: one of two workloads that are held against each other */
  workload: z.string().optional(),
});

/**
 * Why a host's ratio is not pooled with the others'. `emulated`: its VMs were, and those of other hosts were not ·
 * `no-interval`: it has too few rounds to say how sure it is · `not-comparable`: its own report does not hold the two against each other
 */
const NotPooled = z.enum(['emulated', 'no-interval', 'not-comparable']);

/** A comparison as one host's own report has it. */
const HostRatio = z.object({
  host: z.string(),
  /** medians of both sides on this host: bytes of memory, ms until ready */
  base: z.number(),
  other: z.number(),
  /** other ∕ base, paired by round */
  ratio: z.number().positive(),
  /** as its own report tells it */
  interval: Interval.optional(),
  /** by the host's own report, which corrects for all that it holds against each other */
  judgement: Judgement,
  /** rounds, or values of the smaller side */
  n: z.number(),
  emulated: z.literal(true).optional(),
  notPooled: NotPooled.optional(),
  /** its share in the pooled ratio, 0 to 1 */
  weight: z.number().optional(),
});
export type HostRatio = z.infer<typeof HostRatio>;

/** The mean ratio of hosts like these, with what differs between hosts in its interval. From three hosts on. */
const Pooled = z.object({
  /** how many hosts are in it */
  hosts: z.number(),
  ratio: z.number().positive(),
  /** at the level of the judgement */
  interval: Interval,
  judgement: Judgement.exclude(['not-comparable']),
  /** two-sided, corrected by Holm over all comparisons of the report */
  p: z.number(),
  /** standard deviation of the hosts' true ratios, on a logarithmic scale: 0.1 is about 10 % */
  tau: z.number(),
  /** share of the variation between the hosts' ratios that is none within hosts, 0 to 1: I² */
  share: z.number(),
  /** where the true ratio of one more host like these lies, at the same level */
  prediction: Interval,
});
export type Pooled = z.infer<typeof Pooled>;

/** One quantity of one side against the base, on every host that measured both. */
export const HostsComparison = z.object({
  metric: z.enum(['memory', 'start-up']),
  base: Side,
  other: Side,
  hosts: z.array(HostRatio).min(1).max(mostHosts),
  /** what is said over hosts; `unknown` also where they do not agree */
  outcome: Outcome.exclude(['not-comparable']),
  /** on how many hosts their own report says so; those that are held against nothing, or were emulated where others were not, are in none */
  counts: z.object({ less: z.number(), more: z.number(), same: z.number(), unknown: z.number() }),
  pooled: Pooled.optional(),
});
export type HostsComparison = z.infer<typeof HostsComparison>;

/** What a run on several hosts says, as data. */
export const HostsReport = z.object({
  /** the sentence */
  text: Message,
  /** how sure it is, comparison by comparison of those that the sentence and its picture are about */
  sureness: z.array(z.object({ id: z.enum(['memory', 'start-up']), said: Message })),
  /** what makes it less sure, each once, the gravest first */
  doubts: z.array(Message),
  /** those of the sentence first */
  comparisons: z.array(HostsComparison).max(mostComparisons),
  verdicts: z.array(Verdict),
  tables: z.array(Table).max(mostTables),
  charts: z.array(ChartSpec).max(mostComparisons),
});
export type HostsReport = z.infer<typeof HostsReport>;
