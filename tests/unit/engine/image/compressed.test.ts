import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { pack } from 'tar-stream';
import { layersIn } from '../../../../main/engine/image/compressed';

type Entry = [name: string, content: Buffer | { link: string }];

/** What an engine sends, cut into chunks wherever it likes. */
async function archive(entries: Entry[], chunkBytes = 700): Promise<Readable> {
  const tar = pack();
  for (const [name, content] of entries)
    if (Buffer.isBuffer(content)) tar.entry({ name }, content);
    else tar.entry({ name, type: 'symlink', linkname: content.link });
  tar.finalize();
  const bytes = await buffer(tar);
  const chunks = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) chunks.push(bytes.subarray(at, at + chunkBytes));
  return Readable.from(chunks);
}

const manifest = (...layers: string[]): Entry => [
  'manifest.json',
  Buffer.from(JSON.stringify([{ Config: 'config.json', RepoTags: ['app:1'], Layers: layers }])),
];
const zeros = Buffer.alloc(100_000);
const text = Buffer.from('what an application is made of, '.repeat(400));
const read = async (entries: Entry[], moved: (bytes: number) => void = () => undefined) =>
  layersIn(await archive(entries), moved);

describe('the layers that an engine sends', () => {
  it('are compressed one by one, and counted in the order of the image, wherever they stand', async () => {
    const layers = await read([
      ['blobs/sha256/b', text],
      ['blobs/sha256/config', Buffer.from('{}')],
      ['blobs/sha256/a', zeros],
      manifest('blobs/sha256/a', 'blobs/sha256/b'),
    ]);
    expect(layers).toEqual([gzipSync(zeros).length, gzipSync(text).length]);
  });

  it('are counted as they are where the engine keeps them compressed', async () => {
    const packed = gzipSync(text);
    const zstd = Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), zeros]);
    expect(await read([['a', packed], ['b', zstd], manifest('a', 'b')])).toEqual([
      packed.length,
      zstd.length,
    ]);
  });

  it('may be links to one that came before, and may be empty', async () => {
    const layers = await read([
      ['1/layer.tar', text],
      ['2/layer.tar', { link: '../1/layer.tar' }],
      ['3/layer.tar', Buffer.alloc(0)],
      manifest('1/layer.tar', '2/layer.tar', '3/layer.tar'),
    ]);
    expect(layers).toEqual([gzipSync(text).length, gzipSync(text).length, 0]);
  });

  it('are told as they are read', async () => {
    let bytes = 0;
    await read([['a', zeros], manifest('a')], (more) => (bytes += more));
    expect(bytes).toBe(zeros.length);
  });

  it.each<[string, Entry[]]>([
    ['names a layer that it does not have', [['a', text], manifest('a', 'b')]],
    ['names no layers', [['a', text]]],
    ['is empty', []],
  ])('are a failure when the archive %s', async (_, entries) => {
    await expect(read(entries)).rejects.toMatchObject({ failure: { code: 'program-failed' } });
  });

  it('end with the stream when it breaks', async () => {
    const broken = new Readable({ read: () => undefined });
    const reading = layersIn(broken, () => undefined);
    broken.destroy(new Error('connection lost'));
    await expect(reading).rejects.toThrow('connection lost');
  });
});
