import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TareError } from '../../../../../main/engine/base/errors';
import { openDocker } from '../../../../../main/engine/base/docker/client';
import { isOlder, newestApiVersion } from '../../../../../main/engine/base/docker/version';

let home: string;
const servers: http.Server[] = [];
beforeEach(() => (home = mkdtempSync(path.join(os.tmpdir(), 'tare-client-'))));
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  rmSync(home, { recursive: true });
});

const docker = {
  Version: '28.1.0',
  Os: 'linux',
  Arch: 'arm64',
  Components: [{ Name: 'Engine', Version: '28.1.0' }],
};
const podman = { ...docker, Version: '5.4.2', Components: [{ Name: 'Podman Engine', Version: '5.4.2' }] };

const asked: string[] = [];

/** An engine that answers the first calls; `version: undefined` never answers, a number is an error status. */
async function engine(
  at: string | undefined,
  version: object | number | undefined,
  info: object = {},
): Promise<string> {
  const server = http.createServer((request, response) => {
    asked.push(request.url!);
    if (version === undefined) return;
    if (typeof version === 'number') return void response.writeHead(version).end('{"message":"no room"}');
    response.setHeader('Content-Type', 'application/json');
    if (request.url === '/_ping') response.end('OK');
    else response.end(JSON.stringify(request.url!.endsWith('/info') ? info : version));
  });
  servers.push(server);
  if (at === undefined) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `tcp://127.0.0.1:${(server.address() as { port: number }).port}`;
  }
  mkdirSync(path.dirname(at), { recursive: true });
  await new Promise<void>((resolve) => server.listen(at, resolve));
  return `unix://${at}`;
}

const open = (environment: NodeJS.ProcessEnv, rest = {}) =>
  openDocker({ environment, home, limitMs: 500, ...rest });

async function attempts(
  opening: Promise<unknown>,
): Promise<{ source: string; endpoint: string; reason: string }[]> {
  const error: unknown = await opening.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(TareError);
  const { failure } = error as TareError;
  if (failure.code !== 'docker-unreachable') throw new Error(failure.code);
  return failure.tried;
}

test('an engine on a socket is named with its version and platform', async () => {
  const endpoint = await engine(path.join(home, 'd.sock'), docker);
  expect(await open({ DOCKER_HOST: endpoint })).toMatchObject({
    name: 'Docker',
    version: '28.1.0',
    os: 'linux',
    architecture: 'arm64',
    endpoint,
    source: 'DOCKER_HOST',
    attempts: [{ source: 'DOCKER_HOST', endpoint, state: 'used' }],
  });
});

test.each([
  ['Podman, whose service ends while a connection is idle, is asked by a new one', podman, 'close'],
  ['Docker is asked by a connection that is kept', docker, 'keep-alive'],
])('%s', async (_, version, connection) => {
  const endpoint = await engine(path.join(home, 'd.sock'), version);
  const client = await open({ DOCKER_HOST: endpoint });
  const headers = new Promise<http.IncomingHttpHeaders>((resolve) =>
    servers[0]!.once('request', (request: http.IncomingMessage) => resolve(request.headers)),
  );
  await client.docker.version();
  expect((await headers).connection).toBe(connection);
});

test('Podman is told from Docker by its components', async () => {
  const runtime = path.join(home, 'run');
  const endpoint = await engine(path.join(runtime, 'podman/podman.sock'), podman);
  expect(await open({ DOCKER_HOST: endpoint })).toMatchObject({ name: 'Podman', version: '5.4.2' });
});

test('an engine over TCP is asked there, whatever DOCKER_HOST of this process says', async () => {
  const endpoint = await engine(undefined, docker);
  const before = process.env.DOCKER_HOST;
  process.env.DOCKER_HOST = 'tcp://127.0.0.1:1';
  try {
    expect(await open({}, { setting: endpoint })).toMatchObject({ endpoint, source: 'setting' });
  } finally {
    if (before === undefined) delete process.env.DOCKER_HOST;
    else process.env.DOCKER_HOST = before;
  }
});

describe('the version of the API', () => {
  const opened = async (versions: object, info?: object) => {
    asked.length = 0;
    return open({ DOCKER_HOST: await engine(path.join(home, 'd.sock'), { ...docker, ...versions }, info) });
  };

  test.each([
    ['the engine’s, where it is an older one', '1.44', '1.44'],
    ['the engine’s, where it is the newest known', newestApiVersion, newestApiVersion],
    ['the newest known, where the engine’s is newer', '1.99', newestApiVersion],
  ])('is %s, from the first call after it was told', async (_, ApiVersion, spoken) => {
    const { apiVersion } = await opened({ ApiVersion, MinAPIVersion: '1.24' });
    expect(apiVersion).toBe(spoken);
    expect(asked).toEqual(['/_ping', '/version', `/v${spoken}/info`]);
  });

  test('is left to an engine that tells none', async () => {
    expect(await opened({})).not.toHaveProperty('apiVersion');
    expect(asked).toEqual(['/_ping', '/version', '/info']);
  });

  test('that is too new is a failure of its own, and no other engine is asked', async () => {
    const opening = opened({ ApiVersion: '1.99', MinAPIVersion: '1.90' });
    await expect(opening).rejects.toMatchObject({
      failure: { code: 'docker-api-too-new', oldest: '1.90', known: newestApiVersion },
    });
  });

  test('is compared as two numbers', () => {
    const version = fc.tuple(fc.nat(3), fc.nat(200));
    fc.assert(
      fc.property(version, version, ([a, b], [c, d]) => {
        expect(isOlder(`${a}.${b}`, `${c}.${d}`)).toBe(a * 1000 + b < c * 1000 + d);
      }),
    );
  });
});

test.each([
  ['containerd', docker, { DriverStatus: [['driver-type', 'io.containerd.snapshotter.v1']] }],
  ['graphdriver', docker, { Driver: 'overlay2', DriverStatus: [['Backing Filesystem', 'extfs']] }],
  ['graphdriver', docker, { DriverStatus: null }],
  ['containers-storage', podman, { DriverStatus: [['Backing Filesystem', 'extfs']] }],
])('the store is %s by what the engine says of itself', async (store, version, info) => {
  const endpoint = await engine(path.join(home, 'd.sock'), version, info);
  expect(await open({ DOCKER_HOST: endpoint })).toMatchObject({ store });
});

describe('when nobody answers', () => {
  test('a choice that fails is not replaced by another engine', async () => {
    await engine(path.join(home, '.docker/run/docker.sock'), docker);
    const tried = await attempts(open({ DOCKER_HOST: 'unix:///nowhere.sock' }));
    expect(tried).toEqual([{ source: 'DOCKER_HOST', endpoint: 'unix:///nowhere.sock', reason: 'ENOENT' }]);
  });

  test.each([
    ['refuses', 'tcp://127.0.0.1:1', 'ECONNREFUSED'],
    ['is no endpoint', 'carrier pigeon', 'ERR_INVALID_URL'],
    ['has an unknown scheme', 'gopher://x', 'scheme-unknown'],
  ])('the reason is told when it %s', async (_, endpoint, reason) => {
    expect(await attempts(open({ DOCKER_HOST: endpoint }))).toEqual([
      { source: 'DOCKER_HOST', endpoint, reason },
    ]);
  });

  test('an engine that hangs is given up', async () => {
    const endpoint = await engine(path.join(home, 'd.sock'), undefined);
    expect(await attempts(open({ DOCKER_HOST: endpoint }))).toMatchObject([{ reason: 'ETIMEDOUT' }]);
  });

  test('an engine that only reports errors is told in its own words', async () => {
    const endpoint = await engine(path.join(home, 'd.sock'), 500);
    expect(await attempts(open({ DOCKER_HOST: endpoint }))).toMatchObject([{ reason: 'no room' }]);
  });

  test('an abort ends the search at once', async () => {
    const endpoint = await engine(path.join(home, 'd.sock'), undefined);
    const stop = new AbortController();
    const opening = open({ DOCKER_HOST: endpoint }, { signal: stop.signal, limitMs: 60_000 });
    stop.abort();
    await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
  });
});
