/**
 * What comes home of hosts, and the record that is made of it. Each host's run is a file of its own until the last one is home, so that no
 * more than one is ever in memory; fleet.json holds them all.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import type { FleetOverview } from '../../../contract/fleet/fleet';
import type { Run, RunId } from '../../../contract/run/run';
import { TareError } from '../../base/errors';
import { mostFleetBytes } from '../../results/history/fleets/store';
import { fleetFile, fleetFolder, fleetHostFolder } from '../../base/paths';
import { readRun } from '../../results/history/upgrade';
import { drained } from './drained';

/** Of a record that comes from a host: ten thousand trials take some 40 MB. */
const mostRecordBytes = 64 * 1024 ** 2;
const mostSamplesBytes = 384 * 1024 ** 2;

const files = { record: 'run.json', samples: 'samples.ndjson' } as const;
const mostBytesOf = { record: mostRecordBytes, samples: mostSamplesBytes } as const;
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
  /**
   * Keeps a file of a host, as `fetch` hands it on piece by piece. What did not come whole is not kept.
   * @throws {TareError} `write-failed` · `transfer-damaged` where it is too long; what `fetch` throws
   */
  keep(
    host: string,
    file: HomeFile,
    fetch: (take: (piece: Buffer) => Promise<void>) => Promise<void>,
  ): Promise<void>;
  /**
   * The run that came home of a host, as the current version has it. What is none, another one, or one without an end is not kept.
   * @throws {TareError} `run-unreadable` · `run-too-new` · `transfer-damaged` · `write-failed`
   */
  run(host: string, id: RunId): Promise<Run>;
  /**
   * Writes fleet.json, with the runs of those hosts that have one, as far as it has room for them: the others stay beside it.
   * @throws {TareError} `write-failed`
   */
  save(fleet: FleetOverview): Promise<void>;
}

/**
 * Makes the folder of a run on several hosts.
 * @throws {TareError} `write-failed`
 */
export async function createFleetRecord(
  data: string,
  id: RunId,
  mostBytes = mostFleetBytes,
): Promise<FleetRecord> {
  const folder = fleetFolder(data, id);
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(writeFailed(folder));
  const fileOf = (host: string, file: HomeFile) => path.join(fleetHostFolder(data, id, host), files[file]);
  const textOf = (host: string) => readFile(fileOf(host, 'record'), 'utf8');
  return {
    async keep(host, file, fetch) {
      const target = fileOf(host, file);
      await mkdir(path.dirname(target), { recursive: true, mode: 0o700 }).catch(writeFailed(target));
      await keepFile(target, mostBytesOf[file], fetch);
    },
    async run(host, asked) {
      const file = fileOf(host, 'record');
      try {
        const run = readRun(await textOf(host), file);
        if (run.id !== asked || !hasEnded(run))
          throw new TareError({ code: 'transfer-damaged', what: `${files.record}: ${run.id} ${run.state}` });
        await writeFile(file, JSON.stringify(run)).catch(writeFailed(file));
        return run;
      } catch (error) {
        await rm(file, { force: true });
        throw error;
      }
    },
    async save(fleet) {
      const target = fleetFile(data, id);
      const within = await writeFleet(target, fleet, { textOf, mostBytes }).catch(writeFailed(target));
      if (fleet.endedAt !== undefined)
        for (const name of within) await rm(fileOf(name, 'record'), { force: true });
    },
  };
}

const hasEnded = ({ state }: Run): boolean => state === 'done' || state === 'stopped' || state === 'failed';

async function keepFile(
  target: string,
  most: number,
  fetch: (take: (piece: Buffer) => Promise<void>) => Promise<void>,
): Promise<void> {
  const aside = `${target}.part`;
  const stream = createWriteStream(aside, { mode: 0o600 });
  let broken: Error | undefined;
  const written = finished(stream).catch((error: Error) => void (broken = error));
  let bytes = 0;
  const take = async (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > most)
      throw new TareError({ code: 'transfer-damaged', what: `${path.basename(target)}: > ${most} B` });
    if (!broken && !stream.write(piece)) await drained(stream);
    if (broken) writeFailed(target)(broken);
  };
  try {
    await fetch(take);
    stream.end();
    await written;
    if (broken) throw broken;
    await rename(aside, target);
  } catch (error) {
    stream.destroy();
    await written; // it may only now be there
    await rm(aside, { force: true }).catch(() => undefined);
    writeFailed(target)(error);
  }
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
