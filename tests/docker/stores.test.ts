/** The same image with Docker's graph driver and with containerd's store, the default of a fresh Docker 29: the same figures, the same image. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImageWorkload } from '../../main/engine/images/image/facts';
import type { Environment } from '../../main/contract/run/run';
import { readyWorkload } from '../../main/engine/images/image/image';
import { localImages } from '../../main/engine/images/image/library';
import { unpackedSize } from '../../main/engine/images/image/size';
import { imagesOf, weighLayers } from '../../main/engine/measure/run/images';
import { createContainerTarget } from '../../main/engine/measure/targets/docker/target';
import { containerdStore, ownDaemon, type OwnDaemon } from '../support/engines/ownDaemon';
import { openRegistry, type Registry } from '../support/registry';
import { docker } from '../support/images';
import { answerOf, openSession, type Session } from './daemon';

type Image = Environment['images'][number];

/** One side: an engine with images of its own, and what Tare has counted there. */
interface Side {
  daemon: OwnDaemon;
  /** Docker's own command */
  docker: (...words: string[]) => Promise<string>;
  session: Session;
  cache: string;
}

let registry: Registry;
let driver: Side;
let containerd: Side;

/** Both are daemons of the test's own: what an image shares depends on which others are there. */
async function openSide(features: Record<string, boolean> = {}): Promise<Side> {
  const daemon = await ownDaemon({}, features);
  return {
    daemon,
    docker: (...words) => docker('--host', daemon.endpoint, ...words),
    session: await openSession(daemon.endpoint),
    cache: mkdtempSync(path.join(os.tmpdir(), 'tare-stores-')),
  };
}

beforeAll(async () => {
  driver = await openSide();
  containerd = await openSide(containerdStore);
  registry = await openRegistry();
});
afterAll(async () => {
  await registry.close();
  for (const { session, cache, daemon } of [driver, containerd]) {
    rmSync(cache, { recursive: true });
    await session.close().finally(daemon.stop);
  }
});

/** From the graph driver's side to the other. */
const copy = (reference: string) =>
  promisify(execFile)('sh', [
    '-c',
    `docker --host '${driver.daemon.endpoint}' save '${reference}' | docker --host '${containerd.daemon.endpoint}' load`,
  ]);

/** What a run's record would say of an image, from what was found out just now. */
async function recorded({ session, cache }: Side, reference: string): Promise<Image> {
  const { client } = session;
  const scope = session.scope();
  const { signal } = scope;
  const about = {
    name: 'app',
    image: { kind: 'reference', reference },
    environment: {},
    port: 80,
    command: ['/x'],
  };
  const none = () => Promise.reject(new Error('not built in'));
  const material = { assetsFolder: '', busybox: none, debian: { find: none, make: none } };
  const ready = await readyWorkload(client, about as unknown as ImageWorkload, material, scope);
  const order = { docker: client.docker, cacheFolder: cache, digest: ready.image.digest, signal };
  const size = await unpackedSize(client, order);
  expect(size).not.toHaveProperty('approximate');
  const image = { ...ready.image, ...size };
  delete image.approximate;
  const { images, missing } = await imagesOf(new Map([['app', { ...ready, image }]]), client, cache);
  expect(missing).toEqual([]);
  const environment = { images, missing } as unknown as Environment;
  await weighLayers(environment, { cacheFolder: cache, docker: () => Promise.resolve(client) }, scope);
  expect(environment.missing).toEqual([]);
  return environment.images[0]!;
}

/** Under a name of its own, on the graph driver's side. */
async function image(name: string, dockerfile: string, files: Record<string, string> = {}): Promise<string> {
  const reference = `${registry.name}/tare-test-stores:${name}`;
  await driver.docker('tag', await driver.session.image(dockerfile, files), reference);
  return reference;
}

const base = 'FROM scratch\nCOPY busybox /bin/busybox\n';
/** Many small files, links of both kinds, and a file that is taken away again. */
const layered = `${base}RUN ["/bin/busybox","sh","-c","/bin/busybox --install -s /bin; for n in $(seq 300); do echo file $n > /small-$n; done"]
RUN ["/bin/sh","-c","ln /small-1 /hard-link; rm /small-2; head -c 300000 /dev/urandom > /random"]
COPY a /etc/a
ENV A=1
CMD ["/bin/busybox"]
`;

const within = (one: number, other: number) => Math.abs(one / other - 1);

/** Held against each other; the figures are printed, as people want to see them. */
function expectSame(name: string, one: Image, other: Image): void {
  const figures = (['bytes', 'compressedBytes', 'sharedBytes'] as const).map((what) => {
    const [here = NaN, there = NaN] = [one[what], other[what]];
    return { what, here, there, off: here === there ? 0 : within(there, here) };
  });
  const told = figures.map(
    ({ what, here, there, off }) => `${what} ${here} / ${there} (${(off * 100).toFixed(2)} %)`,
  );
  process.stdout.write(`${name}: graph driver / containerd: ${told.join(', ')}\n`);
  expect(other.fingerprint).toBe(one.fingerprint);
  expect(other.layers).toBe(one.layers);
  for (const { what, off } of figures) expect(off, what).toBeLessThan(0.01);
}

describe('the same image on both stores', () => {
  test('is one whose engine tells which store it is', () => {
    expect([driver.session.client.store, containerd.session.client.store]).toEqual([
      'graphdriver',
      'containerd',
    ]);
  });

  test('the built-in web: sizes and fingerprint are the same, whatever it is called', async () => {
    const { image: web } = await driver.session.ready({ image: { kind: 'builtin', name: 'web' } });
    await copy(web.reference);
    const [one, other] = [await recorded(driver, web.reference), await recorded(containerd, web.reference)];
    expect(other.digest).not.toBe(one.digest);
    expectSame('web', one, other);
  });

  test('several layers, small files, links and whiteouts', async () => {
    const reference = await image('layered', layered, { a: 'x'.repeat(5000) });
    await copy(reference);
    expectSame('layered', await recorded(driver, reference), await recorded(containerd, reference));
  });

  test('layers that another image has too', async () => {
    const [one, two] = [
      await image('one', `${base}COPY a /\n`, { a: 'a'.repeat(40_000) }),
      await image('two', `${base}COPY b /\n`, { b: 'b'.repeat(70_000) }),
    ];
    await copy(one);
    await copy(two);
    const [here, there] = [await recorded(driver, one), await recorded(containerd, one)];
    expectSame('shared', here, there);
    expect(there.sharedBytes).toBe(there.bytes - 40_000);
  });

  test('pushed by the one and pulled by the other, it is still the same, and counted as the registry has it', async () => {
    const reference = await image(
      'pulled',
      // Layers of its own: a pull into containerd's store left out what was unpacked already (moby#53615).
      layered.replaceAll('/bin/busybox', '/bin/own/busybox'),
      { a: 'y'.repeat(9000) },
    );
    await driver.docker('push', reference);
    await containerd.docker('pull', reference);
    expectSame('pulled', await recorded(driver, reference), await recorded(containerd, reference));
  });
});

test('before its files were counted, the sizes of containerd’s store are told to be about right', async () => {
  const reference = await image('uncounted', `${base}COPY a /\n`, { a: 'z'.repeat(100) });
  await copy(reference);
  const empty = mkdtempSync(path.join(os.tmpdir(), 'tare-stores-'));
  const found = async (cache: string) =>
    (await localImages(containerd.session.client, cache)).find(({ references }) =>
      references.includes(reference),
    )!;
  try {
    const before = await found(empty);
    expect(before).toMatchObject({ approximate: true });
    expect(before.bytes).toBeGreaterThan(1_000_000);
    await recorded({ ...containerd, cache: empty }, reference);
    const after = await found(empty);
    expect(after).not.toHaveProperty('approximate');
    expect(after.layers.at(-1)).toMatchObject({ bytes: 100, sharedWith: 0 });
    const onDriver = (await localImages(driver.session.client, driver.cache)).find(({ references }) =>
      references.includes(reference),
    )!;
    expect(after.bytes).toBe(onDriver.bytes);
    expect(after.history.map(({ bytes }) => bytes)).toEqual(onDriver.history.map(({ bytes }) => bytes));
  } finally {
    rmSync(empty, { recursive: true });
  }
});

test('a container of containerd’s store starts, answers, tells what it wrote, and leaves nothing', async () => {
  const { session } = containerd;
  const ready = await session.ready({ image: { kind: 'builtin', name: 'web' } });
  const prepared = await createContainerTarget({ docker: session.client.docker }).prepare(
    ready,
    session.scope(),
  );
  const marks: string[] = [];
  const instance = await prepared.start(ready.workload.limits, (phase) => marks.push(phase), session.scope());
  try {
    await answerOf(instance);
    await expect.poll(() => marks).toEqual(expect.arrayContaining(['created', 'network', 'exec', 'started']));
    expect((await instance.disk()).writtenBytes).toBeGreaterThanOrEqual(0);
    expect((await instance.measure()).hostBytes).toBeGreaterThan(0);
  } finally {
    await instance.stop();
  }
  expect(await containerd.docker('ps', '--all', '--quiet')).toBe('');
});

test.skipIf(
  !existsSync('/usr/bin/docker-buildx') && !existsSync('/usr/libexec/docker/cli-plugins/docker-buildx'),
)('an attestation more makes another digest, and the same image', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-stores-'));
  writeFileSync(path.join(folder, 'Dockerfile'), 'FROM scratch\nCOPY a /a\nCMD ["/a"]\n');
  writeFileSync(path.join(folder, 'a'), 'a');
  try {
    const built = async (name: string, provenance: boolean) => {
      const words = [`--provenance=${provenance}`, '--load', '--quiet', '--tag', name, folder];
      await containerd.docker('buildx', 'build', ...words);
      return recorded(containerd, name);
    };
    const [plain, attested] = [
      await built('tare-test-stores:plain', false),
      await built('tare-test-stores:attested', true),
    ];
    expect(attested.digest).not.toBe(plain.digest);
    expect(attested.fingerprint).toBe(plain.fingerprint);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
