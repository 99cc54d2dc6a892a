/**
 * What comes home of hosts, and the record that is made of it. Each host's run is a file of its own until the last one is home, so that no
 * more than one is ever in memory; fleet.json holds them all.
 */
import { mkdir, open, readFile, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { FleetOverview } from '../../../contract/fleet/fleet';
import type { Run, RunId, Sample } from '../../../contract/run/run';
import { TareError } from '../../base/errors';
import { mostFleetBytes } from '../../results/history/store';
import { fleetFile, fleetFolder, fleetHostFolder } from '../../base/paths';
import { readRun } from '../../results/history/upgrade';

const mostSamplesBytes = 384 * 1024 ** 2;

const files = { record: 'run.json', samples: 'samples.ndjson' } as const;
type HomeFile = keyof typeof files;

const writeFailed =
  (file: string) =>
  (error: unknown): never => {
    if (error instanceof TareError) throw error;
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new TareError({ code: 'write-failed', path: file, reason }, { cause: error });
  };

/** A run on several hosts while it comes home. */
export interface FleetRecord {
  /** Opens the file of a host's samples, which come while it measures. */
  samples(host: string): HostSamples;
  /**
   * Keeps the run that came home of a host, as the current version has it. What is none, another one, or one without an end is not kept.
   * @throws {TareError} `run-unreadable` · `run-too-new` · `transfer-damaged` · `write-failed`
   */
  keep(host: string, id: RunId, run: unknown): Promise<Run>;
  /** The same read again. @throws {TareError} `run-unreadable` */
  run(host: string): Promise<Run>;
  /**
   * Writes fleet.json, with the runs of those hosts that have one, as far as it has room for them: the others stay beside it.
   * @throws {TareError} `write-failed`
   */
  save(fleet: FleetOverview): Promise<void>;
}

/** They are kept under their name once they are whole. */
interface HostSamples {
  /** @throws {TareError} `write-failed` · `transfer-damaged` where they are too many */
  append(samples: readonly Sample[]): Promise<void>;
  /** Safe to call twice. @param isWhole  else nothing of it is kept @throws {TareError} `write-failed` */
  close(isWhole: boolean): Promise<void>;
}

/**
 * Makes the folder of a run on several hosts.
 * @throws {TareError} `write-failed`
 */
export async function createFleetRecord(
  data: string,
  id: RunId,
  { fleetBytes = mostFleetBytes, samplesBytes = mostSamplesBytes } = {},
): Promise<FleetRecord> {
  const folder = fleetFolder(data, id);
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(writeFailed(folder));
  const fileOf = (host: string, file: HomeFile) => path.join(fleetHostFolder(data, id, host), files[file]);
  const textOf = (host: string) => readFile(fileOf(host, 'record'), 'utf8');
  return {
    samples: (host) => openSamples(fileOf(host, 'samples'), samplesBytes),
    async keep(host, asked, value) {
      const file = fileOf(host, 'record');
      const run = readRun(JSON.stringify(value ?? null), file);
      if (run.id !== asked || !hasEnded(run))
        throw new TareError({ code: 'transfer-damaged', what: `${files.record}: ${run.id} ${run.state}` });
      await makeFolder(file);
      await writeFile(file, JSON.stringify(run), { mode: 0o600 }).catch(writeFailed(file));
      return run;
    },
    async run(host) {
      return readRun(await textOf(host), fileOf(host, 'record'));
    },
    async save(fleet) {
      const target = fleetFile(data, id);
      const within = await writeFleet(target, fleet, { textOf, mostBytes: fleetBytes }).catch(
        writeFailed(target),
      );
      if (fleet.endedAt !== undefined)
        for (const name of within) await rm(fileOf(name, 'record'), { force: true });
    },
  };
}

const hasEnded = ({ state }: Run): boolean => state === 'done' || state === 'stopped' || state === 'failed';

const makeFolder = (file: string) =>
  mkdir(path.dirname(file), { recursive: true, mode: 0o700 }).catch(writeFailed(file));

function openSamples(target: string, mostBytes: number): HostSamples {
  const aside = `${target}.part`;
  const opened = makeFolder(target).then(() => open(aside, 'w', 0o600));
  opened.catch(() => undefined); // told when something is written
  let bytes = 0;
  let isClosed = false;
  return {
    async append(samples) {
      const text = samples.map((sample) => `${JSON.stringify(sample)}\n`).join('');
      bytes += text.length;
      if (bytes > mostBytes)
        throw new TareError({ code: 'transfer-damaged', what: `${files.samples}: > ${mostBytes} B` });
      await opened.then((file) => file.appendFile(text)).catch(writeFailed(target));
    },
    async close(isWhole) {
      if (isClosed) return;
      isClosed = true;
      await opened.then((file) => file.close()).catch(isWhole ? writeFailed(target) : () => undefined);
      await (isWhole ? rename(aside, target) : rm(aside, { force: true })).catch(writeFailed(target));
    },
  };
}

/**
 * Writes the record aside, and then in its place.
 * @returns the hosts whose runs are in it
 */
async function writeFleet(target: string, fleet: FleetOverview, runs: Runs): Promise<string[]> {
  const aside = `${target}.new`;
  const file = await open(aside, 'w', 0o600);
  try {
    const within = await writeHosts(file, fleet, runs);
    await file.sync();
    await file.close();
    await rename(aside, target);
    return within;
  } catch (error) {
    await file.close();
    await rm(aside, { force: true }).catch(() => undefined);
    throw error;
  }
}

interface Runs {
  textOf: (host: string) => Promise<string>;
  /** of the whole record */
  mostBytes: number;
}

/** One host after the other: a run's text is put in as it came home, where it was read and found to be a run. */
async function writeHosts(
  file: FileHandle,
  { hosts, ...rest }: FleetOverview,
  { textOf, mostBytes }: Runs,
): Promise<string[]> {
  const head = `${JSON.stringify(rest, null, 1).slice(0, -2)},\n "hosts": [`;
  const rows = hosts.map((host) => JSON.stringify(host));
  let room = mostBytes - [head, ...rows].reduce((sum, text) => sum + Buffer.byteLength(text) + 100, 0);
  const within: string[] = [];
  await file.appendFile(head);
  for (const [at, { name, runId }] of hosts.entries()) {
    const run = runId === undefined ? undefined : await textOf(name).catch(() => undefined);
    const bytes = Buffer.byteLength(run ?? '');
    const isWithin = run !== undefined && bytes <= room;
    if (isWithin) {
      room -= bytes;
      within.push(name);
    }
    const row = isWithin ? `${rows[at]!.slice(0, -1)},"run":${run.trim()}}` : rows[at]!;
    await file.appendFile(`${at === 0 ? '' : ','}\n  ${row}`);
  }
  await file.appendFile('\n ]\n}\n');
  return within;
}
