import Docker from 'dockerode';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Progress } from '../../../../../main/contract/work/progress';
import { pullImage } from '../../../../../main/engine/images/image/pull';
import type { RunScope } from '../../../../../main/engine/base/scope';

let folder: string;
let server: http.Server;
let asked: string[];
let told: Progress[];
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tare-pull-'));
  asked = [];
  told = [];
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

/** An engine that answers a pull with these lines, and then ends, hangs or cuts the connection. */
async function engine(lines: object[], then: 'end' | 'hang' | 'cut' = 'end'): Promise<Docker> {
  server = http.createServer((request, response) => {
    asked.push(request.url!);
    response.writeHead(200);
    for (const line of lines) response.write(JSON.stringify(line) + '\r\n');
    if (then === 'end') response.end();
    if (then === 'cut') setImmediate(() => response.destroy());
  });
  const socketPath = path.join(folder, 'docker.sock');
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return new Docker({ socketPath });
}

const scope = (signal = new AbortController().signal) =>
  ({ signal, progress: (progress) => told.push(progress) }) as Pick<
    RunScope,
    'signal' | 'progress'
  > as RunScope;

test('one tag is asked for, and the steps are told from start to done', async () => {
  const docker = await engine([
    { status: 'Pulling from a/b', id: 'latest' },
    { status: 'Downloading', id: 'x', progressDetail: { current: 1, total: 2 } },
    { status: 'Pull complete', id: 'x' },
  ]);
  await pullImage(docker, 'registry.example:5000/a/b', scope());
  expect(asked).toEqual(['/images/create?fromImage=registry.example%3A5000%2Fa%2Fb&tag=latest']);
  const ends = told.filter(({ state }) => state !== 'moving'); // a busy computer takes long enough to tell it
  expect(ends.map(({ step, subject, state }) => [step, subject, state])).toEqual([
    ['pull-image', 'registry.example:5000/a/b', 'started'],
    ['pull-image', 'registry.example:5000/a/b', 'done'],
  ]);
});

test('a failure that comes as data after a good status is a failure', async () => {
  const docker = await engine([
    { status: 'Pulling' },
    { errorDetail: { message: 'manifest unknown' }, error: 'manifest unknown' },
  ]);
  await expect(pullImage(docker, 'a', scope())).rejects.toMatchObject({
    failure: { code: 'image-unknown', reference: 'a', reason: 'manifest unknown' },
  });
  expect(told.map(({ state }) => state)).toEqual(['started']);
});

test('an abort ends a pull that has stalled', async () => {
  const docker = await engine([{ status: 'Pulling' }], 'hang');
  const stop = new AbortController();
  const pulling = pullImage(docker, 'a', scope(stop.signal));
  await expect.poll(() => asked).toHaveLength(1);
  stop.abort();
  await expect(pulling).rejects.toMatchObject({ name: 'AbortError' });
});

test('an engine that goes away in the middle is unreachable, and the image is not called unknown', async () => {
  const docker = await engine([{ status: 'Pulling' }], 'cut');
  await expect(pullImage(docker, 'a', scope())).rejects.toMatchObject({
    failure: { code: 'docker-unreachable', tried: [{ reason: 'ECONNRESET' }] },
  });
});
