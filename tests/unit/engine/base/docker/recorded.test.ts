/** Tare's own code on what engines of several versions answer: recorded where one was here, else written from moby's documentation. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Workload } from '../../../../../main/contract/plan';
import { openDocker, type DockerClient } from '../../../../../main/engine/base/docker/client';
import { newestApiVersion } from '../../../../../main/engine/base/docker/version';
import { pull, push } from '../../../../../main/engine/images/image/calls';
import { readyWorkload } from '../../../../../main/engine/images/image/image';
import { localImages } from '../../../../../main/engine/images/image/library';
import { unpackedSize } from '../../../../../main/engine/images/image/size';
import { openLedger } from '../../../../../main/engine/base/process/ledger';
import { freePort } from '../../../../../main/engine/base/process/ports';
import type { RunScope } from '../../../../../main/engine/base/scope';
import { engineEnvironment } from '../../../../../main/engine/measure/targets/docker/engineFacts';
import { createContainerTarget } from '../../../../../main/engine/measure/targets/docker/target';
import { listenTo } from '../../../../../main/engine/inspect/workflow/engineEvents';
import {
  recordedEngine,
  recordedFiles,
  recordings,
  type RecordedEngine,
} from '../../../../support/fakes/recordedEngine';

let folder: string;
let engine: RecordedEngine;
let client: DockerClient;
let scope: RunScope;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tare-recorded-'));
  const ledger = openLedger(path.join(folder, 'ledger'));
  scope = {
    ledger,
    signal: new AbortController().signal,
    progress: () => undefined,
    freePort,
    known: new Map(),
  };
});
afterEach(async () => {
  await engine.close();
  scope.ledger.close();
  rmSync(folder, { recursive: true });
});

async function open(recording: string) {
  engine = await recordedEngine(recording, path.join(folder, 'docker.sock'));
  client = await openDocker({ setting: engine.endpoint });
}

const files = recordedFiles.reduce((sum, bytes) => sum + bytes, 0);
const isContainerd = (recording: string) => recording.endsWith('containerd');
const tellsManifests = (recording: string) => isContainerd(recording) && !recording.startsWith('1.44');

const ready = () =>
  readyWorkload(
    client,
    {
      ...Workload.parse({ name: 'app', limits: { memoryBytes: 2 ** 26 } }),
      image: { kind: 'reference', reference: engine.image.RepoTags[0]! },
    },
    { assetsFolder: '', busybox: none, debian: { find: none, make: none } },
    scope,
  );
const none = () => Promise.reject(new Error('not built in'));

test('the newest version that is asked for is one that tests have seen', async () => {
  expect(recordings.map((name) => name.split('-')[0])).toContain(newestApiVersion);
  await open(recordings.find((name) => name.startsWith(newestApiVersion))!);
  expect(client.apiVersion).toBe(newestApiVersion);
});

describe.each(recordings)('an engine that answers as %s', (recording) => {
  beforeEach(() => open(recording));

  test('is spoken to in its own version, and tells its store and what a record says of it', async () => {
    const [apiVersion, store] = recording.split('-');
    expect(client).toMatchObject({ apiVersion, store });
    const { engine: facts } = await engineEnvironment(client);
    expect(facts).toMatchObject({ apiVersion, store, runtime: 'runc', cgroupDriver: 'cgroupfs' });
    expect(facts.storageDriver).toBe(isContainerd(recording) ? 'overlayfs' : 'overlay2');
  });

  test('lists its images: about right before they are counted on containerd’s store, the same bytes after', async () => {
    const list = async () => (await localImages(client, folder))[0]!;
    const before = await list();
    expect(before).toMatchObject({ digest: engine.image.Id, references: engine.image.RepoTags });
    expect(before.layers).toHaveLength(2);
    if (isContainerd(recording)) expect(before).toMatchObject({ approximate: true, bytes: 2_048_000 });
    else expect(before).toMatchObject({ bytes: files });
    expect(before.packedBytes).toBe(tellsManifests(recording) ? 1_104_062 : undefined);
    const order = {
      docker: client.docker,
      cacheFolder: folder,
      digest: engine.image.Id,
      signal: scope.signal,
    };
    expect(await unpackedSize(client, order)).toEqual({ bytes: files });
    const after = await list();
    expect(after).not.toHaveProperty('approximate');
    expect(after).toMatchObject({ bytes: files, uniqueBytes: files });
    expect(after.layers.map(({ bytes }) => bytes)).toEqual(recordedFiles);
    expect(after.history.filter(({ layer }) => layer !== undefined).map(({ bytes }) => bytes)).toEqual(
      recordedFiles,
    );
  });

  test('says how its image is run', async () => {
    const { image } = await ready();
    expect(image).toMatchObject({
      ...{ digest: engine.image.Id, port: 8080, workingDir: '/', user: '', entrypoint: [] },
      command: ['/bin/busybox', 'httpd', '-f', '-p', '8080', '-h', '/www'],
      environment: [expect.stringMatching(/^PATH=/), 'MODE=recorded'],
    });
  });

  test('starts a container, whose phases are marked by its events, and takes it away', async () => {
    const workload = await ready();
    const prepared = await createContainerTarget({ docker: client.docker }).prepare(workload, scope);
    const heard: string[] = [];
    const watching = await listenTo(client.docker, scope.signal, ({ kind, id }) => {
      if (id === engine.container.Id) heard.push(kind);
    });
    const marks: string[] = [];
    const instance = await prepared.start(workload.workload.limits, (phase) => marks.push(phase), scope);
    await expect.poll(() => [...marks].sort()).toEqual(['created', 'exec', 'network', 'started']);
    await instance.stop();
    await expect.poll(() => heard).toContain('container destroy');
    watching.close();
    expect(heard.slice(0, 3)).toEqual(['container create', 'network connect', 'container start']);
    expect(engine.asked).toContainEqual(expect.stringMatching(/^DELETE .*\/containers\//));
  });

  test('pulls and pushes; what did not tell its size is not guessed', async () => {
    const [reference] = engine.image.RepoTags;
    const digest = expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string;
    const pulled = await pull(client.docker, reference!, scope);
    expect(pulled).toMatchObject({ reference, digest: engine.image.Id, manifestDigest: digest, layers: 2 });
    const pushed = await push(client.docker, reference!, scope);
    expect(pushed).toMatchObject({ manifestDigest: digest, layers: 2, alreadyThere: 0 });
    for (const report of [pulled, pushed]) {
      if (isContainerd(recording)) expect(report).not.toHaveProperty('movedBytes');
      else expect(report.movedBytes).toBeGreaterThan(0);
    }
  });
});

test('the same image has one fingerprint in every version', async () => {
  const found = new Set<string>();
  for (const recording of recordings.filter(isContainerd)) {
    await open(recording);
    found.add((await ready()).image.fingerprint);
    await engine.close();
  }
  expect(found.size).toBe(1);
});
