import type { Failure } from './failures';
import type { Message } from './report';

/** One thing that must work, with the remedy when it does not. */
export interface Check {
  /** names a message `check.NAME` */
  name: 'docker' | 'qemu' | 'accelerator' | 'kit' | 'disk-tools' | 'memory' | 'disk';
  standing: 'ok' | 'warning' | 'missing';
  /** what was found, worded from assets/messages */
  found: Message;
  /** present when something is wrong: its message names the remedy */
  failure?: Failure;
}

/** What works here, why not, and the remedy. */
export interface DoctorReport {
  tareVersion: string;
  checks: Check[];
  targets: { id: string; available: boolean; why?: Failure }[];
}

/** One thing that an earlier, dead session left behind, or an entry of the cache, which belongs to no session. */
export interface Leftover {
  kind: 'container' | 'network' | 'process' | 'folder' | 'image' | 'cache';
  name: string;
  session: string;
}
export interface CleanReport {
  removed: Leftover[];
  /** what the cache gave back; present when it was to be emptied */
  freedBytes?: number;
  /** could not be removed, and why; tried again at the next start */
  kept: { leftover: Leftover; failure: Failure }[];
}

/** The guest kit: kernel, modules, our own PID 1 and a static busybox. */
export interface KitFacts {
  folder: string;
  version: string;
  kernelRelease: string;
  builtAt: string;
  bytes: number;
}
