/** How large an image's layers are, counted in what the engine sends of them: unpacked, and as they travel. */
import type Docker from 'dockerode';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { addAbortSignal, PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { extract } from 'tar-stream';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { readAs } from '../../../contract/run/bounds';
import { TareError } from '../../base/errors';
import { makeFolder } from '../../base/folder';
import { asking } from '../../base/docker/refusal';
import { markUsed } from '../disk/cache';

const CountedLayer = z.object({
  /** its files, and what its links hold, as Docker's graph drivers count; absent where it is packed in a way that is not read here (zstd) */
  bytes: z.number().int().nonnegative().optional(),
  /** as it is kept packed by the engine or, where that keeps it unpacked, by gzip at its usual level, as `docker push` sends it */
  compressedBytes: z.number().int().nonnegative(),
});
export type CountedLayer = z.infer<typeof CountedLayer>;

/** In the image's order. */
const Layers = z.array(CountedLayer);

const fileOf = (cacheFolder: string, digest: string): string =>
  path.join(cacheFolder, 'layers', `${digest.replace(/[^\w]/g, '-')}.json`);

/** What was found out before; undefined when it never was. */
export async function knownLayers(cacheFolder: string, digest: string): Promise<CountedLayer[] | undefined> {
  try {
    return Layers.parse(JSON.parse(await readFile(fileOf(cacheFolder, digest), 'utf8')));
  } catch {
    return undefined;
  }
}

export interface CountOrder {
  docker: Docker;
  cacheFolder: string;
  digest: string;
  signal: AbortSignal;
  /** bytes of the image read so far */
  moved?: (bytes: number) => void;
}

/**
 * Counts each layer in what `docker save` gives, keeping nothing but the figures; once per image. A graph driver puts its layers together
 * from the image's files, and they are compressed here: about a second per 30 MB. containerd's store sends what it keeps packed: about a
 * second per 100 MB.
 * @throws {TareError} `docker-refused` · `docker-unreachable` · `program-failed` when what the engine sends is no image; AbortError
 */
export async function countLayers(order: CountOrder): Promise<CountedLayer[]> {
  const { docker, cacheFolder, digest, signal } = order;
  const file = fileOf(cacheFolder, digest);
  const known = await knownLayers(cacheFolder, digest);
  if (known) {
    await markUsed(file);
    return known;
  }
  const image = docker.getImage(digest);
  const { RootFS } = await asking('inspect image', image.inspect());
  const archive = (await asking('save', image.get())) as Readable;
  const layers = await layersIn(addAbortSignal(signal, archive), RootFS?.Layers ?? [], order.moved);
  makeFolder(path.dirname(file));
  await writeFileAtomic(file, JSON.stringify(layers));
  return layers;
}

const Manifest = z.array(z.object({ Config: z.string(), Layers: z.array(z.string()) })).min(1);
const Config = z.object({ rootfs: z.object({ diff_ids: z.array(z.string()) }) });

/** An image's configuration is some kilobytes; what is longer, and begins like one, is none. */
const longestConfigBytes = 4 * 1024 ** 2;

/**
 * @param archive  what `docker save` gives for one image: files, of which manifest.json names those that are layers, once per platform
 * @param diffIds  of the platform that is meant; looked at only where there are several
 * @throws {TareError} `program-failed` when it names none, or one that is not there
 */
export async function layersIn(
  archive: Readable,
  diffIds: readonly string[],
  moved: (bytes: number) => void = () => undefined,
): Promise<CountedLayer[]> {
  const counted = new Map<string, CountedLayer>();
  const texts = new Map<string, string>();
  const links = new Map<string, string>();
  const reader = extract();
  archive.on('error', (error) => reader.destroy(error));
  reader.on('close', () => archive.destroy());
  archive.pipe(reader);
  for await (const entry of reader) {
    const { name, type, linkname, size = 0 } = entry.header;
    // Docker before 25 writes a layer that occurs twice once, and a link to it.
    if (type === 'symlink' && linkname) links.set(name, path.posix.join(path.posix.dirname(name), linkname));
    if (type !== 'file') {
      entry.resume();
      continue;
    }
    const chunks = entry[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    const first = await chunks.next();
    if (!first.done && first.value.length > 0 && '{['.includes(String.fromCharCode(first.value[0]!))) {
      if (size <= longestConfigBytes) texts.set(name, (await buffer(rest(first, chunks))).toString());
      else entry.resume();
    } else counted.set(name, await countLayer(first, chunks, moved));
  }
  const named = manifestOf(texts, diffIds)?.Layers;
  const layers = named?.map((name) => counted.get(links.get(name) ?? name));
  if (!layers || layers.includes(undefined))
    throw new TareError({ code: 'program-failed', program: 'docker save', exit: 'no layers', output: '' });
  return layers as CountedLayer[];
}

function manifestOf(texts: Map<string, string>, diffIds: readonly string[]) {
  const all = readAs(Manifest, parsed(texts.get('manifest.json'))).data ?? [];
  const isMeant = ({ Config: name }: (typeof all)[number]) => {
    const found = readAs(Config, parsed(texts.get(name))).data;
    return found?.rootfs.diff_ids.join() === diffIds.join();
  };
  return all.length > 1 ? all.find(isMeant) : all[0];
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined; // no JSON: then no manifest either
  }
}

async function* rest(first: IteratorResult<Buffer>, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  for (let next = first; !next.done; next = await chunks.next()) yield next.value;
}

type Packing = 'none' | 'gzip' | 'zstd';

/** By how a file begins that gzip or zstd have made. */
function packingOf(start: Buffer): Packing {
  if (start.length >= 2 && start.readUInt16BE(0) === 0x1f8b) return 'gzip';
  return start.length >= 4 && start.readUInt32BE(0) === 0x28b52ffd ? 'zstd' : 'none';
}

async function countLayer(
  first: IteratorResult<Buffer>,
  chunks: AsyncIterator<Buffer>,
  moved: (bytes: number) => void,
): Promise<CountedLayer> {
  if (first.done) return { bytes: 0, compressedBytes: 0 };
  const packing = packingOf(first.value);
  let keptBytes = 0;
  const kept = async function* () {
    for await (const chunk of rest(first, chunks)) {
      keptBytes += chunk.length;
      moved(chunk.length);
      yield chunk;
    }
  };
  const count = async (source: AsyncIterable<Buffer>) => {
    let bytes = 0;
    for await (const chunk of source) bytes += chunk.length;
    return bytes;
  };
  if (packing === 'zstd') return { compressedBytes: await count(kept()) };
  const tar = new PassThrough();
  const files = filesIn(tar);
  if (packing === 'gzip') {
    await pipeline(Readable.from(kept()), createGunzip(), tar);
    return withFiles(await files, keptBytes);
  }
  const both = async function* () {
    for await (const chunk of kept()) {
      if (!tar.write(chunk)) await once(tar, 'drain');
      yield chunk;
    }
    tar.end();
  };
  let compressedBytes = 0;
  await pipeline(Readable.from(both()), createGzip(), async (source: AsyncIterable<Buffer>) => {
    compressedBytes = await count(source);
  });
  return withFiles(await files, compressedBytes);
}

const withFiles = (bytes: number | undefined, compressedBytes: number): CountedLayer => ({
  ...(bytes !== undefined && { bytes }),
  compressedBytes,
});

/** Bytes of the files in a tar, and of what its symbolic links hold; undefined when it is none. Reads it to its end in any case. */
async function filesIn(tar: PassThrough): Promise<number | undefined> {
  const reader = extract();
  tar.pipe(reader);
  let bytes = 0;
  try {
    for await (const entry of reader) {
      const { type, size = 0, linkname } = entry.header;
      if (type === 'file') bytes += size;
      if (type === 'symlink') bytes += Buffer.byteLength(linkname ?? '');
      entry.resume();
    }
    return bytes;
  } catch {
    return undefined;
  } finally {
    tar.unpipe(reader);
    tar.resume();
  }
}
