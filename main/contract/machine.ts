import { z } from 'zod';
import type { Failure } from './failures';
import type { Message } from './report/report';
import type { TestBoot } from './run/testBoot';

/** One thing that must work, with the remedy when it does not. */
export interface Check {
  /** names a message `check.NAME` */
  name:
    | 'docker'
    | 'builder'
    | 'qemu'
    | 'accelerator'
    | 'kit'
    | 'disk-tools'
    | 'memory'
    | 'disk'
    | 'access-control';
  standing: 'ok' | 'warning' | 'missing';
  /** what was found, worded from assets/messages */
  found: Message;
  /** present when something is wrong: its message names the remedy */
  failure?: Failure;
  /** what would make it better: worded from assets/messages */
  remedy?: Message;
  /** of the accelerator: the boots that the answer rests on, in their order */
  boots?: TestBoot[];
}

/** One place where a container engine may be listening. */
export interface EndpointAttempt {
  /** where it was found: `setting`, `DOCKER_HOST`, `context NAME`, `default socket` … */
  source: string;
  /** empty when it could not be found out */
  endpoint: string;
  /** `not-asked`: one before it answered */
  state: 'used' | 'failed' | 'not-asked';
  /** why it failed */
  reason?: string;
}

/** What works here, why not, and the remedy. */
export interface DoctorReport {
  tareVersion: string;
  checks: Check[];
  targets: { id: string; available: boolean; why?: Failure }[];
  /** absent where it cannot be read; the disk is the cache's */
  free: { memoryBytes?: number; disk?: { bytes: number; folder: string } };
  /** in the order in which they are asked */
  endpoints?: EndpointAttempt[];
}

/** Whether what keeps a target away is none of the checks' failures, so that its remedy is told nowhere else. */
export const isOwnObstacle = ({ checks }: DoctorReport, why: Failure): boolean =>
  !checks.some(({ failure }) => failure?.code === why.code);

/** One thing that an earlier, dead session left behind, an entry of the cache, which belongs to no session, or a list that cannot be believed. */
export const Leftover = z.object({
  kind: z.enum(['container', 'network', 'process', 'cgroup', 'folder', 'image', 'cache', 'list', 'record']),
  name: z.string(),
  session: z.string(),
});
export type Leftover = z.infer<typeof Leftover>;
export interface CleanReport {
  removed: Leftover[];
  /** what the cache gave back; present when it was to be emptied */
  freedBytes?: number;
  /** entries of the cache that stay, since another Tare is at work and may be about to use them */
  spared?: number;
  /** could not be removed, and why; tried again at the next start */
  kept: { leftover: Leftover; failure: Failure }[];
}

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
