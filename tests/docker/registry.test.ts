/** Pull and push against Debian's docker-registry on the loopback interface. */
import { doJob } from '../../main/doors/doJob';
import Docker from 'dockerode';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TareEvent } from '../../main/contract/events';
import type { LayerState } from '../../main/contract/work/images';
import { openDocker } from '../../main/engine/base/docker/client';
import { countLayers } from '../../main/engine/images/image/layers';
import { freePort } from '../../main/engine/base/process/ports';
import { withoutBuildx } from '../support/builders';
import { testEngine } from '../support/engine';
import { docker } from '../support/images';
import { login, openRegistry, type Registry } from '../support/registry';

const engine = testEngine();
const home = mkdtempSync(path.join(os.tmpdir(), 'tare-login-'));
const before = process.env.DOCKER_CONFIG;
const made: string[] = [];
let events: TareEvent[] = [];
const forget = engine.onEvent((event) => events.push(event));

beforeAll(() => {
  process.env.DOCKER_CONFIG = home;
  // The engine is chosen as before, whatever the configuration here says.
  process.env.DOCKER_HOST ??= 'unix:///var/run/docker.sock';
});
afterEach(() => {
  events = [];
  rmSync(path.join(home, 'config.json'), { force: true });
});
afterAll(async () => {
  forget();
  await engine.close();
  if (before === undefined) delete process.env.DOCKER_CONFIG;
  else process.env.DOCKER_CONFIG = before;
  for (const reference of made) await docker('image', 'rm', '--force', reference).catch(() => undefined);
  rmSync(engine.dataFolder, { recursive: true, force: true });
  rmSync(home, { recursive: true });
});

const logIn = (registry: string, password = login.password) =>
  writeFileSync(
    path.join(home, 'config.json'),
    JSON.stringify({
      auths: { [registry]: { auth: Buffer.from(`${login.username}:${password}`).toString('base64') } },
    }),
  );

/** An image of three layers with bytes that cannot be compressed, under a name of `registry`. */
async function image(registry: Registry, kibibytes = [50, 100, 200]): Promise<string> {
  const reference = `${registry.name}/tare-test/app:${made.length}`;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-image-'));
  const { randomBytes } = await import('node:crypto');
  kibibytes.forEach((size, at) => writeFileSync(path.join(folder, `f${at}`), randomBytes(size * 1024)));
  const copies = kibibytes.map((_, at) => `COPY f${at} /\n`).join('');
  writeFileSync(path.join(folder, 'Dockerfile'), `FROM scratch\n${copies}CMD ["/f0"]\n`);
  made.push(reference);
  // BuildKit would keep the layers in its cache, where a pull would find them
  const built = await withoutBuildx(engine.dataFolder, () =>
    doJob(engine, 'buildImage', { path: folder, tag: reference }),
  );
  rmSync(folder, { recursive: true });
  expect(built).toMatchObject({
    reference,
    digest: await docker('image', 'inspect', '--format', '{{.Id}}', reference),
  });
  return reference;
}

/** containerd's store tells other things than a graph driver, and fewer. */
const isDriver = async () => (await openDocker()).store === 'graphdriver';

const forgetImage = (reference: string) => docker('image', 'rm', reference);
const isHere = (reference: string) =>
  docker('image', 'inspect', reference).then(
    () => true,
    () => false,
  );

describe('a registry that asks nobody who they are', () => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await openRegistry();
  });
  afterAll(() => registry.close());

  test('takes an image, and gives back the same one', async () => {
    const reference = await image(registry);
    const digest = await docker('image', 'inspect', '--format', '{{.Id}}', reference);
    const pushed = await doJob(engine, 'pushImage', { reference });
    expect(pushed).toMatchObject({ reference, digest, layers: 3, alreadyThere: 0, resumed: 0 });
    expect(pushed.manifestDigest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await doJob(engine, 'pushImage', { reference })).toMatchObject({ layers: 3, alreadyThere: 3 });

    // what Tare finds out by itself is what has really travelled, whatever little gzip's makers differ in
    const { signal } = new AbortController();
    const layers = await countLayers({
      docker: new Docker(),
      cacheFolder: engine.dataFolder,
      digest,
      signal,
    });
    expect(layers).toHaveLength(3);
    const compressed = layers.reduce((sum, { compressedBytes }) => sum + compressedBytes, 0);
    expect(compressed).toBeGreaterThan(350 * 1024);
    // Layers that moved between two of its reports are told without a size: then there is no sum either.
    const tells = await isDriver();
    if (tells || pushed.movedBytes !== undefined)
      expect(Math.abs(compressed / pushed.movedBytes! - 1)).toBeLessThan(0.02);

    await forgetImage(reference);
    const pulled = await doJob(engine, 'pullImage', { reference });
    expect(pulled).toMatchObject({ reference, digest, manifestDigest: pushed.manifestDigest, layers: 3 });
    if (tells || pulled.movedBytes !== undefined) {
      expect(pulled.movedBytes).toBeGreaterThan(350 * 1024);
      expect(pulled.movedBytes).toBeLessThan(360 * 1024);
    }
    if (tells) expect(pulled.bytesPerSecond).toBeGreaterThan(0);
    const steps = events.flatMap((event) => (event.kind === 'progress' ? [event.progress] : []));
    expect(steps.filter(({ state }) => state === 'done').map(({ step }) => step)).toEqual([
      'build-image',
      'push-image',
      'push-image',
      'pull-image',
    ]);
  });

  test('has no such tag: the image is unknown, and named', async () => {
    const reference = `${registry.name}/tare-test/app:nosuch`;
    const words = (await isDriver()) ? 'manifest unknown' : 'not found';
    await expect(doJob(engine, 'pullImage', { reference })).rejects.toMatchObject({
      failure: {
        code: 'image-unknown',
        reference,
        reason: expect.stringContaining(words) as string,
      },
    });
  });

  test('has the image for another platform only', async () => {
    const reference = await image(registry);
    await doJob(engine, 'pushImage', { reference });
    const index = await indexFor(registry, reference, 's390x');
    await expect(doJob(engine, 'pullImage', { reference: index })).rejects.toMatchObject({
      failure: { code: 'image-no-platform', reference: index },
    });
  });

  test('cannot be given an image that is not here', async () => {
    const reference = `${registry.name}/tare-test/nosuch:1`;
    await expect(doJob(engine, 'pushImage', { reference })).rejects.toMatchObject({
      failure: { code: 'image-unknown', reference },
    });
  });

  test('is not there at all', async () => {
    const nobody = `127.0.0.1:${await freePort()}`;
    const reference = `${nobody}/tare-test/app:1`;
    await expect(doJob(engine, 'pullImage', { reference })).rejects.toMatchObject({
      failure: {
        code: 'registry-unreachable',
        registry: nobody,
        reason: expect.stringContaining('connection refused') as string,
        layers: 0, // which is worded as a registry that was not reached
      },
    });
  });
});

describe('a registry behind TLS and a password', () => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await openRegistry({ locked: true });
  });
  afterAll(() => registry.close());

  test('takes and gives images for the login that Docker keeps', async () => {
    const reference = await image(registry);
    logIn(registry.name);
    await doJob(engine, 'pushImage', { reference });
    await forgetImage(reference);
    expect(await doJob(engine, 'pullImage', { reference })).toMatchObject({ layers: 3 });
  });

  test('takes a login from a credential helper', async () => {
    const reference = await image(registry);
    const bin = path.join(home, 'bin');
    mkdirSync(bin, { recursive: true });
    const answer = JSON.stringify({ Username: login.username, Secret: login.password });
    writeFileSync(
      path.join(bin, 'docker-credential-tare-test'),
      `#!/bin/sh\ncat >/dev/null\necho '${answer}'\n`,
      {
        mode: 0o755,
      },
    );
    writeFileSync(path.join(home, 'config.json'), JSON.stringify({ credsStore: 'tare-test' }));
    const searched = process.env.PATH;
    process.env.PATH = `${bin}:${searched}`;
    try {
      expect(await doJob(engine, 'pushImage', { reference })).toMatchObject({ layers: 3 });
    } finally {
      process.env.PATH = searched;
    }
  });

  test.each([
    ['no login', undefined],
    ['a wrong password', 'guess'],
  ])('refuses %s, also for a run that would pull', async (_, password) => {
    const reference = await image(registry);
    if (password !== undefined) logIn(registry.name, password);
    const refused = { failure: { code: 'registry-unauthorized', registry: registry.name, reference } };
    await expect(doJob(engine, 'pushImage', { reference })).rejects.toMatchObject(refused);
    await forgetImage(reference);
    await expect(doJob(engine, 'pullImage', { reference })).rejects.toMatchObject(refused);
    expect(await isHere(reference)).toBe(false);
  });
});

describe('a connection that breaks half-way', () => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await openRegistry();
  });
  afterAll(() => registry.close());

  test('goes on where it stopped once the registry is back, and says so', async ({ skip }) => {
    if (!(await isDriver())) skip('containerd’s store does not say that it was interrupted');
    const reference = await image(registry, [100, 1000, 4000]);
    await doJob(engine, 'pushImage', { reference });
    await forgetImage(reference);
    registry.bytesPerSecond = 1_000_000;
    const sent = registry.sentBytes();
    const pulling = doJob(engine, 'pullImage', { reference });
    await expect.poll(() => registry.sentBytes() - sent).toBeGreaterThan(2_500_000);
    await registry.kill();
    const stateOf = () => layerStates(events).at(-1);
    await expect.poll(stateOf).toContain('interrupted');
    registry.bytesPerSecond = undefined;
    await registry.start();

    const report = await pulling;
    expect(report.resumed).toBeGreaterThan(0);
    expect(report.layers).toBe(3);
    expect(report.movedBytes).toBeGreaterThan(5100 * 1024);
    expect(report.movedBytes).toBeLessThan(5200 * 1024);
    // What had come before the break did not travel again.
    expect(registry.sentBytes() - sent).toBeLessThan(1.1 * report.movedBytes!);
    expect(await isHere(reference)).toBe(true);
  });

  test('is given up at once when the engine closes', async () => {
    const reference = await image(registry, [4000]);
    await doJob(engine, 'pushImage', { reference });
    await forgetImage(reference);
    registry.bytesPerSecond = 200_000;
    const other = testEngine();
    const sent = registry.sentBytes();
    const pulling = expect(doJob(other, 'pullImage', { reference })).rejects.toMatchObject({
      failure: { code: 'stopped' },
    });
    await expect.poll(() => registry.sentBytes() - sent).toBeGreaterThan(100_000);
    await other.close();
    await pulling;
    expect(registry.sentBytes() - sent).toBeLessThan(4000 * 1024); // most of it was still to come, for many seconds
    registry.bytesPerSecond = undefined;
    rmSync(other.dataFolder, { recursive: true, force: true });
  });
});

const layerStates = (all: TareEvent[]): LayerState[][] =>
  all.flatMap((event) =>
    event.kind === 'progress' && event.progress.transfer
      ? [event.progress.transfer.layers.map(({ state }) => state)]
      : [],
  );

/** Puts an index beside an image that names it for one architecture only. */
async function indexFor(registry: Registry, reference: string, architecture: string): Promise<string> {
  const [name, tag] = reference.slice(registry.name.length + 1).split(':') as [string, string];
  const base = `http://${registry.name}/v2/${name}/manifests`;
  const kinds = ['vnd.docker.distribution.manifest.v2', 'vnd.oci.image.manifest.v1'];
  const accept = kinds.map((kind) => `application/${kind}+json`).join(', ');
  const found = await fetch(`${base}/${tag}`, { headers: { accept } });
  const type = found.headers.get('content-type')!;
  const size = (await found.arrayBuffer()).byteLength;
  const list = 'application/vnd.docker.distribution.manifest.list.v2+json';
  const digest = found.headers.get('docker-content-digest')!;
  const manifests = [{ mediaType: type, size, digest, platform: { architecture, os: 'linux' } }];
  const body = JSON.stringify({ schemaVersion: 2, mediaType: list, manifests });
  const put = await fetch(`${base}/foreign`, { method: 'PUT', headers: { 'content-type': list }, body });
  expect(put.status).toBe(201);
  return `${registry.name}/${name}:foreign`;
}
