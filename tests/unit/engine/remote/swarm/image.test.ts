import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { imageArchive } from '../../../../../main/engine/remote/swarm/image/archive';
import type { ImageFile } from '../../../../../main/engine/remote/swarm/image/content';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'tare-image-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string, isProgram = false): ImageFile => {
  const source = path.join(folder, name.replaceAll('/', '-'));
  writeFileSync(source, content);
  return { name, source, bytes: Buffer.byteLength(content), isProgram };
};
const about = { version: '1.2.3', architecture: 'amd64' };

async function entriesOf(archive: Buffer) {
  const entries: { name: string; type: string; mode: number; content: Buffer }[] = [];
  const reader = extract();
  Readable.from([archive]).pipe(reader);
  for await (const entry of reader) {
    const { name, type, mode } = entry.header;
    entries.push({ name, type: type ?? '', mode: mode ?? 0, content: await buffer(entry) });
  }
  return entries;
}

it('is an image as docker load takes it, called after what is in it', async () => {
  const files = [file('node', '#!', true), file('package/assets/a', 'a')];
  const { name, open } = await imageArchive(files, about);
  const entries = await entriesOf(await buffer(open()));
  const [config, manifest, layer] = entries.map(({ content }) => content);
  const id = createHash('sha256').update(config!).digest('hex');
  expect(name).toBe(`tare-agent:1.2.3-${id.slice(0, 12)}`);
  expect(JSON.parse(manifest!.toString())).toEqual([
    { Config: `${id}.json`, RepoTags: [name], Layers: ['layer.tar'] },
  ]);
  expect(JSON.parse(config!.toString())).toMatchObject({
    architecture: 'amd64',
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: [`sha256:${createHash('sha256').update(layer!).digest('hex')}`] },
  });
  const inside = await entriesOf(layer!);
  expect(inside.map(({ name, type, mode }) => [name.replace(/\/$/, ''), type, mode])).toEqual([
    ['opt', 'directory', 0o755],
    ['opt/tare', 'directory', 0o755],
    ['opt/tare/package', 'directory', 0o755],
    ['opt/tare/package/assets', 'directory', 0o755],
    ['opt/tare/node', 'file', 0o755],
    ['opt/tare/package/assets/a', 'file', 0o644],
  ]);
  expect(inside.at(-1)!.content.toString()).toBe('a');
});

it('is the same of the same files, whenever they were written, and another one of others', async () => {
  const one = [file('node', '#!', true)];
  const first = await imageArchive(one, about);
  utimesSync(one[0]!.source, 1, 1);
  const again = await imageArchive(one, about);
  expect(again.name).toBe(first.name);
  expect(await buffer(again.open())).toEqual(await buffer(first.open()));
  expect((await imageArchive([file('node', '#?', true)], about)).name).not.toBe(first.name);
  expect((await imageArchive(one, { ...about, architecture: 'arm64' })).name).not.toBe(first.name);
});

it('breaks off where a file cannot be read, or has changed its size', async () => {
  const gone = { ...file('node', '#!'), source: path.join(folder, 'gone') };
  await expect(imageArchive([gone], about)).rejects.toThrow('ENOENT');
  await expect(imageArchive([{ ...file('a', '12345'), bytes: 4 }], about)).rejects.toThrow();
});
