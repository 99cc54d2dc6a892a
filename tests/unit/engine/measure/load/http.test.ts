import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { loadHttp } from '../../../../../main/engine/measure/load/http';

let server: http.Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(answer: http.RequestListener) {
  server = http.createServer(answer);
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port, path: '/' };
}
const never = new AbortController().signal;

test('every request is sent at the rate asked for, answered and counted', async () => {
  const to = await serve((_, response) => response.end('page'));
  const found = await loadHttp(to, { ratePerSecond: 200, seconds: 1 }, never);
  expect(found).toMatchObject({ sent: 200, answered: 200, failed: 0, withheld: 0 });
  expect(found.tookMs).toBeGreaterThan(950);
  expect(found.answeredPerSecond).toBeGreaterThan(150);
  const { p50, p90, p95, p99, p999, most } = found.latencyMs!;
  const rising = [p50, p90!, p95!, p99, p999!];
  expect(rising).toEqual([...rising].sort((a, b) => a - b));
  expect(most).toBeGreaterThan(0);
});

test('a server that stalls delays all who would have come meanwhile, not one', async () => {
  let stalledUntilMs: number | undefined;
  const waiting: (() => void)[] = [];
  const to = await serve((_, response) => {
    stalledUntilMs ??= performance.now() + 500;
    const left = stalledUntilMs - performance.now();
    if (left <= 0) return void response.end('page');
    waiting.push(() => response.end('page'));
    if (waiting.length === 1) setTimeout(() => waiting.forEach((answer) => answer()), left);
  });
  const { latencyMs } = await loadHttp(to, { ratePerSecond: 100, seconds: 1 }, never);
  // half of the requests came in the half second of the stall, and waited a quarter of a second on average
  expect(latencyMs!.p90).toBeGreaterThan(300);
  expect(latencyMs!.most).toBeGreaterThan(450);
});

test('refusals and errors are failures, and without an answer there is no latency', async () => {
  const to = await serve((_, response) => response.writeHead(500).end());
  const found = await loadHttp(to, { ratePerSecond: 50, seconds: 0.2 }, never);
  expect(found).toMatchObject({ sent: 10, answered: 0, failed: 10 });
  expect(found.latencyMs).toBeUndefined();
});

test('stops at once when aborted', async () => {
  const to = await serve((_, response) => response.end('page'));
  const stopping = new AbortController();
  const loading = loadHttp(to, { ratePerSecond: 10, seconds: 60 }, stopping.signal);
  stopping.abort();
  await expect(loading).rejects.toThrow();
});

test('a request that hangs, or is answered late, does not lower the throughput of the others', async () => {
  let asked = 0;
  const to = await serve((_, response) => {
    asked += 1;
    if (asked === 10) setTimeout(() => response.end('page'), 2500);
    else response.end('page');
  });
  const found = await loadHttp(to, { ratePerSecond: 100, seconds: 1 }, never);
  expect(found).toMatchObject({ sent: 100, answered: 100, failed: 0 });
  expect(found.tookMs).toBeGreaterThan(2500);
  expect(found.latencyMs!.most).toBeGreaterThan(2400);
  expect(found.answeredPerSecond).toBeGreaterThan(80);
});

test('a queue that is worked off after the load does not count as throughput', async () => {
  const queue: http.ServerResponse[] = [];
  const to = await serve((_, response) => void queue.push(response));
  const worker = setInterval(() => queue.shift()?.end('page'), 20);
  try {
    const found = await loadHttp(to, { ratePerSecond: 100, seconds: 1 }, never);
    expect(found).toMatchObject({ sent: 100, answered: 100 });
    expect(found.answeredPerSecond).toBeLessThan(60); // at most one in 20 ms
  } finally {
    clearInterval(worker);
  }
});

test('no more than 256 wait at once: what is due beyond them is withheld and counted', async () => {
  let open = 0;
  let most = 0;
  const to = await serve((_, response) => {
    most = Math.max(most, (open += 1));
    setTimeout(() => {
      open -= 1;
      response.end('page');
    }, 700);
  });
  const found = await loadHttp(to, { ratePerSecond: 1000, seconds: 0.5 }, never);
  expect(found).toMatchObject({ sent: 256, answered: 256, withheld: 244 });
  expect(most).toBeLessThanOrEqual(256);
});
