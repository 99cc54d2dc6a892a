import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pack } from 'tar-stream';
import { layersIn } from '../../../../../main/engine/images/image/layers';

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
const read = async (entries: Entry[], moved?: (bytes: number) => void) =>
  layersIn(await archive(entries), ['a', 'b'], moved);
const compressed = async (entries: Entry[]) =>
  (await read(entries)).map(({ compressedBytes }) => compressedBytes);
/** A layer's tar. */
const layer = async (entries: Entry[]) => buffer(await archive(entries));

describe('the layers that an engine sends', () => {
  it('are compressed one by one, and counted in the order of the image, wherever they stand', async () => {
    const layers = await compressed([
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
    expect(await compressed([['a', packed], ['b', zstd], manifest('a', 'b')])).toEqual([
      packed.length,
      zstd.length,
    ]);
  });

  it('tell the bytes of their files and links, packed or not, but not where their packing is not read', async () => {
    const tar = await layer([
      ['bin/tool', Buffer.alloc(5000)],
      ['bin/link', { link: 'tool' }],
      ['etc/hosts', Buffer.alloc(7)],
    ]);
    const zstd = Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), zeros]);
    const layers = await read([
      ...([
        ['a', tar],
        ['b', gzipSync(tar)],
        ['c', zstd],
        ['d', text], // no tar at all
      ] as Entry[]),
      manifest('a', 'b', 'c', 'd'),
    ]);
    expect(layers.map(({ bytes }) => bytes)).toEqual([5011, 5011, undefined, undefined]);
  });

  it('are those of the platform that is meant, where the archive holds several', async () => {
    const config = (...diffIds: string[]) => Buffer.from(JSON.stringify({ rootfs: { diff_ids: diffIds } }));
    const both = [
      { Config: 'blobs/other', Layers: ['x'] },
      { Config: 'blobs/own', Layers: ['y'] },
    ];
    const entries: Entry[] = [
      ['blobs/other', config('c')],
      ['blobs/own', config('a', 'b')],
      ['x', zeros],
      ['y', text],
      ['manifest.json', Buffer.from(JSON.stringify(both))],
    ];
    expect(await compressed(entries)).toEqual([gzipSync(text).length]);
    const [, , ...without] = entries;
    await expect(read(without)).rejects.toMatchObject({ failure: { code: 'program-failed' } });
  });

  it('are counted alike, whatever their files are, and however the network cuts them', async () => {
    const name = fc.string({ unit: fc.constantFrom(...'abc.-{['), minLength: 1, maxLength: 150 });
    const files = fc.uniqueArray(fc.tuple(name, fc.uint8Array({ maxLength: 3000 })), {
      minLength: 1,
      maxLength: 8,
      selector: ([file]) => file, // a layer has each path once
    });
    await fc.assert(
      fc.asyncProperty(files, fc.integer({ min: 300, max: 5000 }), async (all, chunkBytes) => {
        const tar = await layer(all.map(([file, bytes]) => [`root/${file}`, Buffer.from(bytes)]));
        const entries: Entry[] = [['a', tar], ['b', gzipSync(tar)], manifest('a', 'b')];
        const layers = await layersIn(await archive(entries, chunkBytes), []);
        const bytes = all.reduce((sum, [, content]) => sum + content.length, 0);
        const compressedBytes = gzipSync(tar).length;
        expect(layers).toEqual([
          { bytes, compressedBytes },
          { bytes, compressedBytes },
        ]);
      }),
      { numRuns: 40 },
    );
  });

  it('may be links to one that came before, and may be empty', async () => {
    const layers = await compressed([
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
    const reading = layersIn(broken, []);
    broken.destroy(new Error('connection lost'));
    await expect(reading).rejects.toThrow('connection lost');
  });
});
