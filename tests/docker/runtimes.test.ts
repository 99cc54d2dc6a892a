/** Other runtimes than the default one, with Debian's crun registered with a Docker of the test's own. */
import { doJob } from '../../main/doors/doJob';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DoctorReport } from '../../main/contract/machine';
import { say } from '../../main/contract/messages';
import { processes } from '../../main/engine/base/process/proc';
import { createEngine, type Engine } from '../../main/engine/index';
import { sharedCache } from '../support/cache';
import { runToEnd } from '../support/engine';
import { scratchImage } from '../support/images';
import { ownDaemon, type OwnDaemon } from '../support/engines/ownDaemon';

const assetsFolder = path.resolve(import.meta.dirname, '../../assets');
let daemon: OwnDaemon;
let engine: Engine;
let image: string;
const data = mkdtempSync(path.join(os.tmpdir(), 'tare-data-'));

beforeAll(async () => {
  expect(existsSync('/usr/bin/crun'), 'these tests need crun: apt-get install crun').toBe(true);
  image = await scratchImage();
  daemon = await ownDaemon({
    crun: { path: '/usr/bin/crun' },
    broken: { path: '/nonexistent' },
    // a network of its own needs rights that this one has not, and that shows only once its kernel is up
    refused: { path: '/usr/bin/runsc', runtimeArgs: ['--platform=systrap'] },
  });
  daemon.copy(image);
  engine = createEngine({
    dataFolder: data,
    cacheFolder: sharedCache(),
    assetsFolder,
    dockerEndpoint: daemon.endpoint,
  });
});
afterAll(async () => {
  await engine.close();
  expect(daemon.docker('ps', '--all', '--quiet')).toBe('');
  await daemon.stop();
  rmSync(data, { recursive: true });
});

const plan = (targets: string[]) => ({
  name: 'runtimes',
  workloads: [
    {
      name: 'page',
      image: { kind: 'reference' as const, reference: image },
      limits: { memoryBytes: 128 * 1024 ** 2 },
    },
  ],
  targets,
  trials: 2,
  warmups: 0,
  soakMs: 100,
});

it('are told by the doctor as ways to run an image, the default one by its own name only', async () => {
  const { targets }: DoctorReport = await engine.doctor({ again: false });
  const containers = targets.filter(({ id }) => id.startsWith('container'));
  expect(containers.map(({ id }) => id)).toEqual([
    'container',
    'container:broken',
    'container:crun',
    'container:refused',
  ]);
  expect(containers.every(({ available }) => available)).toBe(true);
});

it('run the same image, each in its own way, and give the same answer', async () => {
  const run = await runToEnd(engine, plan(['container', 'container:crun']));
  expect(run.trials.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok', 'ok']);
  expect(new Set(run.trials.map(({ answerSha256 }) => answerSha256)).size).toBe(1);
  for (const trial of run.trials) {
    expect(trial.memory.parts.map(({ part }) => part)).toEqual(['workload', 'shim', 'proxies']);
    expect(trial.memory.reservedBytes).toBe(128 * 1024 ** 2);
  }
  const lines = run.environment.commands.map(({ target, line }) => [target, line.join(' ')]);
  expect(lines).toContainEqual(['container:crun', expect.stringContaining('--runtime crun')]);
});

it('really are used: while it is up, the engine says so of the container', async () => {
  const seen: string[] = [];
  const forget = engine.onEvent((event) => {
    if (event.kind !== 'phase' || event.phase.name !== 'ready') return;
    const ids = daemon.docker('ps', '--quiet').split('\n');
    seen.push(...ids.map((id) => daemon.docker('inspect', '--format', '{{.HostConfig.Runtime}}', id)));
  });
  await runToEnd(engine, { ...plan(['container:crun', 'container']), trials: 1 });
  forget();
  expect(seen.sort()).toEqual(['crun', 'runc']);
});

it('wall an application off alike: crun’s container shares what runc’s does', async () => {
  const targets = ['container', 'container:crun'];
  const { subjects, rows } = await doJob(engine, 'isolation', { targets, openings: {} });
  expect(subjects.map(({ target, failure }) => ({ target, failure }))).toEqual(
    targets.map((target) => ({ target, failure: undefined })),
  );
  const standings = targets.map((_, at) => rows.map(({ fact, sights }) => [fact, sights[at]!.standing]));
  expect(standings[1]).toEqual(standings[0]);
  expect(Object.fromEntries(standings[1]!)).toMatchObject({
    kernel: 'same',
    boot: 'same',
    hostname: 'different',
    processes: 'hidden',
    'own-process': 'same',
    namespaces: 'partly',
    mounts: 'different',
    interfaces: 'different',
    devices: 'hidden',
  });
});

it('fail alone and with the engine’s reason when one does not work', async () => {
  const run = await runToEnd(engine, { ...plan(['container', 'container:broken']), trials: 1 });
  const broken = run.trials.find(({ target }) => target === 'container:broken')!;
  expect(broken.failure).toMatchObject({ code: 'docker-refused' });
  expect(JSON.stringify(broken.failure)).toMatch(/nonexistent/);
  expect(run.trials.find(({ target }) => target === 'container')!.outcome).toBe('ok');
});

it('leave nothing running when the engine refuses to start them, and the record tells what they had left', async () => {
  const run = await runToEnd(engine, { ...plan(['container', 'container:refused']), trials: 1 });
  const refused = run.trials.find(({ target }) => target === 'container:refused')!;
  expect(refused.failure).toMatchObject({
    code: 'docker-refused',
    reason: expect.stringContaining('cannot run with network enabled') as string,
    left: {
      running: [],
      ended: expect.arrayContaining(['containerd-shim-runc-v2', 'runsc-sandbox']) as string[],
    },
  });
  const told = run.report!.verdicts.find(({ id }) => id.startsWith('trial-failed page container:refused'))!;
  expect(say('en', told.text)).toMatch(/cannot run with network enabled.*had left.*runsc-sandbox/s);
  const left = () =>
    processes().filter(
      ({ words }) => /shim|runsc/.test(words[0]!) && words.some((word) => word.includes(daemon.folder)),
    );
  await expect.poll(left).toEqual([]); // a container's shim ends a little after it
});

it('are unknown when the engine does not offer them, and the known ones are named', async () => {
  const run = await runToEnd(engine, plan(['container:kata']));
  expect(run.failure).toMatchObject({ code: 'target-unknown', target: 'container:kata' });
  expect(JSON.stringify(run.failure)).toContain('container:crun');
});
