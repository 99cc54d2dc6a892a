/**
 * An engine that is reached as one on another machine: by ssh, with a stand-in for ssh that runs its command here. What the reader says
 * can then be held against what is read here.
 */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDocker, type DockerClient } from '../../main/engine/base/docker/client';
import { openEngineMachine } from '../../main/engine/remote/reader/engineMachine';
import { engineMachineFacts, hostAccounts, noteEnd } from '../../main/engine/measure/run/engineMachine';
import { MemoryAccounts } from '../../main/engine/measure/targets/docker/memoryAccounts';
import { createContainerTarget } from '../../main/engine/measure/targets/docker/target';
import { sharedCache } from '../support/cache';
import { answerOf, openSession, type Session } from './daemon';

let session: Session;
let client: DockerClient;
let folder: string;
const before = process.env.PATH;
beforeAll(async () => {
  session = await openSession();
  folder = mkdtempSync(path.join(os.tmpdir(), 'tare-ssh-'));
  const script = 'while [ "$1" != docker ]; do shift; done; unset DOCKER_HOST; exec "$@"';
  writeFileSync(path.join(folder, 'ssh'), `#!/bin/sh\n${script}\n`);
  chmodSync(path.join(folder, 'ssh'), 0o755);
  process.env.PATH = `${folder}:${before}`;
  client = await openDocker({ environment: { DOCKER_HOST: 'ssh://far.example' } });
});
afterAll(async () => {
  process.env.PATH = before;
  rmSync(folder, { recursive: true });
  await session.close();
});

const opened = (allowed: boolean) =>
  openEngineMachine({ client, cacheFolder: sharedCache(), allowed, scope: session.scope() });

const ours = async (): Promise<string[]> => {
  const containers = await session.client.docker.listContainers({ all: true });
  const images = await session.client.docker.listImages();
  const names = [
    ...containers.flatMap(({ Names }) => Names),
    ...images.flatMap(({ RepoTags }) => RepoTags ?? []),
  ];
  return names.filter((name) => name.includes(session.ledger.session));
};

async function started(engine: Awaited<ReturnType<typeof opened>>) {
  const ready = await session.ready({ image: { kind: 'builtin', name: 'web' } });
  const target = createContainerTarget({ docker: client.docker, reach: () => Promise.resolve(engine) });
  const prepared = await target.prepare(ready, session.scope());
  const instance = await prepared.start(
    { memoryBytes: 64 * 1024 ** 2, cpus: 1 },
    () => undefined,
    session.scope(),
  );
  return { instance, ready };
}

test('a container there answers, and weighs what is read of it here', async () => {
  {
    await using engine = await opened(true);
    expect(engine).toMatchObject({ where: 'elsewhere' });
    const { instance: begun, ready } = await started(engine);
    await using instance = begun;
    expect(await answerOf(instance)).toContain('<');
    const [container] = await session.client.docker.listContainers({
      filters: { label: [`tare.session=${session.ledger.session}`], ancestor: [ready.image.digest] },
    });
    const published = container!.Ports[0]!.PublicPort;
    const inspected = session.client.docker.getContainer(container!.Id);
    const pid = (await inspected.inspect()).State.Pid;
    const here = new MemoryAccounts(inspected, Promise.resolve(pid), published, 64 * 1024 ** 2);
    const [there, own] = [await instance.measure(), await here.measure()];
    await here.close();
    expect(there.missing).toEqual(own.missing);
    for (const figure of ['hostBytes', 'fileBytes', 'sharedFileBytes', 'workingSetBytes'] as const) {
      const bound = Math.max(0.03 * own[figure]!, 1024 ** 2);
      expect(Math.abs(there[figure]! - own[figure]!)).toBeLessThan(bound);
    }
    expect(there.parts.map(({ part }) => part)).toEqual(own.parts.map(({ part }) => part));
    const reading = await instance.read();
    expect(reading.residentBytes).toBeGreaterThan(0);
    expect(reading.cpuMs).toBeGreaterThan(0);
    expect(await instance.cpuMs()).toBeGreaterThan(reading.cpuMs!);
    expect((await instance.openFiles!()).soft).toBeGreaterThan(0);
  }
  expect(await ours()).toEqual([]);
});

test('far more questions at once than are let on their way are all answered', async () => {
  await using engine = await opened(true);
  const { instance: begun } = await started(engine);
  await using instance = begun;
  const first = await answerOf(instance);
  const asked = Array.from({ length: 60 }, () => fetch(`http://${instance.host}:${instance.port}/`));
  const answers = await Promise.all(asked.map(async (one) => (await one).text()));
  expect(new Set(answers)).toEqual(new Set([first]));
});

test('whoever gives up before his turn keeps nobody from his', async () => {
  await using engine = await opened(true);
  const { instance: begun } = await started(engine);
  await using instance = begun;
  await answerOf(instance);
  for (let count = 0; count < 200; count++) net.connect(instance.port, instance.host).destroy();
  expect(await answerOf(instance)).toContain('<');
});

test('the machine there is told apart from the container, and so is the reader', async () => {
  await using engine = await opened(true);
  const { where, machine } = await engineMachineFacts(engine, client.endpoint);
  expect(where).toBe('elsewhere');
  expect(machine).toMatchObject({
    kernel: os.release(),
    cores: os.cpus().length,
    memoryBytes: os.totalmem(),
  });
  expect(machine!.availableBytes).toBeLessThan(machine!.memoryBytes!);
  const spare = await hostAccounts(() => Promise.resolve(engine)).spareBytes('container');
  expect(spare).toBeGreaterThan(0);
  const environment = { tareVersion: '', host: {}, images: [], commands: [], missing: [] };
  const told = { ...environment, engine: { name: 'Docker', version: '', endpoint: '', where } };
  await noteEnd(told, engine);
  expect(told.engine).toMatchObject({ reader: { cpuMs: expect.any(Number) as number } });
});

test('without leave nothing is read: figures are missing, with the reason', async () => {
  await using engine = await opened(false);
  const { instance: begun } = await started({
    ...engine,
    machine: { look: () => Promise.reject(new Error('unseen')) },
  });
  await using instance = begun;
  expect(await answerOf(instance)).toContain('<');
  const { hostBytes, missing } = await instance.measure();
  expect(hostBytes).toBeUndefined();
  expect(missing).toContainEqual({ what: 'workload', reason: 'reader-not-allowed' });
  expect((await ours()).filter((name) => name.includes('reader'))).toEqual([]);
});
