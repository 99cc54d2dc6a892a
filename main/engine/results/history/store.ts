/**
 * Records on disk. Of a run on this computer `run.json` is replaced atomically after every trial, and samples are appended as they come;
 * one on several hosts is one `fleet.json`, and beside it a run.json for each host that came home, until all are in the record. One that
 * it has no room for stays there. Whatever kills Tare, everything measured so far can be read again.
 */
import { createWriteStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { outcomeOf, type FleetHost, type FleetOverview } from '../../../contract/fleet/fleet';
import { isOfHosts, type RunRecord } from '../../../contract/record';
import {
  isRunId,
  Sample as SampleSchema,
  type Run,
  type RunId,
  type Sample,
} from '../../../contract/run/run';
import { TareError } from '../../base/errors';
import { foreignText } from '../../base/foreignText';
import { makeFolder } from '../../base/folder';
import {
  fleetFile,
  fleetHostFolder,
  fleetsFolder,
  isFleetFile,
  keptFile,
  runFile,
  runFolder,
  runsFolder,
  samplesFile,
} from '../../base/paths';
import { keptRun } from './kept';
import { readFleet, readFleetOverview, readRecord, readRun } from './upgrade';

export interface RunWriter {
  /** replaces run.json; while the run lives, samples that could not be kept make it fail too */
  save(run: Run): Promise<void>;
  append(samples: Sample[]): void;
  /**
   * Resolves when the samples are on disk. The run's record can still be saved after that, whatever became of them.
   * @throws {TareError} `write-failed`
   */
  close(): Promise<void>;
}

const explain = (path: string) => (error: unknown) => {
  const reason = (error as NodeJS.ErrnoException).code ?? String(error);
  throw new TareError({ code: 'write-failed', path, reason }, { cause: error });
};

/**
 * What a disk did not take, in the place of the older record that is still there: a full disk must not hide what was measured from
 * whoever made this run. By the file that it should be in.
 */
const unkept = new Map<string, Run>();

/**
 * Makes the folder of a new run.
 * @throws {TareError} `write-failed` when the data folder cannot be written
 */
export function createRun(data: string, id: RunId): RunWriter {
  const folder = runFolder(data, id);
  try {
    makeFolder(folder);
  } catch (error) {
    explain(folder)(error);
  }
  const file = samplesFile(data, id);
  const stream = createWriteStream(file, { flags: 'a' });
  let broken: Error | undefined;
  let closing = false;
  stream.on('error', (error) => (broken ??= error)); // reported by the next save: a full disk must not crash the run
  const closed = new Promise<void>((resolve) => stream.once('close', () => resolve()));
  return {
    async save(run) {
      const target = runFile(data, id);
      const record = keptRun(run);
      unkept.set(target, record);
      if (broken && !closing) explain(file)(broken);
      await writeFileAtomic(target, JSON.stringify(record, null, 1) + '\n').catch(explain(target));
      unkept.delete(target);
    },
    append(samples) {
      if (!broken) stream.write(samples.map((sample) => JSON.stringify(sample) + '\n').join(''));
    },
    async close() {
      closing = true;
      if (!broken) stream.end();
      await closed;
      if (broken) explain(file)(broken);
    },
  };
}

/** Of a record, and of its samples: ten thousand trials take some 40 MB. */
const mostBytes = 384 * 1024 ** 2;

/** A thousand hosts with a run of 27 trials take some 170 MB; as data, a record takes several times as much memory as on disk. */
export const mostFleetBytes = 192 * 1024 ** 2;

const unreadable = (file: string) => (error: NodeJS.ErrnoException) => {
  throw new TareError({ code: 'run-unreadable', path: file, reason: error.code ?? error.message });
};

const textOf = (file: string): Promise<string> =>
  foreignText(file, { bytes: isFleetFile(file) ? mostFleetBytes : mostBytes }).catch(unreadable(file));

/**
 * A record as Tare keeps it, in whichever folder: its file's name tells of which kind it is.
 * @throws {TareError} `run-unreadable` · `run-too-new`
 */
export const loadKept = async (file: string): Promise<RunRecord> =>
  (isFleetFile(file) ? readFleet : readRun)(await textOf(file), file);

/** One of either kind wherever it lies, whatever it is called. @throws as `loadKept` */
export const loadRecordFile = async (file: string): Promise<RunRecord> =>
  readRecord(await textOf(file), file);

/** Of one on several hosts, without the runs in it. @throws as `loadKept` */
export const loadFleetOverview = async (file: string): Promise<FleetOverview> =>
  readFleetOverview(await textOf(file), file);

/**
 * A record as its file has it, or as this process has it where the file could not be written. One on several hosts that has no end yet is
 * told with what is home.
 * @throws {TareError} `run-unknown` · `run-unreadable` · `run-too-new`
 */
export async function loadRecord(data: string, id: RunId): Promise<RunRecord> {
  const file = keptFile(data, id);
  const lost = unkept.get(file);
  if (lost) return structuredClone(lost);
  const record = await loadKept(file).catch((error: unknown) => {
    const { failure } = error as TareError;
    throw failure?.code === 'run-unreadable' && failure.reason === 'ENOENT'
      ? new TareError({ code: 'run-unknown', id })
      : error;
  });
  return isOfHosts(record) && record.endedAt === undefined
    ? { ...record, hosts: await homeHosts(data, id, record.hosts) }
    : record;
}

/** Those of the record, and those whose run lies beside it. */
async function homeHosts(data: string, id: RunId, known: readonly FleetHost[]): Promise<FleetHost[]> {
  const folders = await readdir(path.dirname(fleetHostFolder(data, id, '_'))).catch(() => []);
  const home: FleetHost[] = [];
  for (const name of folders.sort()) {
    if (known.some((host) => host.name === name)) continue;
    const run = await runBeside(data, id, name).catch(() => undefined);
    if (run) home.push({ name, outcome: outcomeOf(run.state), runId: run.id, run });
  }
  return [...known, ...home];
}

async function runBeside(data: string, id: RunId, host: string): Promise<Run> {
  const file = path.join(fleetHostFolder(data, id, host), path.basename(runFile(data, id)));
  return readRun(await textOf(file), file);
}

/**
 * The run of one host: of this computer where none is named.
 * @throws {TareError} as `loadRecord`
 */
export async function loadRun(data: string, id: RunId, name?: string): Promise<Run> {
  const record = await loadRecord(data, id);
  if (name === undefined && !isOfHosts(record)) return record;
  const host = isOfHosts(record) ? record.hosts.find((one) => one.name === name) : undefined;
  const run = host?.run ?? (host && (await runBeside(data, id, host.name).catch(() => undefined)));
  if (!run) throw new TareError({ code: 'run-unknown', id: name === undefined ? id : `${id}/${name}` });
  return run;
}

/**
 * Samples of a run, in the order they were taken. A torn line, as a kill leaves it, is skipped.
 * @throws {TareError} `run-unreadable`
 */
export async function loadSamples(data: string, id: RunId): Promise<Sample[]> {
  const file = samplesFile(data, id);
  const text = await foreignText(file, { bytes: mostBytes }).catch((error: NodeJS.ErrnoException) =>
    error.code === 'ENOENT' ? '' : unreadable(file)(error),
  );
  return text.split('\n').flatMap((line) => parseSample(line) ?? []);
}

export function parseSample(line: string): Sample | undefined {
  try {
    return SampleSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** Where each record lies of what this computer alone ran, the oldest first. */
export const runFiles = async (data: string): Promise<Map<RunId, string>> =>
  new Map(await filesIn(runsFolder(data), runFile('', '')));

/** The same of all records. */
export async function recordFiles(data: string): Promise<Map<RunId, string>> {
  const fleets = await filesIn(fleetsFolder(data), fleetFile('', ''));
  return new Map([...(await runFiles(data)), ...fleets].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Of thousands of ids joining paths would take longer than asking for what is there. */
async function filesIn(folder: string, file: string): Promise<[RunId, string][]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const [before, behind] = [folder + path.sep, path.sep + path.basename(file)];
  const ids = names.filter(isRunId).sort();
  return ids.map((id) => [id, before + id + behind]);
}
