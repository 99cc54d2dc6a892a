import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openKit } from '../../../../../main/engine/images/guest/kit';
import type { TareError } from '../../../../../main/engine/base/errors';

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(path.join(os.tmpdir(), 'tare-kit-'));
});
afterEach(() => rm(cache, { recursive: true }));

const failureOf = async (): Promise<unknown> =>
  openKit({ cacheFolder: cache }).then(undefined, (error: TareError) => error.failure);

/** Where this version of the program looks for its kit. */
async function kitFolder(): Promise<string> {
  const failure = (await failureOf()) as { code: string; folder: string };
  expect(failure.code).toBe('kit-missing');
  return failure.folder;
}

const contents = {
  vmlinux: 'kernel',
  vmlinuz: 'compressed',
  initrd: 'modules',
  balloon: 'driver',
  init: 'pid 1',
  process: 'walls',
  busybox: 'box',
  pagecache: 'drops',
  'virtio-mem': 'plugs',
  'probe.rom': 'rom',
};

async function writeKit(
  change: (manifest: { files: object[]; builtAt: string }) => void = () => undefined,
  place = cache,
): Promise<string> {
  const folder = path.join(place, path.basename(await kitFolder()));
  await mkdir(folder, { recursive: true });
  const files = Object.entries(contents).map(([name, text]) => ({
    name,
    bytes: text.length,
    sha256: createHash('sha256').update(text).digest('hex'),
  }));
  for (const [name, text] of Object.entries(contents)) await writeFile(path.join(folder, name), text);
  const manifest = {
    version: 'v',
    kernelRelease: '6.1',
    builtAt: '2026-01-01T00:00:00Z',
    packages: [],
    files,
  };
  change(manifest);
  await writeFile(path.join(folder, 'kit.json'), JSON.stringify(manifest));
  return folder;
}

describe('opening the kit', () => {
  it('says that it is missing when nothing was built', async () => {
    expect(await failureOf()).toMatchObject({ code: 'kit-missing' });
  });

  it('says that it is missing when only another version of the program built one', async () => {
    await mkdir(path.join(cache, 'kit-000000000000'));
    expect(await failureOf()).toMatchObject({ code: 'kit-missing' });
  });

  it('answers with the paths when every file is as recorded', async () => {
    const folder = await writeKit();
    expect(await openKit({ cacheFolder: cache })).toMatchObject({
      folder,
      origin: 'cache',
      version: 'v',
      kernelRelease: '6.1',
      bytes: 55,
      kernel: path.join(folder, 'vmlinux'),
    });
  });

  it.each(Object.keys(contents))(
    'names %s when it was changed, also after it was once found sound',
    async (name) => {
      const folder = await writeKit();
      await openKit({ cacheFolder: cache });
      await writeFile(path.join(folder, name), contents[name as keyof typeof contents].toUpperCase());
      await utimes(path.join(folder, name), 1, 1);
      expect(await failureOf()).toEqual({ code: 'kit-damaged', file: path.join(folder, name) });
    },
  );

  it('names a file that is gone', async () => {
    const folder = await writeKit();
    await rm(path.join(folder, 'initrd'));
    expect(await failureOf()).toEqual({ code: 'kit-damaged', file: path.join(folder, 'initrd') });
  });

  it('names the manifest when it is torn, of another form, or lists too little', async () => {
    const folder = await writeKit();
    const manifest = path.join(folder, 'kit.json');
    await writeFile(manifest, '{"version": "v", "ker');
    expect(await failureOf()).toEqual({ code: 'kit-damaged', file: manifest });
    await writeFile(manifest, '{"version": 1}');
    expect(await failureOf()).toEqual({ code: 'kit-damaged', file: manifest });
    await rm(folder, { recursive: true });
    await writeKit((kit) => kit.files.pop());
    expect(await failureOf()).toEqual({ code: 'kit-damaged', file: manifest });
    expect(await readdir(folder)).toContain('vmlinux');
  });
});

describe('a kit that the package brought', () => {
  const shippedFolder = () => path.join(cache, 'shipped');
  const opened = () => openKit({ cacheFolder: cache, shippedFolder: shippedFolder() });

  it('is used where none was made', async () => {
    const folder = await writeKit(undefined, shippedFolder());
    expect(await opened()).toMatchObject({ folder, origin: 'package', kernel: path.join(folder, 'vmlinux') });
  });

  it.each([
    ['2025-12-31T00:00:00Z', 'cache'],
    ['2026-01-02T00:00:00Z', 'package'],
  ])('built on %s gives way to what is newer: the %s', async (builtAt, origin) => {
    await writeKit(undefined, shippedFolder());
    const own = await writeKit();
    const manifest = path.join(shippedFolder(), path.basename(own), 'kit.json');
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('2026-01-01T00:00:00Z', builtAt));
    expect(await opened()).toMatchObject({ origin });
  });

  it('is left alone when it is damaged and one was made, and named when none was', async () => {
    const shipped = await writeKit(undefined, shippedFolder());
    await writeFile(path.join(shipped, 'vmlinux'), 'KERNEL');
    await expect(opened()).rejects.toMatchObject({
      failure: { code: 'kit-damaged', file: path.join(shipped, 'vmlinux') },
    });
    const folder = await writeKit();
    expect(await opened()).toMatchObject({ folder, origin: 'cache' });
  });

  it('is missing in the words of the place where one can be made', async () => {
    await expect(opened()).rejects.toMatchObject({
      failure: { code: 'kit-missing', folder: expect.stringMatching(`^${cache}/kit-`) as string },
    });
  });
});
