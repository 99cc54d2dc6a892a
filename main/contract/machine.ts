import { z } from 'zod';
import { Failure } from './failures';
import { Message } from './report/report';
import { TestBoot } from './run/testBoot';

/** One thing that must work, with the remedy when it does not. */
export const Check = z.object({
  /** names a message `check.NAME` */
  name: z.enum([
    ...(['docker', 'builder', 'qemu', 'accelerator', 'kit', 'disk-tools', 'memory', 'disk'] as const),
    'access-control',
  ]),
  standing: z.enum(['ok', 'warning', 'missing']),
  /** what was found, worded from assets/messages */
  found: Message,
  /** present when something is wrong: its message names the remedy */
  failure: Failure.optional(),
  /** what would make it better: worded from assets/messages */
  remedy: Message.optional(),
  /** of the accelerator: the boots that the answer rests on, in their order */
  boots: z.array(TestBoot).optional(),
});
export type Check = z.infer<typeof Check>;

/** One place where a container engine may be listening. */
export const EndpointAttempt = z.object({
  /** where it was found: `setting`, `DOCKER_HOST`, `context NAME`, `default socket` … */
  source: z.string(),
  /** empty when it could not be found out */
  endpoint: z.string(),
  /** `not-asked`: one before it answered */
  state: z.enum(['used', 'failed', 'not-asked']),
  /** why it failed */
  reason: z.string().optional(),
});
export type EndpointAttempt = z.infer<typeof EndpointAttempt>;

/** What works here, why not, and the remedy. */
export const DoctorReport = z.object({
  tareVersion: z.string(),
  checks: z.array(Check),
  targets: z.array(z.object({ id: z.string(), available: z.boolean(), why: Failure.optional() })),
  /** logical processors and memory; absent where an older Tare was asked */
  computer: z.object({ cores: z.number(), memoryBytes: z.number() }).optional(),
  /** absent where it cannot be read; the disk is the cache's */
  free: z.object({
    memoryBytes: z.number().optional(),
    disk: z.object({ bytes: z.number(), folder: z.string() }).optional(),
  }),
  /** in the order in which they are asked */
  endpoints: z.array(EndpointAttempt).optional(),
});
export type DoctorReport = z.infer<typeof DoctorReport>;

/** Whether what keeps a target away is none of the checks' failures, so that its remedy is told nowhere else. */
export const isOwnObstacle = ({ checks }: DoctorReport, why: Failure): boolean =>
  !checks.some(({ failure }) => failure?.code === why.code);

/** One thing that an earlier, dead session left behind, an entry of the cache, which belongs to no session, or a list that cannot be believed. */
export const Leftover = z.object({
  kind: z.enum([
    ...(['container', 'network', 'process', 'cgroup', 'folder', 'image', 'cache', 'list', 'record'] as const),
    ...(['service', 'secret'] as const), // of a swarm
  ]),
  name: z.string(),
  session: z.string(),
});
export type Leftover = z.infer<typeof Leftover>;
export const CleanReport = z.object({
  removed: z.array(Leftover),
  /** what the cache gave back; present when it was to be emptied */
  freedBytes: z.number().optional(),
  /** entries of the cache that stay, since another Tare is at work and may be about to use them */
  spared: z.number().optional(),
  /** could not be removed, and why; tried again at the next start */
  kept: z.array(z.object({ leftover: Leftover, failure: Failure })),
});
export type CleanReport = z.infer<typeof CleanReport>;

/** The guest kit: kernel, modules, our own PID 1 and a static busybox. */
export interface KitFacts {
  folder: string;
  /** the installed package brought it, or it was made on this computer */
  origin: 'package' | 'cache';
  version: string;
  kernelRelease: string;
  builtAt: string;
  bytes: number;
}

/** What a machine needs beside the image: the kit with the distribution's kernel, or the minimal kernel of the small machines. */
export interface GuestPart {
  kernel: 'distribution' | 'minimal';
  /** present when it is here and whole */
  facts?: KitFacts;
  failure?: Failure;
}

/** What the cache holds: all of it can be made again. */
export interface CacheReport {
  folder: string;
  bytes: number;
  /** what was of use longest ago is removed beyond this */
  boundBytes: number;
  /** kinds of things by weight, heaviest first; names a message `cache.KIND` */
  kinds: { kind: string; count: number; bytes: number }[];
}
