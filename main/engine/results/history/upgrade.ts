import { z } from 'zod';
import type { RunRecord } from '../../../contract/record';
import { Fleet, FleetOverview, fleetSchemaVersion } from '../../../contract/fleet/fleet';
import { isWithinBounds, readAs } from '../../../contract/run/bounds';
import { Run, schemaVersion } from '../../../contract/run/run';
import { TareError } from '../../base/errors';
import { toOwnMemory } from './ownMemory';

const Versioned = z.looseObject({ schemaVersion: z.number().int().positive() });
export type Versioned = z.infer<typeof Versioned>;

/**
 * One per version that is no longer current: the first makes version 2 of version 1, and so on. Each change of the format that an older
 * reader could not pass over gets one, and an entry in assets/schema/CHANGELOG.md; the rest of the program knows the current version only.
 */
export const upgraders: readonly ((record: Versioned) => Versioned)[] = [toOwnMemory];

/** What is wrong is wrong in many places: the first few tell it. */
const mostIssues = 20;

/**
 * Text of a run.json → a run of the current version.
 * @param path  only for the failure's facts
 * @throws {TareError} `run-too-new` for a version this Tare does not know · `run-unreadable` for anything that is not a run
 */
export const readRun = (text: string, path: string): Run => runIn(versionedIn(text, path), path);

function runIn(versioned: Versioned, path: string): Run {
  const found = versioned.schemaVersion;
  if (found > schemaVersion)
    throw new TareError({ code: 'run-too-new', path, found, supported: schemaVersion });
  const run = readAs(Run, current(versioned));
  if (!run.success) throw unreadable(path, issuesIn(run.error));
  return run.data;
}

const unreadable = (path: string, reason: string) => new TareError({ code: 'run-unreadable', path, reason });

/** @throws {TareError} `run-unreadable` */
function versionedIn(text: string, path: string): Versioned {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw unreadable(path, (error as Error).message);
  }
  const record = isWithinBounds(raw) ? raw : withoutReports(raw);
  if (!isWithinBounds(record)) throw unreadable(path, 'beyond-bounds');
  const versioned = readAs(Versioned, record);
  if (!versioned.success) throw unreadable(path, 'schemaVersion');
  return versioned.data;
}

/**
 * An earlier Tare wrote intervals of ratios that reach beyond every bound. What it measured is not at fault: the report is made from it
 * again.
 */
function withoutReports(record: unknown): unknown {
  const { success, data } = readAs(Reported, record);
  if (!success) return record;
  const hosts = data.hosts?.map((host) => ({ ...host, run: withoutReports(host.run) }));
  return { ...data, report: undefined, ...(hosts && { hosts }) };
}
const Reported = z.looseObject({
  report: z.unknown(),
  hosts: z.array(z.looseObject({ run: z.unknown() })).optional(),
});

const current = (record: Versioned): Versioned =>
  upgraders.slice(record.schemaVersion - 1).reduce((older, upgrade) => upgrade(older), record);

const issuesIn = ({ issues }: z.ZodError): string => z.prettifyError({ issues: issues.slice(0, mostIssues) });

/**
 * Text of a fleet.json → the record with the runs in it of the current version.
 * @param path  only for the failure's facts
 * @throws {TareError} `run-too-new` · `run-unreadable`
 */
export const readFleet = (text: string, path: string): Fleet => fleetIn(Fleet, versionedIn(text, path), path);

/** The same without the runs in it, which are not looked at: where many hosts are, that takes half of the time. @see readFleet */
export const readFleetOverview = (text: string, path: string): FleetOverview =>
  fleetIn(FleetOverview, versionedIn(text, path), path);

/** The same of a text that is either: a record of several hosts lists them. @see readRun @see readFleet */
export function readRecord(text: string, path: string): RunRecord {
  const versioned = versionedIn(text, path);
  return Object.hasOwn(versioned, 'hosts') ? fleetIn(Fleet, versioned, path) : runIn(versioned, path);
}

function fleetIn<F>(kind: z.ZodType<F>, { schemaVersion: found, ...raw }: Versioned, path: string): F {
  if (found > fleetSchemaVersion)
    throw new TareError({ code: 'run-too-new', path, found, supported: fleetSchemaVersion });
  const hosts = Array.isArray(raw.hosts) ? raw.hosts.map(withCurrentRun) : raw.hosts;
  const report = found < 2 ? withOutcomes(raw.report) : raw.report;
  const fleet = readAs(kind, { ...raw, schemaVersion: fleetSchemaVersion, hosts, report });
  if (!fleet.success) throw unreadable(path, issuesIn(fleet.error));
  return fleet.data;
}

/** Version 1 called the outcome of a comparison its finding, and one that is not known unclear. */
function withOutcomes(report: unknown): unknown {
  const { success, data } = readAs(ReportWithFindings, report);
  if (!success) return report;
  const comparisons = data.comparisons.map(({ finding, counts: { unclear, ...counts }, ...comparison }) => ({
    ...comparison,
    outcome: finding === 'unclear' ? 'unknown' : finding,
    counts: { ...counts, unknown: unclear },
  }));
  return { ...data, comparisons };
}
const ReportWithFindings = z.looseObject({
  comparisons: z.array(
    z.looseObject({ finding: z.string(), counts: z.looseObject({ unclear: z.number() }) }),
  ),
});

/** What is no run of a known version is left to be refused. */
function withCurrentRun(host: unknown): unknown {
  const { success, data } = readAs(HostWithRun, host);
  return success && data.run.schemaVersion <= schemaVersion ? { ...data, run: current(data.run) } : host;
}
const HostWithRun = z.looseObject({ run: Versioned });
