import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyLog, resultOf, takeLine } from '../../../../../main/engine/measure/load/pgbench';
import { rowOf } from '../../../../../main/engine/measure/load/valkeyBenchmark';

/** As pgbench 17 writes it with `--rate` and `--log`. */
const line = (latencyUs: number | 'failed', endUs: number, lagUs: number): string =>
  `3 17 ${latencyUs} 0 ${Math.floor(endUs / 1e6)} ${endUs % 1e6} ${lagUs}`;
const startUs = 1_795_000_000_000_000;

test('each transaction counts with its latency, and from the first beginning to the last end', () => {
  const log = emptyLog();
  takeLine(log, line(2000, startUs + 2000, 500));
  takeLine(log, line(4000, startUs + 1_000_000, 100));
  takeLine(log, line('failed', startUs + 1_500_000, 100));
  takeLine(log, 'pgbench (17.12 (Debian 17.12-0+deb13u1))');
  const result = resultOf(
    log,
    'latency average = 3.000 ms\ntps = 201.312764 (without initial connection time)\n',
  );
  expect(result).toMatchObject({
    client: 'pgbench',
    ...{ sent: 3, answered: 2, failed: 1, withheld: 0 },
    tookMs: 1000,
    answeredPerSecond: 201.312764,
  });
  expect(result.latencyMs!.p50).toBeCloseTo(2, 1);
  expect(result.latencyMs!.most).toBeCloseTo(4, 1);
  expect(result.latenessMs).toBeCloseTo(0.5, 1);
});

test('percentiles are those of the latencies, to three digits and one rank', () => {
  const latencies = fc.array(fc.integer({ min: 1, max: 10_000_000 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(latencies, (all) => {
      const log = emptyLog();
      for (const [at, latency] of all.entries()) takeLine(log, line(latency, startUs + at * 20_000_000, 0));
      const sorted = [...all].sort((a, b) => a - b);
      const near = (rank: number) => sorted[Math.min(Math.max(rank, 0), sorted.length - 1)]!;
      const { p50, p95, p99, most } = resultOf(log, '').latencyMs!;
      for (const [foundMs, share] of [
        [p50, 0.5],
        [p95!, 0.95],
        [p99, 0.99],
      ] as const) {
        const rank = Math.ceil(share * sorted.length) - 1;
        expect(foundMs * 1000).toBeGreaterThanOrEqual(near(rank - 1) * 0.998 - 1);
        expect(foundMs * 1000).toBeLessThanOrEqual(near(rank + 1) * 1.002 + 1);
      }
      expect(most * 1000).toBeGreaterThanOrEqual(sorted.at(-1)! * 0.998 - 1);
    }),
    { numRuns: 50 },
  );
});

test('no transaction is no latency, and no rate', () => {
  expect(resultOf(emptyLog(), 'tps = nan')).toEqual({
    client: 'pgbench',
    ...{ sent: 0, answered: 0, failed: 0, withheld: 0 },
    ...{ tookMs: 0, answeredPerSecond: 0, latenessMs: 0 },
  });
});

test('valkey-benchmark’s figures are found by the names in its head', () => {
  const csv =
    'WARNING: something\n"test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms"\n' +
    '"GET","11940.30","3.822","0.144","1.319","13.287","19.807","25.439"\n';
  expect(rowOf(csv)).toEqual({ rps: 11_940.3, p50: 1.319, p95: 13.287, p99: 19.807, most: 25.439 });
  expect(() => rowOf('"test","rps"\n"GET","11940.30"\n')).toThrow('p50_latency_ms');
  expect(() => rowOf('')).toThrow('rps');
});
