/** Compose files as Compose itself reads them, and their services run: one alone, and two of which one asks the other by its name. */
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Input } from '../../main/contract/calls';
import { freePort } from '../../main/engine/base/process/ports';
import { runToEnd, testEngine } from '../support/engine';
import { scratchImage, testKit } from '../support/images';
import { leftovers } from '../support/leaks';
import { removeWithImages, serviceImage } from '../support/services';

const engine = testEngine();
let folder: string;
let project: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tare-compose-'));
  project = path.join(folder, 'project');
  cpSync(path.resolve(import.meta.dirname, '../fixtures/compose/project'), project, { recursive: true });
  copyFileSync((await testKit()).busybox, path.join(project, 'busybox'));
  chmodSync(path.join(project, 'busybox'), 0o755);
});
afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  await engine.close();
  await removeWithImages(folder);
  rmSync(engine.dataFolder, { recursive: true });
});

const read = (text: string, asked: Partial<Input<'readCompose'>> = {}) => {
  const file = path.join(folder, 'compose.yaml');
  writeFileSync(file, text);
  return engine.readCompose({ path: file, ...asked });
};

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const quick = { trials: 1, warmups: 0, soakMs: 0, coolDownMs: 0 };

test('one service runs as a container and as a virtual machine, asked as its health check asks', async () => {
  const { plan, services } = await read(`
name: one
services:
  page:
    image: ${await scratchImage()}
    healthcheck:
      test: [CMD, wget, -qO-, 'http://localhost:8080/index.html']
    mem_limit: 128m
    cpus: 1
`);
  expect(services).toEqual(['page']);
  expect(plan).toMatchObject({
    name: 'one (compose)',
    targets: ['container', 'vm:direct'],
    arrangement: 'alone',
  });
  const run = await runToEnd(engine, { ...plan, ...quick });
  expect(run.trials.map(({ target, failure }) => [target, failure]).sort()).toEqual([
    ['container', undefined],
    ['vm:direct', undefined],
  ]);
  for (const { answerSha256 } of run.trials) expect(answerSha256).toBe(sha256('hello from scratch\n'));
  expect(leftovers(run.session)).toEqual([]);
});

test('a web server that asks its cache by name is started after it, and answers what the cache says, on each target that can', async () => {
  // as plain processes they listen on this computer's own ports
  vi.stubEnv('WEB_PORT', String(await freePort()));
  vi.stubEnv('CACHE_PORT', String(await freePort()));
  vi.stubEnv('CACHE_IMAGE', await serviceImage('valkey'));
  const { plan, warnings } = await engine.readCompose({
    path: path.join(project, 'compose.yaml'),
    targets: ['container', 'process'],
  });
  expect(warnings).toEqual([]);
  expect(plan.compose).toEqual({
    file: 'compose.yaml',
    services: ['cache', 'web'],
    notes: [
      { kind: 'not-given', service: 'cache', field: 'volumes' },
      { kind: 'no-effect', service: 'web', field: 'restart' },
    ],
  });
  const run = await runToEnd(engine, { ...plan, ...quick, warmups: 1 });
  expect(run.failure).toBeUndefined();
  expect(run.trials.map(({ id, failure }) => [id, failure]).sort()).toEqual([
    ['cache/container/0', undefined],
    ['cache/process/0', undefined],
    ['web/container/0', undefined],
    ['web/process/0', undefined],
  ]);
  for (const target of ['container', 'process']) {
    const [cache, web] = ['cache', 'web'].map((name) =>
      run.trials.find(({ id }) => id === `${name}/${target}/0`)!,
    );
    expect(web!.startMs).toBeGreaterThan(cache!.startMs + cache!.readyMs!);
    expect(web!.answerSha256).toBe(sha256('+PONG\n'));
    expect(web!.memory.hostBytes).toBeGreaterThan(0);
  }
  expect(run.rounds.map(({ target }) => target).sort()).toEqual(['container', 'process']);
  expect(run.report!.verdicts.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['compose.not-given', 'compose.no-effect']),
  );
  expect(leftovers(run.session)).toEqual([]);
});

test('where a machine cannot reach others by name, what needs them is kept from it, and the rest runs', async () => {
  vi.stubEnv('CACHE_IMAGE', await serviceImage('valkey'));
  const asked = { path: path.join(project, 'compose.yaml') };
  const { plan } = await engine.readCompose({ ...asked, targets: ['container', 'vm:snapshot'] });
  expect(plan.workloads).toMatchObject([{ name: 'cache' }, { name: 'web', targets: ['container'] }]);
  expect(plan.compose!.notes).toContainEqual({ kind: 'only-shared', service: 'web' });
  expect((await engine.readCompose({ ...asked, services: ['cache'] })).plan.compose!.services).toEqual([
    'cache',
  ]);
});

test('Compose’s own words: of a variable that is not set, of a mistake in the file, of a file that is not there', async () => {
  const { warnings } = await read('services: { a: { image: "x:${TARE_TEST_UNSET}1", expose: ["1"] } }');
  expect(warnings).toEqual([expect.stringContaining('TARE_TEST_UNSET')]);
  await expect(read('services: { a: { image: x, no_such: 1 } }')).rejects.toMatchObject({
    failure: { code: 'compose-unusable', output: expect.stringContaining('no_such') as string },
  });
  await expect(engine.readCompose({ path: path.join(folder, 'none.yaml') })).rejects.toMatchObject({
    failure: { code: 'compose-unusable', output: expect.stringContaining('none.yaml') as string },
  });
});

test('services of a profile are not run unless they are asked for, or their profile is active', async () => {
  const text = 'services: { a: { image: x }, b: { image: x, profiles: [more] } }';
  const namesOf = async (asked = {}) => (await read(text, asked)).plan.workloads.map(({ name }) => name);
  expect(await namesOf()).toEqual(['a']);
  expect(await namesOf({ services: ['b'] })).toEqual(['b']);
  vi.stubEnv('COMPOSE_PROFILES', 'more');
  expect(await namesOf()).toEqual(['a', 'b']);
});

test('a Docker without Compose is told by what to install', async () => {
  const programs = mkdtempSync(path.join(folder, 'programs-'));
  writeFileSync(
    path.join(programs, 'docker'),
    '#!/bin/sh\necho "docker: unknown command: docker $1" >&2\nexit 1\n',
  );
  chmodSync(path.join(programs, 'docker'), 0o755);
  vi.stubEnv('PATH', `${programs}:/bin`);
  await expect(read('services: { a: { image: x } }')).rejects.toMatchObject({
    failure: { code: 'tool-missing', program: 'docker compose', package: 'docker-compose' },
  });
});
