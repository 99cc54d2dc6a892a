/** What can go wrong between Tare and hosts: see {@link Failure}. */
import { z } from 'zod';

/**
 * Why what came through a pipe are no frames of ours: something else than an agent spoke, a length that no frame has, a text that is
 * none, or an end within a frame.
 */
const framesBroken = [
  'frames-no-greeting',
  'frames-unknown-kind',
  'frames-too-large',
  'frames-not-utf8',
  'frames-not-json',
  'frames-no-message',
  'frames-torn',
] as const;
export type FramesBroken = (typeof framesBroken)[number];

/** Why ssh does not believe a host to be the one that is meant. */
const hostKeyDoubts = ['host-key-changed', 'host-key-unknown'] as const;

/** Why ssh did not lead to a host, by what it said. */
const unreachable = [
  'ssh-unresolved',
  'ssh-refused',
  'ssh-no-route',
  'ssh-timed-out',
  'ssh-closed',
  'ssh-other',
] as const;

/** What of a plan cannot be had on another host. */
const notElsewhere = ['hosts-own-disk', 'swarm-own-image'] as const;

/** Why the agent's image for a swarm cannot be made. */
const imageNotMade = ['not-linux', 'no-node', 'no-loader', 'not-built'] as const;

/** Why an engine gives no swarm to run on. */
const noManager = ['no-swarm', 'worker'] as const;

/** Why a node of a swarm gives no run. */
const nodeDoubts = [
  ...(['node-down', 'node-drained', 'node-paused', 'node-gone', 'other-processor'] as const),
  ...(['not-placed', 'not-started', 'task-gone'] as const),
] as const;

export const hostFailures = [
  /** a file of hosts */
  z.object({ code: z.literal('hosts-unreadable'), path: z.string(), reason: z.string() }),
  z.object({ code: z.literal('host-unknown'), name: z.string(), known: z.array(z.string()) }),
  z.object({ code: z.literal('not-on-hosts'), reason: z.enum(notElsewhere), what: z.string() }),
  /** no host of several could begin */
  z.object({ code: z.literal('no-host'), hosts: z.number() }),
  /** `output`: ssh's own words */
  z.object({ code: z.literal('host-unreachable'), reason: z.enum(unreachable), output: z.string() }),
  z.object({ code: z.literal('host-key-refused'), reason: z.enum(hostKeyDoubts), output: z.string() }),
  /** the host let nobody in with what ssh had to show */
  z.object({ code: z.literal('host-denied'), output: z.string() }),
  /** a host has no Tare where it was looked for, or one that does not start; `output`: its shell's words */
  z.object({ code: z.literal('agent-missing'), known: z.array(z.string()), output: z.string() }),
  /** its agent speaks another version than this Tare; `version` is that of the Tare there */
  z.object({
    code: z.literal('agent-version'),
    found: z.string(),
    supported: z.string(),
    version: z.string(),
  }),
  /** `output`: the end of what came instead */
  z.object({ code: z.literal('frames-broken'), reason: z.enum(framesBroken), output: z.string() }),
  z.object({ code: z.literal('agent-silent'), afterMs: z.number() }),
  /** the agent, or the way to it, ended before it had answered */
  z.object({ code: z.literal('agent-ended'), exit: z.string(), output: z.string() }),
  /** a file came home otherwise than it was sent, or is not what was asked for */
  z.object({ code: z.literal('transfer-damaged'), what: z.string() }),
  z.object({ code: z.literal('not-a-manager'), reason: z.enum(noManager) }),
  /** `names`: the constraints that none matches */
  z.object({ code: z.literal('no-nodes'), names: z.array(z.string()) }),
  z.object({ code: z.literal('node-left-out'), reason: z.enum(nodeDoubts), what: z.string() }),
  z.object({ code: z.literal('agent-image-failed'), reason: z.enum(imageNotMade), what: z.string() }),
  z.object({ code: z.literal('agent-image-missing'), image: z.string() }),
  /** `state`: as Swarm names it; `output`: its words, or the task's */
  z.object({ code: z.literal('task-failed'), state: z.string(), exit: z.string(), output: z.string() }),
  /** a host has not what it needs to take Tare's program; `output`: its own words */
  z.object({ code: z.literal('install-failed'), reason: z.string(), output: z.string() }),
] as const;
