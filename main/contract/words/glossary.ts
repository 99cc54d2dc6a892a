/**
 * The glossary: what the field's words mean, in both languages, as `tare explain` and every “?” of the page tell it.
 * The texts stand in assets/glossary.json, which whoever shows them loads: a page asks for it only once it needs it.
 */
import type entries from '../../../assets/glossary.json';
import type { Locale } from '../appearance';

export type TermId = keyof typeof entries;

/** How a language tells a term. */
interface Telling {
  name: string;
  /** one sentence */
  short: string;
  /** how it works, and what Tare makes of it */
  more: string;
}

export type Term = Record<Locale, Telling> & {
  /** other words for it, in either language */
  also: string[];
  /** terms that help to understand it */
  see: TermId[];
};
export type Glossary = Record<TermId, Term>;

/** The terms behind columns of tables and facts of isolation, by their ids. */
const behind: Readonly<Record<string, TermId>> = {
  accelerator: 'accelerator',
  answeredPerSecond: 'load',
  availableBytes: 'mem-available',
  capabilities: 'capabilities',
  coldMs: 'warm-up',
  fileBytes: 'file-pages',
  firstBytes: 'file-pages',
  guestUsedBytes: 'guest-kernel',
  hostBytes: 'own-memory',
  hostChangeBytes: 'mem-available',
  hugePageBytes: 'huge-pages',
  imageBytes: 'image',
  kernel: 'guest-kernel',
  kernelBytes: 'initrd',
  marginalBytes: 'own-memory',
  merged: 'ksm',
  namespaces: 'namespace',
  p50Ms: 'median',
  p95Ms: 'p99',
  p99Ms: 'p99',
  p999Ms: 'p99',
  predicted: 'density',
  pssBytes: 'pss',
  readyMs: 'ready',
  reservedBytes: 'reserved',
  seccomp: 'seccomp',
  sharedFileBytes: 'file-pages',
  snapshotBytes: 'snapshot',
  target: 'target',
  workingSetBytes: 'working-set',
};

/** The term that explains a column or fact; undefined of what needs no explanation. */
export const termBehind = (id: string): TermId | undefined =>
  Object.hasOwn(behind, id) ? behind[id] : undefined;
