import http from 'node:http';
import net from 'node:net';
import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { waitReady } from '../../../../../main/engine/measure/workloads/readiness';

const servers: net.Server[] = [];
const sockets: net.Socket[] = [];
afterEach(() => {
  sockets.splice(0).forEach((socket) => socket.destroy());
  servers.splice(0).forEach((server) => server.close());
});

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

/** A connection as the server sees it. */
interface Seen {
  atMs: number;
  socket: net.Socket;
  /** it can still be answered */
  isOpen: boolean;
}

const page = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok';
const answer = ({ socket }: Seen) => socket.end(page);

/** Listens, notes each connection, and leaves it to `meet` what becomes of it. @param meet  is told how many there were before */
async function server(meet: (seen: Seen, before: number) => void): Promise<{ port: number; seen: Seen[] }> {
  const seen: Seen[] = [];
  const port = await listen(
    net.createServer((socket) => {
      const one: Seen = { atMs: performance.now(), socket, isOpen: true };
      sockets.push(socket.on('error', () => undefined).resume());
      socket.on('close', () => (one.isOpen = false));
      seen.push(one);
      meet(one, seen.length - 1);
    }),
  );
  return { port, seen };
}

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

describe('is found by the first try that could have a good answer', () => {
  const turnsAt = 60;
  const refuse = ({ socket }: Seen) => socket.end('HTTP/1.1 503 Not yet\r\nconnection: close\r\n\r\n');
  const hold = () => undefined;
  const reset = ({ socket }: Seen) => socket.resetAndDestroy();

  test.each<[string, (seen: Seen, before: number) => void]>([
    ['hangs at first, then says 503', (seen, before) => (before === 0 ? hold() : refuse(seen))],
    ['hangs', hold],
    ['says 503', refuse],
    ['is accepted and reset', reset],
    ['takes turns in all of these', (seen, before) => [hold, refuse, reset][before % 3]!(seen)],
  ])('after 60 of which each %s', async (_, until) => {
    const { port, seen } = await server((one, before) => {
      if (before < turnsAt) until(one, before);
      else answer(one);
    });
    const askedAtMs = performance.now();
    const ready = await ask(port);
    const good = seen[turnsAt]!;
    const lastBad = seen[turnsAt - 1]!;
    expect(ready.firstByteAtMs).toBeGreaterThan(good.atMs);
    // The good one was made after the last bad one was, and its resolution reaches back to a bad one.
    expect(ready.resolutionMs).toBeGreaterThan(0);
    const madeAfterMs = ready.atMs - ready.resolutionMs!;
    expect(madeAfterMs).toBeGreaterThan(askedAtMs);
    expect(ready.resolutionMs).toBeLessThan(ready.atMs - askedAtMs);
    expect(ready.atMs).toBeGreaterThan(lastBad.atMs);
  });
});

test('of connections that hang, the first stays open and few of the others', async () => {
  let openAtOnce = 0;
  let isFirstOpen = false;
  const { port, seen } = await server((one, before) => {
    openAtOnce = Math.max(openAtOnce, seen.filter(({ isOpen }) => isOpen).length);
    if (before < 200) return;
    isFirstOpen = seen[0]!.isOpen;
    answer(one);
  });
  await ask(port);
  expect(isFirstOpen).toBe(true);
  expect(openAtOnce).toBeLessThan(30); // the server learns of the end of others later than it sees the next
});

test('a slow application is found by its first answer, which says nothing of when it was not ready', async () => {
  // It listens, and answers in the order of its queue, but not before many have asked.
  const { port, seen } = await server((_, before) => {
    if (before === 80) answer(seen[0]!);
  });
  const ready = await ask(port);
  expect(ready.resolutionMs).toBeUndefined();
  expect(ready.waited).toBeUndefined();
});

test('an error page is not readiness', async () => {
  let errors = 0;
  const port = await listen(
    http.createServer((_, response) => {
      if (errors < 3) {
        errors += 1;
        response.writeHead(503).end('no');
      } else response.end('yes');
    }),
  );
  const { answerSha256 } = await ask(port);
  expect(errors).toBe(3);
  expect(answerSha256).toBe(createHash('sha256').update('yes').digest('hex'));
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

test('of an application that never says a word, that is what the last try saw; nothing stays open', async () => {
  const stop = new AbortController();
  const { port, seen } = await server((_, before) => {
    if (before === 40) stop.abort();
  });
  const attempts = { lastAnswer: '' };
  await expect(waitReady({ host: '127.0.0.1', port }, probe, stop.signal, attempts)).rejects.toMatchObject({
    name: 'AbortError',
  });
  expect(attempts.lastAnswer).toBe('silent');
  await expect.poll(() => seen.filter(({ isOpen }) => isOpen)).toEqual([]);
});
