/** An engine that takes questions and does not answer them: a real socket, and a clock of the test's own. */
import type Docker from 'dockerode';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { finished } from 'node:stream/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openDocker } from '../../../../../main/engine/base/docker/client';
import { limitOf } from '../../../../../main/engine/base/docker/limits';
import { removeContainer } from '../../../../../main/engine/base/docker/owned';

const facts = { Version: '28.1.0', Os: 'linux', Arch: 'amd64', Components: [{ Name: 'Engine' }] };
/** What of the paths is answered, and how; everything else never is. */
let answers: [path: RegExp, body: string | undefined][] = [];
let server: http.Server;
let docker: Docker;
let asked: string[] = [];
/** told of each question when it is there */
let heard: () => void = () => undefined;

beforeEach(async () => {
  asked = [];
  answers = [[/_ping|version|info/, JSON.stringify(facts)]];
  server = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const [, body] = answers.find(([path]) => path.test(request.url!)) ?? [];
    response.setHeader('Content-Type', 'application/json');
    if (body !== undefined) response.end(body);
    else if (request.url!.includes('/images/create')) response.write('{"status":"Pulling"}\n'); // and then nothing more
    heard();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  ({ docker } = await openDocker({ environment: { DOCKER_HOST: endpoint } }));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(async () => {
  vi.useRealTimers();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** Waits until the engine has a further question. */
const question = () => new Promise<void>((resolve) => (heard = resolve));
const silent = (operation: string, afterMs: number) => ({
  failure: { code: 'docker-silent', operation, afterMs },
});

test.each([
  ['inspect', () => docker.getContainer('a').inspect(), 'GET /containers/a/json', 30_000],
  ['stop', () => docker.getContainer('a').stop({ t: 1 }), 'POST /containers/a/stop', 20_000],
  ['remove', () => docker.getContainer('a').remove({ force: true }), 'DELETE /containers/a', 20_000],
  ['create', () => docker.createContainer({ name: 'a' }), 'POST /containers/create', 120_000],
  ['start', () => docker.getContainer('a').start(), 'POST /containers/a/start', 120_000],
  ['list', () => docker.listContainers(), 'GET /containers/json', 30_000],
] as const)('%s is given up when the engine does not answer', async (_, ask, operation, limitMs) => {
  const there = question();
  const outcome = expect(ask()).rejects.toMatchObject(silent(operation, limitMs));
  await there;
  await vi.advanceTimersByTimeAsync(limitMs);
  await outcome;
});

test('an engine that let one question go unanswered is asked briefly, until it answers one', async () => {
  const inspect = async (limitMs: number) => {
    const there = question();
    const outcome = expect(docker.getContainer('a').inspect()).rejects.toMatchObject(
      silent('GET /containers/a/json', limitMs),
    );
    await there;
    await vi.advanceTimersByTimeAsync(limitMs);
    await outcome;
  };
  await inspect(30_000);
  await inspect(5000);
  answers.push([/containers\/json/, '[]']);
  await expect(docker.listContainers()).resolves.toEqual([]);
  await inspect(30_000);
});

test('a removal that is not answered says so, as does the look whether it is gone', async () => {
  const there = question();
  const outcome = expect(removeContainer(docker, 'a')).rejects.toMatchObject(
    silent('DELETE /containers/a', 20_000),
  );
  await there;
  await vi.advanceTimersByTimeAsync(20_000);
  await outcome;
});

test('a pull that falls silent ends after ten minutes', async () => {
  const stream = await docker.createImage({ fromImage: 'a', tag: 'b' });
  const ended = expect(finished(stream.resume())).rejects.toMatchObject(
    silent('POST /images/create', 600_000),
  );
  await new Promise((resolve) => stream.once('data', resolve));
  await vi.advanceTimersByTimeAsync(600_000);
  await ended;
});

test('a wait for a container’s end, and the engine’s events, have no limit but the asker’s own', async () => {
  const stop = new AbortController();
  const there = question();
  const waiting = docker.getContainer('a').wait({ abortSignal: stop.signal });
  const outcome = expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  await there;
  expect(vi.getTimerCount()).toBe(0);
  stop.abort();
  await outcome;
  expect(limitOf({ method: 'GET', path: '/events?filters=x' })).toBeUndefined();
});

test('an asker may give up before the limit, and leaves no timer behind', async () => {
  const stop = new AbortController();
  const there = question();
  const pulling = docker.getContainer('a').inspect({ abortSignal: stop.signal });
  const outcome = expect(pulling).rejects.toMatchObject({ name: 'AbortError' });
  await there;
  stop.abort();
  await outcome;
  expect(vi.getTimerCount()).toBe(0);
});
