/**
 * Valkey or Redis under the load of its own valkey-benchmark, in a closed model: so many connections, each asking again as soon as it
 * has been answered. The program knows no rate, so what is found out is how much the server answers, and how fast under that.
 */
import type { LoadOrder } from '../../../contract/run/load';
import type { RunScope } from '../../base/scope';
import { runClient, type Address, type Clients } from './clients';
import type { ServerLoad } from './percentiles';

const connections = 16;
/** Keys that the server holds while it is loaded. */
const keys = 10_000;

export async function loadRedis(
  at: Address,
  { seconds }: LoadOrder,
  clients: Clients,
  scope: RunScope,
  onPrepared: () => Promise<void>,
): Promise<ServerLoad> {
  const run = async (test: 'set' | 'get', requests: number) => {
    const output = await runClient({
      ...{ clients, at, scope, service: 'valkey' as const },
      words: (host) => [
        ...(['valkey-benchmark', '-h', host, '-p', String(at.port), '--csv', '-t', test] as const),
        ...['-n', String(requests), '-r', String(keys), '-c', String(connections)],
      ],
    });
    return rowOf(output);
  };
  const { rps } = await run('set', keys);
  await onPrepared();
  const requests = Math.max(1, Math.round(rps * seconds));
  const row = await run('get', requests);
  return {
    client: 'valkey-benchmark',
    sent: requests,
    answered: requests,
    failed: 0, // it ends at the first error
    withheld: 0,
    tookMs: (requests / row.rps) * 1000,
    answeredPerSecond: row.rps,
    latencyMs: { p50: row.p50, p95: row.p95, p99: row.p99, most: row.most },
    latenessMs: 0, // nothing is due at any time
  };
}

const columns = {
  rps: 'rps',
  p50: 'p50_latency_ms',
  p95: 'p95_latency_ms',
  p99: 'p99_latency_ms',
  most: 'max_latency_ms',
};
type Row = Record<keyof typeof columns, number>;

/**
 * The only row of what `--csv` prints, by the names in its head.
 * @throws Error when a figure is not there: then it is another program than we know
 */
export function rowOf(output: string): Row {
  const [head, row] = output
    .split('\n')
    .filter((line) => line.startsWith('"'))
    .map((line) => line.split(',').map((cell) => cell.trim().replace(/^"|"$/g, '')));
  const figure = (name: string) => {
    const value = Number(row?.[head?.indexOf(name) ?? -1] ?? NaN);
    if (!Number.isFinite(value)) throw new Error(`valkey-benchmark printed no ${name}`);
    return value;
  };
  return Object.fromEntries(Object.entries(columns).map(([key, name]) => [key, figure(name)])) as Row;
}
