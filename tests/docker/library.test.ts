/** The images that the engine has, against what Docker's own command says about them. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { countLayers } from '../../main/engine/images/image/layers';
import { localImages, removeImage } from '../../main/engine/images/image/library';
import { docker } from '../support/images';
import { openSession, type Session } from './daemon';

let session: Session;
const cache = mkdtempSync(path.join(os.tmpdir(), 'tare-library-'));
const made: string[] = [];

beforeAll(async () => {
  session = await openSession();
});
afterEach(async () => {
  for (const one of made.splice(0)) {
    await docker('rm', '--force', one).catch(() => undefined);
    await docker('image', 'rm', one).catch(() => undefined);
  }
});
afterAll(async () => {
  rmSync(cache, { recursive: true });
  await session.close();
});

const list = () => localImages(session.client, cache);
const remove = (reference: string, dryRun = false) => removeImage(session.client, cache, reference, dryRun);

/** Under a name that this test removes itself. */
async function image(dockerfile: string, name: string, files: Record<string, string> = {}): Promise<string> {
  const reference = `tare-test-library:${name}`;
  await docker('tag', await session.image(dockerfile, files), reference);
  made.push(reference);
  return reference;
}

/** On every store but a graph driver's, sizes are only about right before. */
async function count(reference: string) {
  const { docker: engine } = session.client;
  const { Id: digest } = await engine.getImage(reference).inspect();
  const { signal } = new AbortController();
  await countLayers({ docker: engine, cacheFolder: cache, digest, signal });
}

const base = 'FROM scratch\nCOPY busybox /bin/busybox\n';

test('layers, what is shared, and the history agree with the engine', async () => {
  const one = await image(`${base}COPY a /\nENV A=1\nCMD ["/bin/busybox"]\n`, 'one', { a: 'x'.repeat(5000) });
  await image(`${base}COPY b /\n`, 'two', { b: 'y'.repeat(7000) });
  await count(one);
  const found = (await list()).find(({ references }) => references.includes(one))!;
  const inspected = JSON.parse(await docker('image', 'inspect', one)) as [
    { Id: string; Size: number; RootFS: { Layers: string[] } },
  ];
  const [{ Id, Size, RootFS }] = inspected;
  expect(found.digest).toBe(Id);
  if (session.client.store === 'graphdriver') expect(found.bytes).toBe(Size); // another thing on every other store
  expect(found).not.toHaveProperty('approximate');
  expect(found.layers.map(({ diffId }) => diffId)).toEqual(RootFS.Layers);
  expect(found.layers.reduce((sum, { bytes }) => sum + bytes!, 0)).toBe(found.bytes);
  expect(found.layers[0]!.sharedWith).toBeGreaterThan(0); // busybox: also in the second
  expect(found.layers[1]).toMatchObject({ bytes: 5000, sharedWith: 0 });
  expect(found.uniqueBytes).toBe(5000);
  expect(found.history.map(({ instruction, layer }) => [instruction.split(' ')[0], layer])).toEqual([
    ['COPY', 0],
    ['COPY', 1],
    ['ENV', undefined],
    ['CMD', undefined],
  ]);
});

test('how small the layers are when they travel is told once it was found out', async () => {
  const reference = await image(`${base}COPY a /\n`, 'travelling', { a: 'x'.repeat(50_000) });
  const found = async () => (await list()).find(({ references }) => references.includes(reference))!;
  const { layers: before } = await found();
  expect(before[1]).not.toHaveProperty('compressedBytes');
  await count(reference);
  const { layers } = await found();
  expect(layers[0]!.compressedBytes).toBeGreaterThan(500_000); // a static busybox
  expect(layers[0]!.compressedBytes).toBeLessThan(layers[0]!.bytes!);
  expect(layers[1]!.compressedBytes).toBeLessThan(1000);
});

test('removing takes the last name, the image and its disks, after saying so', async () => {
  const reference = await image(`${base}COPY a /\n`, 'gone', { a: 'z'.repeat(9000) });
  await count(reference);
  const { digest } = (await list()).find(({ references }) => references.includes(reference))!;
  const own = (await list())
    .find((one) => one.digest === digest)!
    .references.filter((one) => one !== reference);
  mkdirSync(path.join(cache, 'disks'), { recursive: true });
  const disk = path.join(cache, 'disks', `${digest.replace(':', '-')}-kit.erofs`);
  const other = path.join(cache, 'disks', 'sha256-0000-kit.erofs');
  for (const file of [disk, other]) writeFileSync(file, 'x'.repeat(4096));

  // Its other name keeps it.
  expect(await remove(reference, true)).toMatchObject({ untagged: [reference], removed: false, disks: [] });
  for (const name of own)
    await docker('tag', reference, `${name}-kept`).then(() => made.push(`${name}-kept`));
  expect(await remove(reference)).toMatchObject({ untagged: [reference], removed: false });
  expect(existsSync(disk)).toBe(true);

  const report = await remove(digest, true);
  expect(report).toMatchObject({ removed: true, layerBytes: 9000, usedBy: [] });
  expect(report.disks).toEqual([{ path: disk, bytes: expect.any(Number) as number }]);
  expect(existsSync(disk)).toBe(true);
  expect(await remove(digest)).toEqual(report);
  expect([existsSync(disk), existsSync(other)]).toEqual([false, true]);
  await expect(remove(digest)).rejects.toMatchObject({ failure: { code: 'image-unknown' } });
  for (const name of own) await docker('tag', await session.image(base), name); // the session removes it
});

test('an image that a container uses stays, and the container is named', async () => {
  const reference = await image(`${base}COPY a /\nCMD ["/bin/busybox"]\n`, 'used', { a: 'used' });
  const { digest } = (await list()).find(({ references }) => references.includes(reference))!;
  await docker('create', '--name', 'tare-test-library-user', reference);
  made.push('tare-test-library-user');
  expect(await remove(digest, true)).toMatchObject({ removed: false, usedBy: ['tare-test-library-user'] });
  await expect(remove(digest)).rejects.toMatchObject({
    failure: { code: 'image-in-use', known: ['tare-test-library-user'] },
  });
  expect((await list()).find((one) => one.digest === digest)).toMatchObject({ containers: 1 });
});
