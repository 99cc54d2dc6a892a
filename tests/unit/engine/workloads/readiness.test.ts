import http from 'node:http';
import net from 'node:net';
import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { waitReady } from '../../../../main/engine/workloads/readiness';

const servers: net.Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function listen(server: net.Server, port = 0): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
const http200 = (body: string) => http.createServer((_, response) => response.end(body));
const probe = { kind: 'http', path: '/' } as const;
const ask = (
  port: number,
  how: Parameters<typeof waitReady>[1] = probe,
  signal = new AbortController().signal,
) => waitReady({ host: '127.0.0.1', port }, how, signal, { lastAnswer: '' });

test('an application that listens late is found when it answers, not when the port opens', async () => {
  // Like a port proxy: accepts from the start and drops every connection until the application is up.
  let up = false;
  const page = http200('hello');
  const proxy = net.createServer((socket) => {
    if (!up) socket.destroy();
    else page.emit('connection', socket);
  });
  const port = await listen(proxy);
  let upAtMs = 0;
  const askedAtMs = performance.now();
  setTimeout(() => {
    up = true;
    upAtMs = performance.now();
  }, 120);
  const ready = await ask(port);
  expect(ready.atMs).toBeGreaterThan(upAtMs);
  expect(ready.resolutionMs).toBeGreaterThan(0);
  expect(ready.resolutionMs).toBeLessThan(ready.atMs - askedAtMs);
  const { fromMs, toMs } = ready.waited!;
  expect(toMs).toBeGreaterThanOrEqual(fromMs);
  expect(ready.firstByteAtMs).toBeGreaterThanOrEqual(toMs);
  expect(ready.answerSha256).toBe(createHash('sha256').update('hello').digest('hex'));
});

test('a connection that is accepted and left hanging does not hold up the next try', async () => {
  let connections = 0;
  /** connections that are held and say nothing */
  let silent = 0;
  let silentWhenOvertaken = 0;
  const page = http200('late');
  const proxy = net.createServer((socket) => {
    connections += 1;
    if (connections > 2) {
      silentWhenOvertaken = silent;
      page.emit('connection', socket);
      return;
    }
    silent += 1;
    socket.on('close', () => (silent -= 1));
    servers.push({ close: () => socket.destroy() } as unknown as net.Server);
  });
  const port = await listen(proxy);
  await ask(port);
  expect(connections).toBe(3);
  expect(silentWhenOvertaken).toBe(2);
});

test('an error page is not readiness', async () => {
  let count = 0;
  const port = await listen(
    http.createServer((_, response) => {
      count += 1;
      response.writeHead(count < 4 ? 503 : 200).end();
    }),
  );
  await ask(port);
  expect(count).toBe(4);
});

test('a service that speaks its own protocol is asked in it', async () => {
  const port = await listen(
    net.createServer((socket) =>
      socket.on('data', (data) => socket.write(data.toString() === 'PING\r\n' ? '+PONG\r\n' : '-ERR')),
    ),
  );
  await expect(ask(port, { kind: 'tcp', say: 'PING\r\n', expect: '+PONG' })).resolves.toBeDefined();
});

test('stopping ends the wait at once and says what the last try saw', async () => {
  const port = await listen(http.createServer((_, response) => response.writeHead(404).end()));
  const stop = new AbortController();
  const attempts = { lastAnswer: '' };
  const waiting = waitReady({ host: '127.0.0.1', port }, probe, stop.signal, attempts);
  setTimeout(() => stop.abort(), 100);
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  expect(attempts.lastAnswer).toBe('HTTP 404');
});
