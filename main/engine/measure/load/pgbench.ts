/**
 * PostgreSQL under the load of its own pgbench, in an open model: transactions are due at the plan's rate, exponentially apart, and a
 * latency counts from then. Each reads one row by its key (`--select-only`): what a write costs hangs on the disk, which is memory in
 * machines and plain processes. The percentiles are of pgbench's own log of every transaction.
 */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import type { LoadOrder } from '../../../contract/run/load';
import { runClient, type Address, type Clients } from './clients';
import { percentilesOf, type ServerLoad } from './percentiles';
import type { RunScope } from '../../base/scope';

/** As many at once; more that are due wait, and their latency says so. */
const connections = 16;
const logPrefix = 'transactions';

export async function loadPostgresql(
  at: Address,
  { ratePerSecond, seconds }: LoadOrder,
  clients: Clients,
  scope: RunScope,
  onPrepared: () => Promise<void>,
): Promise<ServerLoad> {
  const run = (words: string[], look?: (files: Readable) => Promise<void>) =>
    runClient(
      {
        ...{ clients, at, scope, service: 'postgresql' as const },
        words: (host) => [
          ...(['pgbench', '--host', host, '--port', String(at.port), '--username', 'postgres'] as const),
          ...words,
          'postgres',
        ],
      },
      look,
    );
  await run(['--initialize', '--quiet', '--scale', '1']);
  await onPrepared();
  const log = emptyLog();
  const options = ['--select-only', '--no-vacuum', '--client', String(connections), '--jobs', '1'];
  const timing = ['--rate', String(ratePerSecond), '--time', String(Math.max(1, Math.round(seconds)))];
  const logging = ['--log', '--log-prefix', logPrefix];
  const output = await run([...options, ...timing, ...logging], (files) => readLogs(files, log));
  return resultOf(log, output);
}

/** What the transactions of one load came to. */
export interface TransactionLog {
  latency: RecordableHistogram;
  lag: RecordableHistogram;
  failed: number;
  /** Unix time of the first and of the last end, in microseconds */
  firstUs: number;
  lastUs: number;
}

export const emptyLog = (): TransactionLog => ({
  latency: createHistogram(),
  lag: createHistogram(),
  failed: 0,
  firstUs: Infinity,
  lastUs: 0,
});

/**
 * Takes in a line of the log: client, number, latency in µs or `failed`, script, seconds and microseconds of the end, and how far
 * behind its time it began, in µs (PostgreSQL's documentation, "pgbench", "Per-Transaction Logging"). Others are left out.
 */
export function takeLine(log: TransactionLog, line: string): void {
  const found = /^\d+ \d+ (\d+|failed|skipped) \d+ (\d+) (\d+)(?: (\d+))?/.exec(line);
  if (!found) return;
  const [, latency, seconds, micros, lag] = found;
  if (latency === 'failed' || latency === 'skipped') {
    log.failed += 1;
    return;
  }
  log.latency.record(Math.max(1, Number(latency)));
  if (lag !== undefined) log.lag.record(Math.max(1, Number(lag)));
  const endUs = Number(seconds) * 1_000_000 + Number(micros);
  log.firstUs = Math.min(log.firstUs, endUs - Number(latency));
  log.lastUs = Math.max(log.lastUs, endUs);
}

async function readLogs(files: Readable, log: TransactionLog): Promise<void> {
  const tar = files.pipe(extract());
  for await (const entry of tar) {
    if (entry.header.name.split('/').at(-1)!.startsWith(`${logPrefix}.`))
      for await (const line of createInterface({ input: Readable.from(entry) })) takeLine(log, line);
    entry.resume();
  }
}

/** pgbench's own rate excludes the time until it was connected; its log begins with the first transaction. */
export function resultOf(log: TransactionLog, output: string): ServerLoad {
  const answered = log.latency.count;
  const tookMs = Math.max(0, log.lastUs - log.firstUs) / 1000;
  const perSecond = Number(/^tps = ([\d.]+)/m.exec(output)?.[1] ?? NaN);
  return {
    client: 'pgbench',
    sent: answered + log.failed,
    answered,
    failed: log.failed,
    withheld: 0,
    tookMs: answered > 0 ? tookMs : 0,
    answeredPerSecond: Number.isFinite(perSecond) ? perSecond : 0,
    ...percentilesOf(log.latency),
    latenessMs: log.lag.count > 0 ? log.lag.percentile(99) / 1000 : 0,
  };
}
