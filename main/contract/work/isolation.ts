import type { Failure } from '../failures';
import type { Privileges } from '../privileges';
import type { TargetId } from '../targets';
import type { Message } from '../report/report';
import type { Accelerator } from '../run/run';

/** What is compared, in the order in which it is told: each name has a message `isolation.fact.NAME`. */
export const isolationFacts = [
  'kernel',
  'boot',
  'clock',
  'hostname',
  'processes',
  'own-process',
  'namespaces',
  'user',
  'capabilities',
  'seccomp',
  'settings',
  'mounts',
  'host-files',
  'interfaces',
  'loopback',
  'devices',
  'memory',
  'processors',
] as const;
export type IsolationFact = (typeof isolationFacts)[number];

/**
 * `same`: the host's own, seen from inside · `partly`: of several things some are the host's · `different`: its own, or changed · `hidden`: the host's exists and cannot be seen ·
 * `unreadable`: one of the two sides could not be read
 */
export const standings = ['same', 'partly', 'different', 'hidden', 'unreadable'] as const;
export type Sharing = (typeof standings)[number];

/** What was seen on one side. */
export interface Observation {
  text: Message;
  /** line by line, in the kernel's own words */
  evidence: string[];
}

/** One fact of one way of running the image, seen from both sides. */
export interface Sight {
  target: TargetId;
  standing: Sharing;
  /** seen by a process of the image; absent when it could not be read */
  inside?: Observation;
  /** the same thing as the host sees it, where that is not what the host says about itself */
  outside?: Observation;
}

export interface IsolationRow {
  fact: IsolationFact;
  /** what the host says about itself; absent when it could not be read, or when it has no such thing of its own */
  host?: Observation;
  /** one per subject that could be looked into, in their order */
  sights: Sight[];
  /** commands with which a person can look for themselves */
  how: { inside: string; outside: string };
}

/** What two applications see that are in one machine together. */
export interface Neighbours {
  /** the same for both */
  same: IsolationFact[];
  /** each has its own, at least of a part of it */
  apart: IsolationFact[];
}

/** One way of running the witness. */
export interface IsolationSubject {
  target: TargetId;
  /** what was run, word by word */
  commandLine: string[];
  accelerator?: Accelerator;
  /** of a way that puts applications into one machine: what it has in common with another one there */
  neighbours?: Neighbours;
  /** why it could not be looked into */
  failure?: Failure;
}

/** What is shared with the host and what is not: for each way of running one image, measured inside and outside. */
export interface IsolationReport {
  takenAt: string;
  /** the witness: the same image for every subject */
  image: string;
  digest: string;
  openings: Privileges;
  subjects: IsolationSubject[];
  rows: IsolationRow[];
  /** what must be known to read the rows */
  notes: Message[];
}
